package dev.mainloop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;

import dev.mainloop.CacheLine.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue that many threads fill and one empties, and that can be shut.
 *
 * <h2>The senders' word</h2> One word holds how many slots were claimed since the
 * beginning, and three marks: {@link #SHUT} for a mailbox that takes only what its owner
 * and the owner's peers add, {@link #SEALED} for one that takes only what its owner adds,
 * {@link #CLOSED} for one that takes nothing. A sender claims a slot by one atomic step
 * of that word, which fails once the mark is there. So a message is taken before the
 * mark, and counted by {@link #size()} from then on, or it is refused: there is nothing
 * between the two.
 *
 * <h2>A claimed slot</h2> is filled by the next statement of its sender. If a
 * {@link StackOverflowError} comes between the two, the slot is marked as abandoned, by a
 * plain write that calls nothing and so cannot fail, and is skipped when its turn comes.
 * {@link #poll()} never waits for a slot that is claimed and not filled yet, as its
 * sender may be held up for long: it answers that nothing is there, and
 * {@link #isEmpty()} that something will be.
 *
 * <h2>Order of memory</h2> The message is published by the release write of its slot and
 * read by an acquire read. The slot is free again for senders when the word of the freed
 * slots says so, which is written after the slot was emptied. That is done for many slots
 * at a time, see {@link #free()}, as a sender that waits for room would otherwise follow
 * the taker from slot to slot, and each would wait for the other's cache line. Claiming
 * is a full fence: what a sender does afterwards, such as to look whether the loop knows
 * of its message, comes after {@link #isEmpty()} can see the claim.
 *
 * @param <T> the type of the messages
 */
final class Mailbox<T> {

	/** The mark of a mailbox that takes only what its owner and peers of it add. */
	private static final long SHUT = 1;

	/** The mark of a mailbox that takes only what its owner adds. */
	private static final long SEALED = 2;

	/** The mark of a mailbox that takes nothing. */
	private static final long CLOSED = 4;

	/** The marks of mailboxes that do not take what just anyone adds. */
	private static final long ANYONE = SHUT | SEALED | CLOSED;

	private static final int MARKS = 3;

	private static final long SLOT = 1 << MARKS;

	/** How many slots are freed at a time, and which part of all that is at most. */
	private static final int MOST_FREED = 64;

	private static final int PART_FREED = 8;

	/** Stands in a slot whose sender did not get to fill it. */
	private static final Object ABANDONED = new Object();

	private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(Object[].class);

	static {
		// What a sender needs is loaded here, and not where its stack may be used up.
		Mailbox<Object> first = new Mailbox<>(1);
		first.offer(first);
		first.poll();
	}

	private final @Nullable Object[] slots;

	private final int mask;

	private final Cursor claimed = new Cursor();

	/** How far senders can claim without a look at what was freed; a cache of that. */
	private final Cursor limit = new Cursor();

	private final Cursor taken = new Cursor();

	private final Cursor freed = new Cursor();

	private final int freedMask;

	/**
	 * Creates a mailbox.
	 * @param capacity how many messages it holds, rounded up to a power of two
	 */
	Mailbox(int capacity) {
		int length = Math.max(2, Integer.highestOneBit(capacity - 1) << 1);
		this.slots = new @Nullable Object[length];
		this.mask = length - 1;
		this.freedMask = Math.max(1, Math.min(MOST_FREED, length / PART_FREED)) - 1;
		this.limit.value = length;
	}

	int capacity() {
		return this.slots.length;
	}

	/**
	 * Adds a message of a thread that the mailbox knows nothing of.
	 * @param message the message
	 * @return what became of it
	 */
	Outcome offer(T message) {
		return offer(message, ANYONE);
	}

	/**
	 * Adds a message.
	 * @param message the message
	 * @param sender who adds it
	 * @return what became of it
	 */
	Outcome offer(T message, Sender sender) {
		return offer(message, sender.refusing);
	}

	/**
	 * Adds a message.
	 * @param message the message
	 * @param refusing the marks with which a mailbox refuses it
	 * @return what became of it
	 */
	private Outcome offer(T message, long refusing) {
		Objects.requireNonNull(message, "'message' must not be null");
		long word;
		long index;
		do {
			word = this.claimed.value;
			if ((word & refusing) != 0) {
				return Outcome.REFUSED;
			}
			index = word >>> MARKS;
			if (index >= this.limit.value) {
				long bound = this.freed.value + this.slots.length;
				if (index >= bound) {
					return Outcome.FULL;
				}
				this.limit.value = bound;
			}
		}
		while (!Cursor.VALUE.compareAndSet(this.claimed, word, word + SLOT));
		int slot = (int) index & this.mask;
		boolean filled = false;
		try {
			SLOTS.setRelease(this.slots, slot, message);
			filled = true;
		}
		finally {
			if (!filled) {
				this.slots[slot] = ABANDONED;
			}
		}
		return Outcome.ADDED;
	}

	/**
	 * Takes the message that was added first. To be called by one thread at a time.
	 * @return the message, or {@code null} if none is there, or it is not yet there
	 * though its slot is claimed
	 */
	@SuppressWarnings("unchecked")
	@Nullable T poll() {
		while (true) {
			long index = this.taken.value;
			int slot = (int) index & this.mask;
			Object message = SLOTS.getAcquire(this.slots, slot);
			if (message == null) {
				return null;
			}
			this.slots[slot] = null;
			Cursor.VALUE.setRelease(this.taken, index + 1);
			if (((index + 1) & this.freedMask) == 0) {
				free();
			}
			if (message != ABANDONED) {
				return (T) message;
			}
		}
	}

	/**
	 * Gives the slots that were taken to senders, all of them: {@link #poll()} does so
	 * only with many at a time. To be called by the thread that takes.
	 */
	void free() {
		Cursor.VALUE.setRelease(this.freed, this.taken.value);
	}

	/** Whether no slot is claimed, filled or not. */
	boolean isEmpty() {
		return claimed() == taken();
	}

	/** Returns how many slots are claimed. */
	int size() {
		long before;
		long after = taken();
		long count;
		do {
			before = after;
			count = claimed() - before;
			after = taken();
		}
		while (before != after);
		return (int) count;
	}

	/** Returns how many slots senders can claim. */
	int room() {
		return (int) Math.max(0, this.freed.value + this.slots.length - claimed());
	}

	/** Returns how many slots were claimed since the beginning. */
	long claimed() {
		return this.claimed.value >>> MARKS;
	}

	/** Returns how many slots were emptied since the beginning. */
	long taken() {
		return this.taken.value;
	}

	/** Has it take only what its owner and peers of it add from now on. */
	void shut() {
		Cursor.VALUE.getAndBitwiseOr(this.claimed, SHUT);
	}

	/** Has it take only what its owner adds from now on. */
	void seal() {
		Cursor.VALUE.getAndBitwiseOr(this.claimed, SEALED);
	}

	/** Has it take what anyone adds again, unless it is closed. */
	void open() {
		Cursor.VALUE.getAndBitwiseAnd(this.claimed, ~(SHUT | SEALED));
	}

	/** Has it take nothing any more. */
	void close() {
		Cursor.VALUE.getAndBitwiseOr(this.claimed, CLOSED);
	}

	boolean isClosed() {
		return (this.claimed.value & CLOSED) != 0;
	}

	/** Who adds a message. */
	enum Sender {

		/** A thread that the mailbox knows nothing of. */
		ANYONE(Mailbox.ANYONE),

		/** A thread that may add until the mailbox is sealed. */
		PEER(SEALED | CLOSED),

		/** The thread that takes. */
		OWNER(CLOSED);

		/** The marks of mailboxes that refuse what it adds. */
		private final long refusing;

		Sender(long refusing) {
			this.refusing = refusing;
		}

	}

	/** What became of a message that was to be added. */
	enum Outcome {

		/** It will be taken. */
		ADDED,

		/** There is no room for it. */
		FULL,

		/** The mailbox is shut, sealed or closed. */
		REFUSED

	}

}
