package dev.mainloop;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.StackReserve;
import dev.mainloop.log.LogKeys;
import dev.mainloop.multiplexer.IoMultiplexer;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

	/** Instead of the number of a descriptor that the kernel does not know. */
	static final int NO_NUMBER = -1;

	private static final Logger logger = LoggerFactory.getLogger(Descriptors.class);

	private final Loop loop;

	private final IoMultiplexer multiplexer;

	private final Map<FileDescriptor, Registration> registrations = new IdentityHashMap<>();

	/** The registrations by the number of their file descriptor. */
	private @Nullable Registration[] byNumber = new @Nullable Registration[64];

	private volatile @Nullable Registration[] slots = new @Nullable Registration[64];

	/** As long as the table, so that a slot can be freed without memory. */
	private int[] freeSlots = new int[64];

	private int freeCount;

	private int used;

	private int generation;

	private boolean closed;

	/** The number of the last wait. */
	private int waits;

	/** The last event that was for no registration, and the wait that it came by. */
	private long strayToken;

	private int strayWait;

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
			this.waits++;
			this.events = this.multiplexer.await(timeoutNanos);
		}
	}

	/** Returns the number of the last wait, which the next one follows. */
	int waits() {
		return this.waits;
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
		this.loop.endSuccession();
		while (hasLeft() && !this.loop.isOver()) {
			int index = this.handled++;
			long token = this.multiplexer.token(index);
			Registration registration = find(token);
			dispatch(registration, token, this.multiplexer.readiness(index));
			if (registration == null || registration.sources() == 0) {
				this.loop.endSuccession();
			}
			else if (hasLeft() && slice.handled()) {
				return;
			}
		}
	}

	private void dispatch(@Nullable Registration registration, long token, int readiness) {
		try {
			if (registration == null) {
				stray(token);
			}
			else if ((readiness & Readiness.NOT_OPEN) != 0) {
				lose(registration);
			}
			else {
				registration.dispatch(readiness, this.multiplexer);
			}
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

	/**
	 * Notes an event for no registration. One may come for a registration that has ended
	 * meanwhile, which has ended for the kernel, too, once this has had the lock. If it
	 * comes by another wait, the kernel has a registration that could not be ended, as
	 * other code has closed its number before: all are made anew then.
	 */
	private synchronized void stray(long token) {
		if (this.strayToken == token && this.strayWait != this.waits) {
			renew();
		}
		else if (this.strayWait != this.waits) {
			this.strayToken = token;
			this.strayWait = this.waits;
		}
	}

	private void renew() {
		if (!this.multiplexer.reset()) {
			return;
		}
		for (Registration registration : List.copyOf(this.registrations.values())) {
			try {
				this.multiplexer.add(registration.fd(), registration.interest(), registration.trigger(),
						registration.token());
			}
			catch (ErrnoException ex) {
				loseIfGone(registration, ex);
			}
		}
	}

	/**
	 * Looks whether the number of a file descriptor still is that of the file which is
	 * watched, where the multiplexer can tell, after its handler has failed or spins.
	 * @return {@code false} if the watcher is told of nothing any more
	 */
	synchronized boolean verify(Watcher watcher) {
		Registration registration = this.registrations.get(watcher.fd());
		if (registration == null || !registration.has(watcher)) {
			return false;
		}
		try {
			if (watcher.trigger() == Trigger.LEVEL) {
				modify(registration);
			}
			return true;
		}
		catch (ErrnoException ex) {
			loseIfGone(registration, ex);
			return false;
		}
	}

	private void loseIfGone(Registration registration, ErrnoException ex) {
		if (!isGone(ex)) {
			throw ex;
		}
		lose(registration);
	}

	/**
	 * Ends a registration whose number other code has closed, and tells of it. A part of
	 * the loop that has lost its descriptor ends the loop as failed.
	 */
	private synchronized void lose(Registration registration) {
		if (this.registrations.get(registration.fd()) != registration) {
			return;
		}
		forget(registration);
		if (registration.sources() > 0) {
			tellLost(registration.fd(), registration.watcher());
		}
		else {
			this.loop.fail(new IllegalStateException(
					"%s of the %s was closed by other code".formatted(registration.fd(), this.loop.name())));
		}
	}

	private void tellLost(FileDescriptor fd, Watcher watcher) {
		try {
			logger.atWarn()
				.addKeyValue(LogKeys.LOOP, this.loop.name().name())
				.addKeyValue(LogKeys.SOURCE, watcher.toString())
				.log(("'%s'%s gets no events any more, as other code has closed the number of %s, and may have it "
						+ "for another file by now. Leave it to FileDescriptor.close() to close what was adopted, and "
						+ "keep open what is borrowed until then")
					.formatted(watcher, this.loop.name().on(), fd));
		}
		catch (Throwable ex) {
			// It is as it is, told or not.
		}
	}

	/**
	 * Watches a file descriptor, or takes up a change of what a watcher waits for. One
	 * that waits for nothing is not watched, as the kernel always reports errors and
	 * hang-ups.
	 */
	synchronized void add(Watcher watcher) {
		StackReserve.require();
		if (this.closed) {
			throw new IllegalStateException(this.loop.describe());
		}
		if (watcher.interest() == 0) {
			remove(watcher);
			return;
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
		int number = number(watcher.fd());
		ensureSlot();
		ensureNumber(number);
		int slot = (this.freeCount > 0) ? this.freeSlots[this.freeCount - 1] : this.used;
		Registration registration = new Registration((long) ++this.generation << 32 | slot, number, watcher);
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
		loseFormer(registration);
		changed();
	}

	/** Returns the number of a file descriptor, which only the kernel's have. */
	private static int number(FileDescriptor fd) {
		try {
			int number = fd.acquire();
			fd.release();
			return number;
		}
		catch (IllegalStateException ex) {
			return NO_NUMBER;
		}
	}

	private void ensureNumber(int number) {
		if (number >= this.byNumber.length) {
			this.byNumber = Arrays.copyOf(this.byNumber, Math.max(number + 1, this.byNumber.length * 2));
		}
	}

	/**
	 * Takes the number of a registration from the one that had it before. As the kernel
	 * has taken the new one, the file of the other is gone.
	 */
	private void loseFormer(Registration registration) {
		if (registration.number() == NO_NUMBER) {
			return;
		}
		Registration former = this.byNumber[registration.number()];
		this.byNumber[registration.number()] = registration;
		if (former != null) {
			lose(former);
		}
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

	/** Takes up a change of what a watcher waits for, unless the loop is closed. */
	synchronized void modify(Watcher watcher) {
		if (!this.closed) {
			add(watcher);
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
			forget(registration);
		}
		reduce(registration, watcher);
	}

	private void forget(Registration registration) {
		this.registrations.remove(registration.fd());
		int slot = slot(registration.token());
		put(slot, null);
		this.freeSlots[this.freeCount++] = slot;
		int number = registration.number();
		if (number != NO_NUMBER && this.byNumber[number] == registration) {
			this.byNumber[number] = null;
		}
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
	 * Reduces what the multiplexer has, unless it has lost it, as other code has closed
	 * the file descriptor. Needs no memory but to tell of that.
	 */
	private void reduce(Registration registration, Watcher removed) {
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
			if (!isGone(ex)) {
				throw ex;
			}
			if (!registration.isEmpty()) {
				forget(registration);
			}
			tellLost(registration.fd(), removed);
		}
	}

	private static boolean isGone(ErrnoException ex) {
		return ex.is(Errno.EBADF) || ex.is(Errno.ENOENT);
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
		if (ex.is(Errno.EEXIST)) {
			return new IllegalArgumentException(("%s cannot be watched, as the loop watches its number already: it was "
					+ "adopted or borrowed twice, or other code has closed the number that was adopted before. Share "
					+ "one FileDescriptor, and leave it to that to close the number")
				.formatted(watcher.fd()), ex);
		}
		return ex;
	}

	/** Counts the event sources of the application. */
	synchronized int size() {
		return this.registrations.values().stream().mapToInt(Registration::sources).sum();
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
