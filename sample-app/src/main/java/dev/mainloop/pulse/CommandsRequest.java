package dev.mainloop.pulse;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Brings the commands of one request.
 *
 * @param commands the commands
 * @param answer completed with whether they were taken
 */
record CommandsRequest(List<Command> commands, CompletableFuture<Boolean> answer) {

}
