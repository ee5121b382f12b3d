package dev.mainloop;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Buckets of deadlines, each for as long a time as the others. Adding and removing takes
 * the same time however many there are. Belongs to the loop's thread.
 */
final class DeadlineBuckets {

	/** How many buckets, one for each bit of a word. */
	static final int COUNT = 64;

	/** Of how many the earliest is looked for, where the one that was has left. */
	private static final int MOST_COMPARED = 64;

	/** A bucket that stays when it is empty. */
	private static final int SMALL = 16;

	private static final @Nullable Deadline[] NONE = {};

	private final @Nullable Deadline[][] buckets = new @Nullable Deadline[COUNT][];

	private final int[] sizes = new int[COUNT];

	/** No later than the earliest of each bucket. */
	private final long[] earliest = new long[COUNT];

	/** Which buckets have deadlines. */
	private long occupied;

	/** Of which buckets the earliest has left. */
	private long vague;

	DeadlineBuckets() {
		Arrays.fill(this.buckets, NONE);
	}

	boolean isEmpty() {
		return this.occupied == 0;
	}

	/** Returns the first bucket with deadlines, if there is one. */
	int first() {
		return Long.numberOfTrailingZeros(this.occupied);
	}

	int size(int bucket) {
		return this.sizes[bucket];
	}

	/** Returns a deadline of a bucket, of those from 0 to its size. */
	Deadline at(int bucket, int place) {
		Deadline deadline = bucket(bucket)[place];
		assert deadline != null;
		return deadline;
	}

	/** Not checked, as the elements of the inner arrays alone may be {@code null}. */
	@SuppressWarnings("NullAway")
	private @Nullable Deadline[] bucket(int bucket) {
		return this.buckets[bucket];
	}

	/** Has room for one more, or throws and is as it was. */
	void ensureRoom(int bucket) {
		int length = bucket(bucket).length;
		if (this.sizes[bucket] == length) {
			this.buckets[bucket] = Arrays.copyOf(bucket(bucket), length + Math.max(4, length >> 3));
		}
	}

	/** Adds one, which there is room for. */
	void add(int bucket, Deadline deadline, long time) {
		int place = this.sizes[bucket]++;
		bucket(bucket)[place] = deadline;
		deadline.place = place;
		if (place == 0) {
			this.occupied |= 1L << bucket;
			this.earliest[bucket] = time;
		}
		else {
			timed(bucket, time);
		}
	}

	/** Takes up that one of a bucket has another time. */
	void move(int bucket, long before, long time) {
		left(bucket, before);
		timed(bucket, time);
	}

	private void timed(int bucket, long time) {
		if (time - this.earliest[bucket] <= 0) {
			this.earliest[bucket] = time;
			this.vague &= ~(1L << bucket);
		}
	}

	private void left(int bucket, long time) {
		if (time == this.earliest[bucket]) {
			this.vague |= 1L << bucket;
		}
	}

	/** Removes one that a bucket holds. */
	void remove(int bucket, Deadline deadline) {
		@Nullable Deadline[] all = bucket(bucket);
		int end = --this.sizes[bucket];
		int place = deadline.place;
		if (place != end) {
			Deadline last = at(bucket, end);
			all[place] = last;
			last.place = place;
		}
		all[end] = null;
		if (end == 0) {
			empty(bucket);
		}
		else {
			left(bucket, deadline.due());
		}
	}

	private void empty(int bucket) {
		this.occupied &= ~(1L << bucket);
		this.vague &= ~(1L << bucket);
		if (bucket(bucket).length > SMALL) {
			this.buckets[bucket] = NONE;
		}
	}

	/**
	 * Returns when the earliest of a bucket is due, or a time before that if it would
	 * have to be looked for among many.
	 */
	long earliest(int bucket) {
		if ((this.vague & 1L << bucket) != 0 && this.sizes[bucket] <= MOST_COMPARED) {
			this.earliest[bucket] = find(bucket).due();
			this.vague &= ~(1L << bucket);
		}
		return this.earliest[bucket];
	}

	/** Finds the earliest of a bucket that has some. */
	Deadline find(int bucket) {
		Deadline found = at(bucket, 0);
		for (int i = 1; i < this.sizes[bucket]; i++) {
			Deadline deadline = at(bucket, i);
			long difference = deadline.due() - found.due();
			if (difference < 0 || (difference == 0 && deadline.order < found.order)) {
				found = deadline;
			}
		}
		return found;
	}

	/** Removes all. */
	void clear() {
		for (int bucket = 0; bucket < COUNT; bucket++) {
			for (int i = 0; i < this.sizes[bucket]; i++) {
				at(bucket, i).where = Deadline.NOWHERE;
			}
			this.sizes[bucket] = 0;
			this.buckets[bucket] = NONE;
		}
		this.occupied = 0;
	}

	/** Copies all to an array from an index on, and returns where they end. */
	int copyTo(Deadline[] all, int start) {
		int end = start;
		for (int bucket = 0; bucket < COUNT; bucket++) {
			System.arraycopy(bucket(bucket), 0, all, end, this.sizes[bucket]);
			end += this.sizes[bucket];
		}
		return end;
	}

}
