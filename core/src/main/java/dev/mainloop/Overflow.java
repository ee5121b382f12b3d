package dev.mainloop;

import java.util.Locale;

/**
 * What an {@link EventQueue} does with a message that is sent to it while it is full.
 */
public enum Overflow {

	/** It refuses the message, and the sender gets a {@link MessageRefusedException}. */
	REJECT,

	/**
	 * It has the sender wait for room: until its handler has made some, or the queue is
	 * closed, the loop told to stop or the sender interrupted. It refuses where waiting
	 * may have no end: a handler of any loop, and whoever sends before the loop has run
	 * at all.
	 */
	BLOCK,

	/**
	 * It takes the message and drops the one that has waited longest, whoever sent that.
	 */
	DROP_OLDEST,

	/** It drops the message, and keeps those that wait. */
	DROP_NEWEST;

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
