package dev.mainloop;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Deadlines, the earliest of which is known: a heap with four children a node. The times
 * and the order of those that are due at the same time lie beside, so that finding a
 * place reads no deadline. Belongs to the loop's thread.
 */
final class DeadlineHeap {

	private static final int CHILDREN = 4;

	private static final int CHILDREN_SHIFT = 2;

	private static final int INITIAL_CAPACITY = 16;

	private @Nullable Deadline[] heap = new @Nullable Deadline[INITIAL_CAPACITY];

	private long[] times = new long[INITIAL_CAPACITY];

	private long[] orders = new long[INITIAL_CAPACITY];

	private int size;

	/** Returns the earliest, or {@code null} if there is none. */
	@Nullable Deadline first() {
		return this.heap[0];
	}

	/** Has room for one more, or throws and is as it was. */
	void ensureRoom() {
		int length = this.heap.length;
		if (this.size == length) {
			long[] moreTimes = Arrays.copyOf(this.times, length * 2);
			long[] moreOrders = Arrays.copyOf(this.orders, length * 2);
			this.heap = Arrays.copyOf(this.heap, length * 2);
			this.times = moreTimes;
			this.orders = moreOrders;
		}
	}

	/** Adds one, which there is room for. */
	void add(Deadline deadline, long time) {
		siftUp(this.size++, deadline, time, deadline.order);
	}

	/** Moves one that it holds to another time, and to the order that it has now. */
	void move(Deadline deadline, long time) {
		sift(deadline.place, deadline, time, deadline.order);
	}

	/** Removes one that it holds. */
	void remove(Deadline deadline) {
		int place = deadline.place;
		int end = --this.size;
		Deadline last = at(end);
		this.heap[end] = null;
		if (last != deadline) {
			sift(place, last, this.times[end], this.orders[end]);
		}
	}

	/** Removes all. */
	void clear() {
		for (int i = 0; i < this.size; i++) {
			at(i).where = Deadline.NOWHERE;
		}
		Arrays.fill(this.heap, 0, this.size, null);
		this.size = 0;
	}

	/** Copies all to an array, and returns where they end. */
	int copyTo(Deadline[] all) {
		System.arraycopy(this.heap, 0, all, 0, this.size);
		return this.size;
	}

	private void sift(int place, Deadline deadline, long time, long order) {
		siftDown(place, deadline, time, order);
		if (deadline.place == place) {
			siftUp(place, deadline, time, order);
		}
	}

	private void siftUp(int start, Deadline deadline, long time, long order) {
		int place = start;
		while (place > 0) {
			int parent = (place - 1) >>> CHILDREN_SHIFT;
			if (!isBefore(time, order, parent)) {
				break;
			}
			copy(parent, place);
			place = parent;
		}
		put(place, deadline, time, order);
	}

	private void siftDown(int start, Deadline deadline, long time, long order) {
		int place = start;
		for (int child = firstChild(place); child < this.size; child = firstChild(place)) {
			int earliest = child;
			int end = Math.min(child + CHILDREN, this.size);
			for (int i = child + 1; i < end; i++) {
				if (isBefore(this.times[i], this.orders[i], earliest)) {
					earliest = i;
				}
			}
			if (isBefore(time, order, earliest)) {
				break;
			}
			copy(earliest, place);
			place = earliest;
		}
		put(place, deadline, time, order);
	}

	private static int firstChild(int place) {
		return (place << CHILDREN_SHIFT) + 1;
	}

	private void copy(int from, int to) {
		put(to, at(from), this.times[from], this.orders[from]);
	}

	private void put(int place, Deadline deadline, long time, long order) {
		this.heap[place] = deadline;
		this.times[place] = time;
		this.orders[place] = order;
		deadline.place = place;
	}

	private Deadline at(int place) {
		Deadline deadline = this.heap[place];
		assert deadline != null;
		return deadline;
	}

	private boolean isBefore(long time, long order, int other) {
		long difference = time - this.times[other];
		return difference < 0 || (difference == 0 && order < this.orders[other]);
	}

}
