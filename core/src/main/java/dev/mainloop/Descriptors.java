package dev.mainloop;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
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
 * Registrations change under the lock of this object, by any thread. The loop looks
 * tokens up without it: each change ends with a volatile write of the table, which the
 * loop reads.
 */
final class Descriptors {

	private final IoMultiplexer multiplexer;

	private final WakeUp wakeUp;

	private final Map<FileDescriptor, Registration> registrations = new IdentityHashMap<>();

	private volatile @Nullable Registration[] slots = new @Nullable Registration[64];

	private int[] freeSlots = new int[64];

	private int freeCount;

	private int used;

	private int generation;

	private boolean closed;

	Descriptors(IoMultiplexer multiplexer, WakeUp wakeUp) {
		this.multiplexer = multiplexer;
		this.wakeUp = wakeUp;
	}

	synchronized void add(DescriptorSource source) {
		if (this.closed) {
			throw new IllegalStateException("The main loop is closed");
		}
		this.multiplexer.requireSupported(source.interest());
		Registration registration = this.registrations.get(source.fd());
		if (registration == null) {
			register(source);
		}
		else if (registration.has(source)) {
			update(registration);
		}
		else {
			share(registration, source);
		}
	}

	private void register(DescriptorSource source) {
		int slot = (this.freeCount > 0) ? this.freeSlots[--this.freeCount] : this.used++;
		Registration registration = new Registration((long) ++this.generation << 32 | slot, source);
		put(slot, registration);
		try {
			this.multiplexer.add(source.fd(), registration.interest(), source.trigger(), registration.token());
			changed();
		}
		catch (RuntimeException ex) {
			free(slot);
			throw explained(ex, source);
		}
		this.registrations.put(source.fd(), registration);
	}

	private void share(Registration registration, DescriptorSource source) {
		registration.add(source);
		try {
			update(registration);
		}
		catch (RuntimeException ex) {
			registration.remove(source);
			throw ex;
		}
	}

	/** Takes up a change of what a source waits for. */
	synchronized void modify(DescriptorSource source) {
		this.multiplexer.requireSupported(source.interest());
		Registration registration = this.registrations.get(source.fd());
		if (registration != null) {
			update(registration);
		}
	}

	synchronized void remove(DescriptorSource source) {
		Registration registration = this.registrations.get(source.fd());
		if (registration == null || !registration.has(source)) {
			return;
		}
		registration.remove(source);
		if (registration.isEmpty()) {
			this.registrations.remove(source.fd());
			free(slot(registration.token()));
			unlessLost(() -> this.multiplexer.remove(source.fd()));
		}
		else {
			unlessLost(() -> modify(registration));
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
	 * Reduces what the multiplexer has, unless it has lost it, as the file descriptor was
	 * closed elsewhere.
	 */
	private void unlessLost(Runnable change) {
		try {
			change.run();
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
			this.wakeUp.wakeUp();
		}
	}

	private static RuntimeException explained(RuntimeException ex, DescriptorSource source) {
		if (ex instanceof ErrnoException errno && errno.is(Errno.EPERM)) {
			return new IllegalArgumentException(("%s cannot be watched, as it never has to be waited for: it is a "
					+ "regular file or a directory, or a device that is always ready. Read it where it is needed, "
					+ "or off the loop if that may take long; to learn of its changes, watch an inotify descriptor")
				.formatted(source.fd()), ex);
		}
		return ex;
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

	/** Counts those that are not the loop's own. */
	synchronized int size() {
		return (int) this.registrations.values().stream().filter((registration) -> !registration.isOwn()).count();
	}

	/** Closes every source, and takes no other. */
	void close() {
		List<Registration> all;
		synchronized (this) {
			this.closed = true;
			all = List.copyOf(this.registrations.values());
		}
		all.forEach(Registration::close);
	}

	private void put(int slot, Registration registration) {
		@Nullable Registration[] table = this.slots;
		if (slot == table.length) {
			table = Arrays.copyOf(table, slot * 2);
		}
		table[slot] = registration;
		this.slots = table;
	}

	private void free(int slot) {
		@Nullable Registration[] table = this.slots;
		table[slot] = null;
		this.slots = table;
		if (this.freeCount == this.freeSlots.length) {
			this.freeSlots = Arrays.copyOf(this.freeSlots, this.freeCount * 2);
		}
		this.freeSlots[this.freeCount++] = slot;
	}

	private static int slot(long token) {
		return (int) token;
	}

}
