package dev.mainloop.multiplexer;

import dev.mainloop.libc.LibC;
import dev.mainloop.libc.PollFds;
import org.jspecify.annotations.Nullable;

/**
 * The multiplexer that stands on {@code poll(2)}. A wait costs time in proportion to the
 * number of file descriptors.
 */
public final class PollMultiplexer extends ListMultiplexer {

	private final @Nullable String fallbackReason;

	private PollFds fds = new PollFds(16);

	private int length;

	/** Creates a multiplexer. */
	public PollMultiplexer() {
		this.fallbackReason = null;
	}

	PollMultiplexer(String fallbackReason) {
		this.fallbackReason = fallbackReason;
	}

	@Override
	public String name() {
		return "poll";
	}

	@Override
	public @Nullable String fallbackReason() {
		return this.fallbackReason;
	}

	@Override
	void load(Entry[] list) {
		if (this.fds.capacity() < list.length) {
			this.fds = new PollFds(list.length * 2);
		}
		this.length = list.length;
		for (int i = 0; i < list.length; i++) {
			this.fds.set(i, list[i].number, list[i].interest);
		}
	}

	@Override
	int waitFor(long timeoutNanos) {
		return LibC.poll(this.fds.address(), this.length, Millis.ofTimeout(timeoutNanos));
	}

	@Override
	int found(int index) {
		return this.fds.returnedEvents(index);
	}

}
