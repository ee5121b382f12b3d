package dev.mainloop.multiplexer;

import dev.mainloop.libc.LibC;
import org.jspecify.annotations.Nullable;

/**
 * The multiplexer that stands on {@code poll(2)}. A wait costs time in proportion to the
 * number of file descriptors.
 */
public final class PollMultiplexer extends ListMultiplexer {

	private static final int INITIAL_CAPACITY = 16;

	private final @Nullable String fallbackReason;

	/** Creates a multiplexer. */
	public PollMultiplexer() {
		super(INITIAL_CAPACITY, Integer.MAX_VALUE);
		this.fallbackReason = null;
	}

	PollMultiplexer(String fallbackReason) {
		super(INITIAL_CAPACITY, Integer.MAX_VALUE);
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
	void load(WaitList list) {
		for (int i = 0; i < list.length(); i++) {
			Entry entry = list.get(i);
			list.fds.set(i, entry.number, entry.interest);
		}
	}

	@Override
	int waitFor(long timeoutNanos) {
		return LibC.poll(list().fds.address(), list().length(), Millis.ofTimeout(timeoutNanos));
	}

}
