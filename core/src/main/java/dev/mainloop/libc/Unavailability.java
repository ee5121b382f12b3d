package dev.mainloop.libc;

/**
 * Why the C library cannot be used on this host, and what helps.
 *
 * @param cause half a sentence
 * @param remedy a sentence with its full stop
 */
public record Unavailability(String cause, String remedy) {

}
