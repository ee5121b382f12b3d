package dev.mainloop.handler;

/**
 * Who asks for a queue, to be named in an error where no method takes its messages.
 *
 * @param description the subject of a sentence
 * @param alternative another sentence on what to do about it, or nothing
 */
record Requester(String description, String alternative) {

}
