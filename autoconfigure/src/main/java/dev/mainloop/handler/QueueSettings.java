package dev.mainloop.handler;

import dev.mainloop.Overflow;

/**
 * How large a queue is, and what it does when it is full.
 *
 * @param capacity how many messages can wait, rounded up to a power of two
 * @param overflow what to do with one more
 */
public record QueueSettings(int capacity, Overflow overflow) {

}
