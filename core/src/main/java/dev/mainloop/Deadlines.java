package dev.mainloop;

import org.jspecify.annotations.Nullable;

/**
 * The deadlines on one clock, which come in the order of the times that they are due and,
 * where these are equal, in that in which they were given an order. Belongs to the loop's
 * thread.
 *
 * <h2>Near and far</h2> Time is cut into ticks of about a millisecond. The deadlines up
 * to the tick that was reached are in a {@linkplain DeadlineHeap heap}; those of later
 * ticks, which most time-outs never leave, are in {@linkplain DeadlineBuckets buckets}
 * without an order. There are 64 buckets a level, those of a level 64 times as long as
 * those of the level below. A deadline is on the level of the highest digit, to the base
 * of 64, in which its tick differs from the one that was reached, in the bucket of that
 * digit. So the first bucket of the lowest level is the earliest, and all stay where they
 * are until time reaches their bucket. What that holds is then moved to lower levels and
 * to the heap.
 *
 * <h2>Memory</h2> What a deadline needs is allocated before it is given its place, so
 * that one which cannot get it stays as it was.
 */
final class Deadlines {

	private static final int TICK_SHIFT = 20;

	private static final int DIGIT_SHIFT = 6;

	/** As many as 63 bits of nanoseconds have digits. */
	private static final int LEVELS = 8;

	private static final byte HEAP = Deadline.NOWHERE + 1;

	/** Where one is that is on the lowest level. */
	private static final byte LEVEL_0 = HEAP + 1;

	private final DeadlineHeap heap = new DeadlineHeap();

	/** The levels, each of which is there from its first deadline on. */
	private final @Nullable DeadlineBuckets[] levels = new @Nullable DeadlineBuckets[LEVELS];

	/** Which levels have deadlines. */
	private int occupied;

	/** When the first tick begins. */
	private final long origin;

	/** The tick that was reached. */
	private long reached;

	/** The level of a bucket that is being emptied, or -1, and the bucket. */
	private int emptied = -1;

	private int emptiedBucket;

	private int size;

	private long lastOrder;

	/**
	 * Creates it without any.
	 * @param now the time
	 */
	Deadlines(long now) {
		this.origin = now;
	}

	boolean isEmpty() {
		return this.size == 0;
	}

	/** Returns the next in the order of those that are due at the same time. */
	long nextOrder() {
		return ++this.lastOrder;
	}

	/** Gives one its place, by its order. */
	void add(Deadline deadline, long due) {
		long tick = tick(due);
		byte where = where(tick);
		ensureRoom(where, tick);
		put(deadline, where, tick, due);
		deadline.setDue(due);
		this.size++;
	}

	/** Moves one that has a place to another time, by the order that it has now. */
	void move(Deadline deadline, long due) {
		long before = deadline.due();
		long tickBefore = tick(before);
		long tick = tick(due);
		byte where = where(tick);
		if (where != deadline.where || (where != HEAP && bucket(where, tick) != bucket(where, tickBefore))) {
			ensureRoom(where, tick);
			take(deadline, tickBefore);
			put(deadline, where, tick, due);
		}
		else if (where == HEAP) {
			this.heap.move(deadline, due);
		}
		else {
			level(where).move(bucket(where, tick), before, due);
		}
		deadline.setDue(due);
	}

	/** Removes one that has a place. */
	void remove(Deadline deadline) {
		take(deadline, tick(deadline.due()));
		deadline.where = Deadline.NOWHERE;
		deadline.setDue(Deadline.NEVER);
		this.size--;
	}

	/**
	 * Brings those that are due to the heap, as time has passed. Where there is no memory
	 * for that they stay, and come once those of the heap have made room.
	 * @param now the time
	 * @param moves how many it may move; the next call goes on
	 * @return {@code false} if it has to be called again before {@link #near()} tells the
	 * earliest
	 */
	boolean advance(long now, int moves) {
		long tick = tick(now);
		int left = moves;
		while (isBehind() || begin(tick)) {
			DeadlineBuckets level = level((byte) (LEVEL_0 + this.emptied));
			for (int size = level.size(this.emptiedBucket); size > 0; size--) {
				if (left-- == 0) {
					return false;
				}
				if (!movedDown(level.at(this.emptiedBucket, size - 1))) {
					return true;
				}
			}
			this.emptied = -1;
		}
		if (this.size == 0 || tick > this.reached) {
			this.reached = Math.max(0, tick);
		}
		return true;
	}

	/** Whether some that may be due are still to be brought to the heap. */
	boolean isBehind() {
		return this.emptied >= 0;
	}

	/** Begins to empty the first bucket, if time has reached it. */
	private boolean begin(long tick) {
		if (this.occupied == 0) {
			return false;
		}
		int level = Integer.numberOfTrailingZeros(this.occupied);
		int bucket = lowest().first();
		int shift = level * DIGIT_SHIFT;
		long start = ((this.reached >>> shift + DIGIT_SHIFT << DIGIT_SHIFT) + bucket) << shift;
		if (start > tick) {
			return false;
		}
		this.reached = Math.min(tick, start + (1L << shift) - 1);
		this.emptied = level;
		this.emptiedBucket = bucket;
		return true;
	}

	/** Moves one of the bucket that is being emptied, if there is memory. */
	private boolean movedDown(Deadline deadline) {
		long due = deadline.due();
		long tick = tick(due);
		byte where = where(tick);
		try {
			ensureRoom(where, tick);
		}
		catch (OutOfMemoryError ex) {
			return false;
		}
		take(deadline, tick);
		put(deadline, where, tick, due);
		return true;
	}

	/** Returns the earliest of those that are near, or {@code null} if none is. */
	@Nullable Deadline near() {
		return this.heap.first();
	}

	/** Finds the earliest of all, or {@code null} if there is none. */
	@Nullable Deadline first() {
		Deadline near = this.heap.first();
		if (near != null || this.occupied == 0) {
			return near;
		}
		DeadlineBuckets lowest = lowest();
		return lowest.find(lowest.first());
	}

	/**
	 * Returns when the earliest is due, or a time before that if it would have to be
	 * looked for among many; {@link Deadline#NEVER} if there is none.
	 */
	long earliest() {
		Deadline near = this.heap.first();
		if (near != null) {
			return near.due();
		}
		if (this.occupied == 0) {
			return Deadline.NEVER;
		}
		DeadlineBuckets lowest = lowest();
		return lowest.earliest(lowest.first());
	}

	/** Returns the lowest level that has some. */
	private DeadlineBuckets lowest() {
		return level((byte) (LEVEL_0 + Integer.numberOfTrailingZeros(this.occupied)));
	}

	/** Removes all. */
	void clear() {
		this.heap.clear();
		for (DeadlineBuckets level : this.levels) {
			if (level != null) {
				level.clear();
			}
		}
		this.occupied = 0;
		this.emptied = -1;
		this.size = 0;
	}

	/** Returns all, in no particular order. */
	Deadline[] toArray() {
		Deadline[] all = new Deadline[this.size];
		int end = this.heap.copyTo(all);
		for (DeadlineBuckets level : this.levels) {
			if (level != null) {
				end = level.copyTo(all, end);
			}
		}
		return all;
	}

	private byte where(long tick) {
		if (tick <= this.reached) {
			return HEAP;
		}
		return (byte) (LEVEL_0 + (Long.SIZE - 1 - Long.numberOfLeadingZeros(tick ^ this.reached)) / DIGIT_SHIFT);
	}

	private static int bucket(byte where, long tick) {
		return (int) (tick >>> (where - LEVEL_0) * DIGIT_SHIFT) & DeadlineBuckets.COUNT - 1;
	}

	private long tick(long time) {
		return time - this.origin >> TICK_SHIFT;
	}

	private DeadlineBuckets level(byte where) {
		DeadlineBuckets level = this.levels[where - LEVEL_0];
		assert level != null;
		return level;
	}

	private void ensureRoom(byte where, long tick) {
		if (where == HEAP) {
			this.heap.ensureRoom();
			return;
		}
		DeadlineBuckets level = this.levels[where - LEVEL_0];
		if (level == null) {
			level = new DeadlineBuckets();
			this.levels[where - LEVEL_0] = level;
		}
		level.ensureRoom(bucket(where, tick));
	}

	private void put(Deadline deadline, byte where, long tick, long due) {
		if (where == HEAP) {
			this.heap.add(deadline, due);
		}
		else {
			level(where).add(bucket(where, tick), deadline, due);
			this.occupied |= 1 << where - LEVEL_0;
		}
		deadline.where = where;
	}

	private void take(Deadline deadline, long tick) {
		byte where = deadline.where;
		if (where == HEAP) {
			this.heap.remove(deadline);
			return;
		}
		DeadlineBuckets level = level(where);
		level.remove(bucket(where, tick), deadline);
		if (level.isEmpty()) {
			this.occupied &= ~(1 << where - LEVEL_0);
		}
	}

}
