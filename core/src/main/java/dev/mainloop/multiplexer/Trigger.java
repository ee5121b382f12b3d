package dev.mainloop.multiplexer;

/**
 * When an {@link IoMultiplexer} reports a file descriptor, see {@code epoll(7)}.
 */
public enum Trigger {

	/** On every wait for as long as it is ready. */
	LEVEL,

	/** Once for each time it becomes ready, or ready anew. */
	EDGE,

	/** Once, and again only after it was modified. */
	ONE_SHOT

}
