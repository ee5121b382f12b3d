package dev.mainloop.health;

import dev.mainloop.BlockedHandler;
import dev.mainloop.MainLoop;

import org.springframework.context.event.EventListener;

/**
 * Tells the application of a handler that blocks the main loop, for an
 * {@link EventListener}: when it is found, each time when its duration has doubled, and
 * when it has returned. It is published by the thread of the watch, which looks at
 * nothing as long as its listeners run.
 *
 * @param loop the loop
 * @param blocked the handler
 */
public record BlockedHandlerEvent(MainLoop loop, BlockedHandler blocked) {

}
