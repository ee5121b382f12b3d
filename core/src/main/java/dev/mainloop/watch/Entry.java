package dev.mainloop.watch;

/**
 * What is known of a file in a {@link Directory}.
 */
class Entry {

	private long content = Status.UNKNOWN;

	private long attributes = Status.UNKNOWN;

	/** Notes that it was written since. */
	final void contentChanged() {
		this.content = Status.UNKNOWN;
	}

	/** Notes that its attributes were changed since. */
	final void attributesChanged() {
		this.attributes = Status.UNKNOWN;
	}

	/** Takes what it is now, and returns whether it may have been written since. */
	final boolean takeContent(Status status) {
		boolean changed = this.content != status.content();
		this.content = status.isFresh() ? Status.UNKNOWN : status.content();
		return changed;
	}

	/** Takes what it is now, and returns whether its attributes may have changed. */
	final boolean takeAttributes(Status status) {
		boolean changed = this.attributes != status.attributes();
		this.attributes = status.attributes();
		return changed;
	}

	final void take(Status status) {
		takeContent(status);
		takeAttributes(status);
	}

}
