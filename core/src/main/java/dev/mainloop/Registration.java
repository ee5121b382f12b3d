package dev.mainloop;

import java.util.Arrays;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.multiplexer.IoMultiplexer;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;

/**
 * A file descriptor in the multiplexer, and the watchers that share it: a multiplexer
 * takes each file descriptor once. Changes under the lock of {@link Descriptors}; the
 * loop reads without it.
 */
final class Registration {

	private static final int ALWAYS = Readiness.ERROR | Readiness.HANG_UP;

	/** What a handler may have used up before the next of the same descriptor. */
	private static final int USED_UP = Readiness.READABLE | Readiness.WRITABLE;

	private final FileDescriptor fd;

	/** The number in the kernel, or {@link Descriptors#NO_NUMBER}. */
	private final int number;

	private final long token;

	private volatile Watcher[] watchers;

	Registration(long token, int number, Watcher watcher) {
		this.fd = watcher.fd();
		this.number = number;
		this.token = token;
		this.watchers = new Watcher[] { watcher };
	}

	FileDescriptor fd() {
		return this.fd;
	}

	int number() {
		return this.number;
	}

	long token() {
		return this.token;
	}

	/** Returns the first of the watchers. */
	Watcher watcher() {
		return this.watchers[0];
	}

	Trigger trigger() {
		return this.watchers[0].trigger();
	}

	int interest() {
		int interest = 0;
		for (Watcher watcher : this.watchers) {
			interest |= watcher.interest();
		}
		return interest;
	}

	/** Counts the event sources of the application that it is for. */
	int sources() {
		int count = 0;
		for (Watcher watcher : this.watchers) {
			count += watcher.isSource() ? 1 : 0;
		}
		return count;
	}

	boolean has(Watcher watcher) {
		for (Watcher some : this.watchers) {
			if (some == watcher) {
				return true;
			}
		}
		return false;
	}

	boolean isEmpty() {
		return this.watchers.length == 0;
	}

	void add(Watcher watcher) {
		if (watcher.trigger() != Trigger.LEVEL || trigger() != Trigger.LEVEL) {
			throw new IllegalStateException("%s is watched already by '%s': only level-triggered sources share one"
				.formatted(this.fd, this.watchers[0]));
		}
		Watcher[] all = Arrays.copyOf(this.watchers, this.watchers.length + 1);
		all[all.length - 1] = watcher;
		this.watchers = all;
	}

	void remove(Watcher watcher) {
		this.watchers = Arrays.stream(this.watchers).filter((other) -> other != watcher).toArray(Watcher[]::new);
	}

	/** Closes all watchers. */
	void close() {
		for (Watcher watcher : this.watchers) {
			watcher.close();
		}
	}

	/**
	 * Tells the watchers that wait for what is ready, on the loop's thread. What an
	 * earlier one was told and may have used up is asked for again, unless one waits for
	 * exceptional conditions, which the question could take from it.
	 */
	void dispatch(int readiness, IoMultiplexer multiplexer) {
		int told = 0;
		for (Watcher watcher : this.watchers) {
			int relevant = readiness & (watcher.interest() | ALWAYS);
			int doubtful = relevant & told & USED_UP;
			if (doubtful != 0 && (interest() & Readiness.PRIORITY) == 0) {
				relevant = relevant & ~doubtful | multiplexer.currentReadiness(this.fd, doubtful);
			}
			if (relevant != 0) {
				watcher.ready(relevant);
				told |= relevant;
			}
		}
	}

}
