package dev.mainloop;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.StackReserve;
import dev.mainloop.multiplexer.IoMultiplexer;
import org.jspecify.annotations.Nullable;

/**
 * The file descriptors that a loop watches, by the tokens that the multiplexer reports.
 * <p>
 * A token is the slot of a registration in a table, in the lower half, and a generation
 * that no other registration has, in the upper half. An event of a registration that has
 * ended, for which the kernel had queued it in the same batch or whose file descriptor
 * number has a new owner, carries a token that is no longer in the table.
 * <p>
 * Registrations change under the lock of this object, by any thread: first what needs
 * memory, then the multiplexer, and the table is put back if that refuses. The loop looks
 * tokens up without the lock: each change ends with a volatile write of the table, which
 * the loop reads.
 */
final class Descriptors {

	private final Loop loop;

	private final IoMultiplexer multiplexer;

	private final Map<FileDescriptor, Registration> registrations = new IdentityHashMap<>();

	private volatile @Nullable Registration[] slots = new @Nullable Registration[64];

	/** As long as the table, so that a slot can be freed without memory. */
	private int[] freeSlots = new int[64];

	private int freeCount;

	private int used;

	private int generation;

	private boolean closed;

	/** The events of the last wait, and those among them that are handled. */
	private int events;

	private int handled;

	/** Whether the last wait was left out, as there was enough to do. */
	private boolean carriedOver;

	Descriptors(Loop loop, IoMultiplexer multiplexer) {
		this.loop = loop;
		this.multiplexer = multiplexer;
	}

	/**
	 * Waits for events, unless some of the last wait are still to be handled.
	 * @param timeoutNanos as {@link IoMultiplexer#await} takes it
	 */
	void await(long timeoutNanos) {
		this.carriedOver = hasLeft();
		if (!this.carriedOver) {
			this.handled = 0;
			this.events = 0;
			this.events = this.multiplexer.await(timeoutNanos);
		}
	}

	/** Whether events of the last wait are still to be handled. */
	boolean hasLeft() {
		return this.handled < this.events;
	}

	/**
	 * Whether a watcher is to be told at once: an event of it is still to be handled, or
	 * may have come since the wait whose events are.
	 */
	boolean isReported(Watcher watcher) {
		if (this.carriedOver) {
			return true;
		}
		for (int i = this.handled; i < this.events; i++) {
			Registration registration = find(this.multiplexer.token(i));
			if (registration != null && registration.has(watcher)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Tells the watchers of the events, as many as the slice has time for.
	 * @param slice ends the batch in time
	 */
	void dispatch(TimeSlice slice) {
		while (hasLeft() && !this.loop.isOver()) {
			int index = this.handled++;
			Registration registration = find(this.multiplexer.token(index));
			if (registration != null) {
				dispatch(registration, this.multiplexer.readiness(index));
				if (slice.handled()) {
					return;
				}
			}
		}
	}

	private void dispatch(Registration registration, int readiness) {
		try {
			registration.dispatch(readiness);
		}
		catch (Throwable ex) {
			this.loop.fail(ex);
		}
	}

	/**
	 * Finds the registration of an event, on the loop's thread.
	 * @param token the token that came with it
	 * @return the registration, or {@code null} if it has ended
	 */
	@Nullable Registration find(long token) {
		Registration registration = this.slots[slot(token)];
		return (registration != null && registration.token() == token) ? registration : null;
	}

	/** Watches a file descriptor, or takes up a change of what a watcher waits for. */
	synchronized void add(Watcher watcher) {
		StackReserve.require();
		if (this.closed) {
			throw new IllegalStateException(this.loop.describe());
		}
		this.multiplexer.requireSupported(watcher.interest());
		Registration registration = this.registrations.get(watcher.fd());
		if (registration == null) {
			register(watcher);
		}
		else if (registration.has(watcher)) {
			update(registration);
		}
		else {
			share(registration, watcher);
		}
	}

	private void register(Watcher watcher) {
		ensureSlot();
		int slot = (this.freeCount > 0) ? this.freeSlots[this.freeCount - 1] : this.used;
		Registration registration = new Registration((long) ++this.generation << 32 | slot, watcher);
		boolean done = false;
		this.registrations.put(watcher.fd(), registration);
		try {
			put(slot, registration);
			this.multiplexer.add(watcher.fd(), registration.interest(), watcher.trigger(), registration.token());
			done = true;
		}
		catch (ErrnoException ex) {
			throw explained(ex, watcher);
		}
		finally {
			if (done) {
				occupy();
			}
			else {
				put(slot, null);
				this.registrations.remove(watcher.fd());
			}
		}
		changed();
	}

	private void ensureSlot() {
		int length = this.slots.length;
		if (this.freeCount == 0 && this.used == length) {
			int[] free = Arrays.copyOf(this.freeSlots, length * 2);
			this.slots = Arrays.copyOf(this.slots, length * 2);
			this.freeSlots = free;
		}
	}

	private void occupy() {
		if (this.freeCount > 0) {
			this.freeCount--;
		}
		else {
			this.used++;
		}
	}

	private void share(Registration registration, Watcher watcher) {
		boolean done = false;
		registration.add(watcher);
		try {
			update(registration);
			done = true;
		}
		finally {
			if (!done) {
				registration.remove(watcher);
			}
		}
	}

	/** Takes up a change of what a watcher waits for, if it is registered. */
	synchronized void modify(Watcher watcher) {
		StackReserve.require();
		this.multiplexer.requireSupported(watcher.interest());
		Registration registration = this.registrations.get(watcher.fd());
		if (registration != null && registration.has(watcher)) {
			update(registration);
		}
	}

	synchronized void remove(Watcher watcher) {
		StackReserve.require();
		Registration registration = this.registrations.get(watcher.fd());
		if (registration == null || !registration.has(watcher)) {
			return;
		}
		registration.remove(watcher);
		if (registration.isEmpty()) {
			this.registrations.remove(watcher.fd());
			int slot = slot(registration.token());
			put(slot, null);
			this.freeSlots[this.freeCount++] = slot;
		}
		reduce(registration);
	}

	private void update(Registration registration) {
		modify(registration);
		changed();
	}

	private void modify(Registration registration) {
		this.multiplexer.modify(registration.fd(), registration.interest(), registration.trigger(),
				registration.token());
	}

	/**
	 * Reduces what the multiplexer has, unless it has lost it, as the file descriptor was
	 * closed elsewhere. Needs no memory.
	 */
	private void reduce(Registration registration) {
		try {
			if (registration.isEmpty()) {
				this.multiplexer.remove(registration.fd());
			}
			else {
				modify(registration);
			}
			changed();
		}
		catch (ErrnoException ex) {
			if (!ex.is(Errno.EBADF) && !ex.is(Errno.ENOENT)) {
				throw ex;
			}
		}
	}

	private void changed() {
		if (!this.multiplexer.isConcurrent()) {
			this.loop.wakeUp();
		}
	}

	private static RuntimeException explained(ErrnoException ex, Watcher watcher) {
		if (ex.is(Errno.EPERM)) {
			return new IllegalArgumentException(("%s cannot be watched, as it never has to be waited for: it is a "
					+ "regular file or a directory, or a device that is always ready. Read it where it is needed, "
					+ "or off the loop if that may take long; to learn of its changes, watch an inotify descriptor")
				.formatted(watcher.fd()), ex);
		}
		return ex;
	}

	/** Counts those of the application. */
	synchronized int size() {
		return (int) this.registrations.values().stream().filter(Registration::isOfSources).count();
	}

	/** Closes every watcher, and takes no other. */
	void close() {
		List<Registration> all;
		synchronized (this) {
			this.closed = true;
			all = List.copyOf(this.registrations.values());
		}
		all.forEach(Registration::close);
	}

	private void put(int slot, @Nullable Registration registration) {
		@Nullable Registration[] table = this.slots;
		table[slot] = registration;
		this.slots = table;
	}

	private static int slot(long token) {
		return (int) token;
	}

}
