package dev.mainloop;

import java.util.Arrays;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;

/**
 * A file descriptor in the multiplexer, and the watchers that share it: a multiplexer
 * takes each file descriptor once. Changes under the lock of {@link Descriptors}; the
 * loop reads without it.
 */
final class Registration {

	private static final int ALWAYS = Readiness.ERROR | Readiness.HANG_UP;

	private final FileDescriptor fd;

	private final long token;

	private volatile Watcher[] watchers;

	Registration(long token, Watcher watcher) {
		this.fd = watcher.fd();
		this.token = token;
		this.watchers = new Watcher[] { watcher };
	}

	FileDescriptor fd() {
		return this.fd;
	}

	long token() {
		return this.token;
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

	/** Whether it is for event sources of the application. */
	boolean isOfSources() {
		return this.watchers[0].isSource();
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

	/** Tells the watchers that wait for what is ready, on the loop's thread. */
	void dispatch(int readiness) {
		for (Watcher watcher : this.watchers) {
			int relevant = readiness & (watcher.interest() | ALWAYS);
			if (relevant != 0) {
				watcher.ready(relevant);
			}
		}
	}

}
