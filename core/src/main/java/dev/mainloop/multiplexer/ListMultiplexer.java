package dev.mainloop.multiplexer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongToIntFunction;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;

/**
 * A multiplexer that gives the kernel the list of its file descriptors at every wait. A
 * change of the list is taken up by the next wait.
 */
abstract sealed class ListMultiplexer implements IoMultiplexer permits PollMultiplexer, SelectMultiplexer {

	private final LongToIntFunction wait = this::waitFor;

	private final Map<Integer, Entry> entries = new LinkedHashMap<>();

	private boolean changed = true;

	private Entry[] waited = {};

	private long[] tokens = {};

	private int[] readiness = {};

	private int count;

	@Override
	public boolean supports(Trigger trigger) {
		return trigger != Trigger.EDGE;
	}

	@Override
	public boolean isConcurrent() {
		return false;
	}

	@Override
	public void add(FileDescriptor fd, int interest, Trigger trigger, long token) {
		requireSupported(trigger);
		requireSupported(interest);
		int number = fd.acquire();
		try {
			requireUsable(fd, number);
			put(fd, new Entry(number, interest, trigger, token), false);
		}
		finally {
			fd.release();
		}
	}

	@Override
	public void modify(FileDescriptor fd, int interest, Trigger trigger, long token) {
		requireSupported(trigger);
		requireSupported(interest);
		int number = fd.acquire();
		try {
			put(fd, new Entry(number, interest, trigger, token), true);
		}
		finally {
			fd.release();
		}
	}

	private synchronized void put(FileDescriptor fd, Entry entry, boolean replace) {
		if (this.entries.containsKey(entry.number) != replace) {
			throw new ErrnoException(replace ? -Errno.ENOENT.number() : -Errno.EEXIST.number(), name(), fd);
		}
		this.entries.put(entry.number, entry);
		this.changed = true;
	}

	@Override
	public void remove(FileDescriptor fd) {
		int number = fd.acquire();
		try {
			synchronized (this) {
				if (this.entries.remove(number) == null) {
					throw new ErrnoException(-Errno.ENOENT.number(), name(), fd);
				}
				this.changed = true;
			}
		}
		finally {
			fd.release();
		}
	}

	private void requireSupported(Trigger trigger) {
		if (!supports(trigger)) {
			throw new UnsupportedOperationException(
					"%s cannot be edge-triggered: it tells what is ready, not what has become ready; use epoll"
						.formatted(name()));
		}
	}

	/**
	 * Refuses a file descriptor that the kind has no room for.
	 * @param fd the file descriptor
	 * @param number its number
	 */
	void requireUsable(FileDescriptor fd, int number) {
	}

	@Override
	public int await(long timeoutNanos) {
		prepare();
		int result = EarlyEnd.restart(timeoutNanos, this.wait);
		if (result < 0) {
			throw new ErrnoException(result, name());
		}
		collect(result);
		return this.count;
	}

	private synchronized void prepare() {
		if (!this.changed) {
			return;
		}
		this.changed = false;
		this.waited = this.entries.values().stream().filter((entry) -> entry.armed).toArray(Entry[]::new);
		if (this.tokens.length < this.waited.length) {
			this.tokens = new long[this.waited.length * 2];
			this.readiness = new int[this.waited.length * 2];
		}
		load(this.waited);
	}

	/**
	 * Takes the list for the waits to come.
	 * @param list the registrations
	 */
	abstract void load(Entry[] list);

	/**
	 * Waits once.
	 * @param timeoutNanos how long in nanoseconds, without limit if negative
	 * @return how many are ready, or a negated errno
	 */
	abstract int waitFor(long timeoutNanos);

	/**
	 * Tells what the last wait found.
	 * @param index the index in the list
	 * @return bits of {@code poll(2)}
	 */
	abstract int found(int index);

	private synchronized void collect(int ready) {
		this.count = 0;
		for (int i = 0; i < this.waited.length && this.count < ready; i++) {
			int bits = found(i);
			if (bits != 0) {
				Entry entry = this.waited[i];
				this.tokens[this.count] = entry.token;
				this.readiness[this.count] = ((bits & LibC.POLLNVAL) != 0) ? Readiness.ERROR : bits;
				this.count++;
				disarm(entry, bits);
			}
		}
	}

	private void disarm(Entry entry, int bits) {
		if ((bits & LibC.POLLNVAL) != 0) {
			this.changed |= this.entries.remove(entry.number, entry);
		}
		else if (entry.trigger == Trigger.ONE_SHOT) {
			entry.armed = false;
			this.changed = true;
		}
	}

	@Override
	public long token(int index) {
		return this.tokens[index];
	}

	@Override
	public int readiness(int index) {
		return this.readiness[index];
	}

	@Override
	public synchronized void close() {
		this.entries.clear();
		this.changed = true;
	}

	/** A registration. */
	static final class Entry {

		final int number;

		final int interest;

		private final Trigger trigger;

		private final long token;

		private boolean armed = true;

		Entry(int number, int interest, Trigger trigger, long token) {
			this.number = number;
			this.interest = interest;
			this.trigger = trigger;
			this.token = token;
		}

	}

}
