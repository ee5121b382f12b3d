package dev.mainloop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/**
 * Something that can be in an {@link Inbox}, at most once: its own node there, so that
 * adding it needs no memory.
 */
abstract class Link {

	private static final VarHandle CLAIMED = Fields.handle(MethodHandles.lookup(), "claimed", boolean.class);

	/** Whether it is in an inbox, or taken from there and not released. */
	private volatile boolean claimed;

	/** The one that follows it; belongs to the inbox, and after that to who took it. */
	@Nullable Link next;

	final boolean isClaimed() {
		return this.claimed;
	}

	/** Takes its only place. */
	final boolean claim() {
		return !this.claimed && (boolean) CLAIMED.compareAndSet(this, false, true);
	}

	/**
	 * Gives its place up, so that it can be added again. Whoever does so looks at what it
	 * stands for afterwards, as those who found it claimed have left it at that.
	 */
	final void release() {
		this.claimed = false;
	}

}
