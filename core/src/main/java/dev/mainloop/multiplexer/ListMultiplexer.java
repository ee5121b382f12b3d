package dev.mainloop.multiplexer;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.LongToIntFunction;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.PollFds;
import dev.mainloop.libc.StackReserve;
import org.jspecify.annotations.Nullable;

/**
 * A multiplexer that gives the kernel the list of its file descriptors at every wait. A
 * change of the list is taken up by the next wait. Those who register allocate what the
 * waits need.
 */
abstract sealed class ListMultiplexer implements IoMultiplexer permits PollMultiplexer, SelectMultiplexer {

	private final int largestCapacity;

	private final LongToIntFunction wait = this::waitFor;

	private final CurrentReadiness currentReadiness = new CurrentReadiness();

	private final EpollProbe probe = new EpollProbe();

	/** The registrations in their order, with gaps where some were removed. */
	private @Nullable Entry[] entries;

	/** How many places of {@link #entries} were used since its gaps were closed. */
	private int used;

	private int registrations;

	/** The registrations by the number of their file descriptor. */
	private @Nullable Entry[] byNumber;

	private boolean changed;

	/** The list for the waits to come, with room for all {@link #entries}. */
	private WaitList nextList;

	/** The list of the last wait, which belongs to the thread that waits. */
	private WaitList list;

	private int count;

	/**
	 * Allocates what the first registrations need.
	 * @param capacity how many these are
	 * @param largestCapacity how many there can be
	 */
	ListMultiplexer(int capacity, int largestCapacity) {
		this.largestCapacity = largestCapacity;
		this.entries = new Entry[capacity];
		this.byNumber = new Entry[capacity];
		this.nextList = new WaitList(capacity);
		this.list = this.nextList;
	}

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
		StackReserve.require();
		int number = fd.acquire();
		try {
			requireUsable(fd, number);
			int refusal = this.probe.refusal(number);
			if (refusal < 0) {
				throw new ErrnoException(refusal, name(), fd);
			}
			add(fd, new Entry(number, interest, trigger, token));
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
			replace(fd, new Entry(number, interest, trigger, token));
		}
		finally {
			fd.release();
		}
	}

	private synchronized void add(FileDescriptor fd, Entry entry) {
		if (find(entry.number) != null) {
			throw new ErrnoException(-Errno.EEXIST.number(), name(), fd);
		}
		if (entry.number >= this.byNumber.length) {
			this.byNumber = Arrays.copyOf(this.byNumber, Math.max(entry.number + 1, this.byNumber.length * 2));
		}
		if (this.used == this.entries.length) {
			makeRoom();
		}
		entry.index = this.used++;
		this.registrations++;
		put(entry);
	}

	/**
	 * Makes room for a registration: closes the gaps where they are many, and otherwise
	 * allocates more. If there is no memory for that, all stays as it is.
	 */
	private void makeRoom() {
		if (this.registrations <= this.entries.length / 2 || this.entries.length == this.largestCapacity) {
			closeGaps();
			return;
		}
		WaitList longer = new WaitList(this.entries.length * 2);
		this.entries = Arrays.copyOf(this.entries, this.entries.length * 2);
		this.nextList = longer;
		this.changed = true;
	}

	private void closeGaps() {
		int last = 0;
		for (int i = 0; i < this.used; i++) {
			Entry entry = this.entries[i];
			if (entry != null) {
				entry.index = last;
				this.entries[last++] = entry;
			}
		}
		Arrays.fill(this.entries, last, this.used, null);
		this.used = last;
	}

	private synchronized void replace(FileDescriptor fd, Entry entry) {
		entry.index = require(fd, entry.number).index;
		put(entry);
	}

	private void put(Entry entry) {
		this.entries[entry.index] = entry;
		this.byNumber[entry.number] = entry;
		this.changed = true;
	}

	@Override
	public void remove(FileDescriptor fd) {
		int number = fd.acquire();
		try {
			synchronized (this) {
				remove(require(fd, number));
			}
		}
		finally {
			fd.release();
		}
	}

	@Override
	public int currentReadiness(FileDescriptor fd, int interest) {
		return this.currentReadiness.of(fd, interest);
	}

	private void remove(Entry entry) {
		this.entries[entry.index] = null;
		this.byNumber[entry.number] = null;
		this.registrations--;
		this.changed = true;
	}

	private @Nullable Entry find(int number) {
		return (number < this.byNumber.length) ? this.byNumber[number] : null;
	}

	private Entry require(FileDescriptor fd, int number) {
		Entry entry = find(number);
		if (entry == null) {
			throw new ErrnoException(-Errno.ENOENT.number(), name(), fd);
		}
		return entry;
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
		closeGaps();
		this.list = this.nextList;
		this.list.take(this.entries, this.used);
		load(this.list);
		this.changed = false;
	}

	/**
	 * Takes the list for the waits to come.
	 * @param list the list
	 */
	abstract void load(WaitList list);

	/**
	 * Returns the list of the wait in progress.
	 * @return the list
	 */
	final WaitList list() {
		return this.list;
	}

	/**
	 * Waits once, and leaves what it has found in the list.
	 * @param timeoutNanos how long in nanoseconds, without limit if negative
	 * @return how many are ready, or a negated errno
	 */
	abstract int waitFor(long timeoutNanos);

	/**
	 * Returns what the last wait has found.
	 * @param list its list
	 * @param index the index in the list
	 * @return bits of {@link Readiness}
	 */
	int found(WaitList list, int index) {
		return list.fds.returnedEvents(index);
	}

	private synchronized void collect(int ready) {
		this.count = 0;
		for (int i = 0; i < this.list.length && this.count < ready; i++) {
			int bits = found(this.list, i);
			if (bits != 0) {
				Entry entry = this.list.get(i);
				this.list.tokens[this.count] = entry.token;
				this.list.readiness[this.count] = ((bits & Readiness.NOT_OPEN) != 0)
						? Readiness.ERROR | Readiness.NOT_OPEN : bits;
				this.count++;
				disarm(entry, bits);
			}
		}
	}

	private void disarm(Entry entry, int bits) {
		if ((bits & Readiness.NOT_OPEN) != 0) {
			if (find(entry.number) == entry) {
				remove(entry);
			}
		}
		else if (entry.trigger == Trigger.ONE_SHOT) {
			entry.armed = false;
			this.changed = true;
		}
	}

	@Override
	public long token(int index) {
		return this.list.tokens[index];
	}

	@Override
	public int readiness(int index) {
		return this.list.readiness[index];
	}

	@Override
	public synchronized void close() {
		Arrays.fill(this.entries, null);
		Arrays.fill(this.byNumber, null);
		this.used = 0;
		this.registrations = 0;
		this.changed = true;
	}

	/** A registration. */
	static final class Entry {

		final int number;

		final int interest;

		private final Trigger trigger;

		private final long token;

		private boolean armed = true;

		/** Where it is among the registrations. */
		private int index;

		Entry(int number, int interest, Trigger trigger, long token) {
			this.number = number;
			this.interest = interest;
			this.trigger = trigger;
			this.token = token;
		}

	}

	/** What a wait asks the kernel for, and what it has found. */
	static final class WaitList {

		/** The file descriptors, in the order of the list. */
		final PollFds fds;

		private final @Nullable Entry[] entries;

		private final long[] tokens;

		private final int[] readiness;

		private int length;

		WaitList(int capacity) {
			this.fds = new PollFds(capacity);
			this.entries = new Entry[capacity];
			this.tokens = new long[capacity];
			this.readiness = new int[capacity];
		}

		/** Takes the registrations that are armed. */
		private void take(@Nullable Entry[] registrations, int count) {
			int before = this.length;
			this.length = 0;
			for (int i = 0; i < count; i++) {
				Entry entry = registrations[i];
				if (entry != null && entry.armed) {
					this.entries[this.length++] = entry;
				}
			}
			if (this.length < before) {
				Arrays.fill(this.entries, this.length, before, null);
			}
		}

		int length() {
			return this.length;
		}

		Entry get(int index) {
			return Objects.requireNonNull(this.entries[index]);
		}

	}

}
