package dev.mainloop;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import dev.mainloop.multiplexer.IoMultiplexer;
import org.jspecify.annotations.Nullable;

/**
 * The file descriptors that a loop watches, by the tokens that the multiplexer reports.
 * <p>
 * A token is the slot of its source in a table, in the lower half, and a generation that
 * no other registration has, in the upper half. An event of a registration that has
 * ended, for which the kernel had queued it in the same batch or whose file descriptor
 * number has a new owner, carries a token that is no longer in the table.
 * <p>
 * Registrations change under the lock of this object, by any thread. The loop looks
 * tokens up without it: each change ends with a volatile write of the table, which the
 * loop reads.
 */
final class Descriptors {

	private final IoMultiplexer multiplexer;

	private volatile @Nullable DescriptorSource[] slots = new @Nullable DescriptorSource[64];

	private int[] freeSlots = new int[64];

	private int freeCount;

	private int used;

	private int generation;

	private boolean closed;

	Descriptors(IoMultiplexer multiplexer) {
		this.multiplexer = multiplexer;
	}

	synchronized void add(DescriptorSource source) {
		if (this.closed) {
			throw new IllegalStateException("The main loop is closed");
		}
		if (isRegistered(source)) {
			modify(source);
			return;
		}
		int slot = (this.freeCount > 0) ? this.freeSlots[--this.freeCount] : this.used++;
		put(slot, source);
		try {
			this.multiplexer.add(source.fd(), source.interest(), source.trigger(), source.token);
		}
		catch (RuntimeException ex) {
			free(slot);
			throw ex;
		}
	}

	synchronized void modify(DescriptorSource source) {
		put(slot(source.token), source);
		this.multiplexer.modify(source.fd(), source.interest(), source.trigger(), source.token);
	}

	synchronized void remove(DescriptorSource source) {
		if (isRegistered(source)) {
			free(slot(source.token));
			this.multiplexer.remove(source.fd());
		}
	}

	/**
	 * Finds the source of an event, on the loop's thread.
	 * @param token the token that came with it
	 * @return the source, or {@code null} if the registration has ended
	 */
	@Nullable DescriptorSource find(long token) {
		DescriptorSource source = this.slots[slot(token)];
		return (source != null && source.token == token && source.isEnabled()) ? source : null;
	}

	synchronized int size() {
		return this.used - this.freeCount;
	}

	/** Closes every source, and takes no other. */
	void close() {
		List<DescriptorSource> sources;
		synchronized (this) {
			this.closed = true;
			sources = Arrays.stream(this.slots).filter(Objects::nonNull).toList();
		}
		sources.forEach(EventSource::close);
	}

	private boolean isRegistered(DescriptorSource source) {
		return this.slots[slot(source.token)] == source;
	}

	private void put(int slot, DescriptorSource source) {
		source.token = (long) ++this.generation << 32 | slot;
		@Nullable DescriptorSource[] table = this.slots;
		if (slot == table.length) {
			table = Arrays.copyOf(table, slot * 2);
		}
		table[slot] = source;
		this.slots = table;
	}

	private void free(int slot) {
		@Nullable DescriptorSource[] table = this.slots;
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
