package dev.mainloop;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Deadlines, the earliest of which is known: a heap with four children a node. Those that
 * are due at the same time come in the order in which they were given an order. Belongs
 * to the loop's thread.
 */
final class DeadlineHeap {

	private static final int CHILDREN = 4;

	private static final int CHILDREN_SHIFT = 2;

	private @Nullable Deadline[] heap = new @Nullable Deadline[64];

	private int size;

	private long lastOrder;

	/** Returns the earliest, or {@code null} if there is none. */
	@Nullable Deadline first() {
		return this.heap[0];
	}

	/** Returns the next in the order of those that are due at the same time. */
	long nextOrder() {
		return ++this.lastOrder;
	}

	/** Adds one, which then is due at a time. */
	void add(Deadline deadline, long due, long order) {
		if (this.size == this.heap.length) {
			this.heap = Arrays.copyOf(this.heap, this.size * 2);
		}
		deadline.due = due;
		deadline.order = order;
		siftUp(this.size++, deadline);
	}

	/** Moves one that it holds to another time. */
	void move(Deadline deadline, long due, long order) {
		deadline.due = due;
		deadline.order = order;
		sift(deadline.place, deadline);
	}

	/** Removes one that it holds. */
	void remove(Deadline deadline) {
		int place = deadline.place;
		Deadline last = at(--this.size);
		this.heap[this.size] = null;
		deadline.place = Deadline.NOWHERE;
		deadline.due = Deadline.NEVER;
		if (last != deadline) {
			sift(place, last);
		}
	}

	/** Removes all. */
	void clear() {
		for (int i = 0; i < this.size; i++) {
			at(i).place = Deadline.NOWHERE;
		}
		Arrays.fill(this.heap, null);
		this.size = 0;
	}

	/** Returns all, in no particular order. */
	Deadline[] toArray() {
		return Arrays.copyOf(this.heap, this.size, Deadline[].class);
	}

	private void sift(int place, Deadline deadline) {
		siftDown(place, deadline);
		if (deadline.place == place) {
			siftUp(place, deadline);
		}
	}

	private void siftUp(int start, Deadline deadline) {
		int place = start;
		while (place > 0) {
			int parent = (place - 1) >>> CHILDREN_SHIFT;
			Deadline above = at(parent);
			if (!isBefore(deadline, above)) {
				break;
			}
			put(place, above);
			place = parent;
		}
		put(place, deadline);
	}

	private void siftDown(int start, Deadline deadline) {
		int place = start;
		for (int child = firstChild(place); child < this.size; child = firstChild(place)) {
			Deadline earliest = at(child);
			int end = Math.min(child + CHILDREN, this.size);
			for (int i = child + 1; i < end; i++) {
				Deadline sibling = at(i);
				if (isBefore(sibling, earliest)) {
					earliest = sibling;
				}
			}
			if (!isBefore(earliest, deadline)) {
				break;
			}
			int below = earliest.place;
			put(place, earliest);
			place = below;
		}
		put(place, deadline);
	}

	private static int firstChild(int place) {
		return (place << CHILDREN_SHIFT) + 1;
	}

	private void put(int place, Deadline deadline) {
		this.heap[place] = deadline;
		deadline.place = place;
	}

	private Deadline at(int place) {
		Deadline deadline = this.heap[place];
		assert deadline != null;
		return deadline;
	}

	private static boolean isBefore(Deadline one, Deadline other) {
		long difference = one.due - other.due;
		return difference < 0 || (difference == 0 && one.order < other.order);
	}

}
