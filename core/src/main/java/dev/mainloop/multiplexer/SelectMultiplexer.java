package dev.mainloop.multiplexer;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.FdSet;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.TimeVal;

/**
 * The multiplexer that stands on {@code select(2)}, for file descriptors below 1024. As
 * its sets do not tell errors and hang-ups from data, {@code poll(2)} is asked, without
 * waiting, about the file descriptors that are ready to be read or written. What the sets
 * have told stays told, as some files tell an exceptional condition only once. A hang-up
 * ends the wait of those that wait for reading, an error that of those that wait for
 * reading or writing; the end of a peer looks like data, and is reported to those that
 * wait for both.
 */
public final class SelectMultiplexer extends ListMultiplexer {

	/** What may be meant by its being in the set of those that can be read. */
	private static final int READABLE_SET = Readiness.READABLE | Readiness.ERROR | Readiness.HANG_UP
			| Readiness.NOT_OPEN;

	/** What may be meant by its being in the set of those that can be written. */
	private static final int WRITABLE_SET = Readiness.WRITABLE | Readiness.ERROR | Readiness.NOT_OPEN;

	private final FdSet readable = new FdSet();

	private final FdSet writable = new FdSet();

	private final FdSet exceptional = new FdSet();

	private final FdSet nowReadable = new FdSet();

	private final FdSet nowWritable = new FdSet();

	private final FdSet nowExceptional = new FdSet();

	private final TimeVal timeout = new TimeVal();

	private int limit;

	/** Creates a multiplexer. */
	public SelectMultiplexer() {
		super(FdSet.SIZE, FdSet.SIZE);
	}

	@Override
	public String name() {
		return "select";
	}

	@Override
	public void requireSupported(int interest) {
		if ((interest & (Readiness.READABLE | Readiness.PEER_CLOSED)) == Readiness.PEER_CLOSED) {
			throw new UnsupportedOperationException("select cannot wait for the end of a peer alone, which it does "
					+ "not tell from data; wait for READABLE too, or use epoll or poll");
		}
	}

	@Override
	void requireUsable(FileDescriptor fd, int number) {
		if (number >= FdSet.SIZE) {
			throw new UnsupportedOperationException(
					"select takes file descriptors below %d and not %s; use epoll or poll".formatted(FdSet.SIZE, fd));
		}
	}

	@Override
	void load(WaitList list) {
		this.limit = 0;
		this.readable.clear();
		this.writable.clear();
		this.exceptional.clear();
		for (int i = 0; i < list.length(); i++) {
			Entry entry = list.get(i);
			this.limit = Math.max(this.limit, entry.number + 1);
			add(this.readable, entry, Readiness.READABLE);
			add(this.writable, entry, Readiness.WRITABLE);
			add(this.exceptional, entry, Readiness.PRIORITY);
		}
	}

	private static void add(FdSet set, Entry entry, int interest) {
		if ((entry.interest & interest) != 0) {
			set.add(entry.number);
		}
	}

	@Override
	int waitFor(long timeoutNanos) {
		this.nowReadable.copyFrom(this.readable);
		this.nowWritable.copyFrom(this.writable);
		this.nowExceptional.copyFrom(this.exceptional);
		if (timeoutNanos >= 0) {
			this.timeout.set(timeoutNanos);
		}
		int result = LibC.select(this.limit, this.nowReadable.address(), this.nowWritable.address(),
				this.nowExceptional.address(), (timeoutNanos >= 0) ? this.timeout.address() : 0);
		if (Errno.EBADF.is(result)) {
			this.nowReadable.clear();
			this.nowWritable.clear();
			this.nowExceptional.clear();
			return ask(true);
		}
		return (result > 0) ? ask(false) : result;
	}

	/**
	 * Asks what the sets do not tell of those that are ready to be read or written, or of
	 * all.
	 * @return as many as are ready or more
	 */
	private int ask(boolean all) {
		WaitList list = list();
		for (int i = 0; i < list.length(); i++) {
			Entry entry = list.get(i);
			boolean asked = all || this.nowReadable.contains(entry.number) || this.nowWritable.contains(entry.number);
			list.fds.set(i, asked ? entry.number : -1, entry.interest);
		}
		int result;
		do {
			result = LibC.poll(list.fds.address(), list.length(), 0);
		}
		while (Errno.EINTR.is(result));
		return all ? result : list.length();
	}

	@Override
	int found(WaitList list, int index) {
		int number = list.get(index).number;
		int bits = super.found(list, index);
		if (this.nowReadable.contains(number) && (bits & READABLE_SET) == 0) {
			bits |= Readiness.READABLE;
		}
		if (this.nowWritable.contains(number) && (bits & WRITABLE_SET) == 0) {
			bits |= Readiness.WRITABLE;
		}
		return this.nowExceptional.contains(number) ? bits | Readiness.PRIORITY : bits;
	}

}
