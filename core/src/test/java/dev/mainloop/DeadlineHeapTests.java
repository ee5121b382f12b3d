package dev.mainloop;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DeadlineHeapTests {

	private final DeadlineHeap heap = new DeadlineHeap();

	@Test
	void emptyHeapShouldHaveNoFirst() {
		assertThat(this.heap.first()).isNull();
		assertThat(this.heap.toArray()).isEmpty();
	}

	@Test
	void addAndRemoveShouldKeepPlaceAndTime() {
		Item item = add(5);
		assertThat(item.isPlaced()).isTrue();
		assertThat(item.due).isEqualTo(5);
		assertThat(this.heap.first()).isSameAs(item);
		this.heap.remove(item);
		assertThat(item.isPlaced()).isFalse();
		assertThat(item.due).isEqualTo(Deadline.NEVER);
		assertThat(this.heap.first()).isNull();
	}

	@Test
	void equalTimesShouldComeInTheirOrder() {
		List<Item> items = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			items.add(add(7));
		}
		assertThat(drain()).isEqualTo(items);
	}

	@Test
	void moveToSameTimeShouldComeLast() {
		Item first = add(7);
		Item second = add(7);
		this.heap.move(first, 7, this.heap.nextOrder());
		assertThat(drain()).containsExactly(second, first);
	}

	@Test
	void clearShouldLeaveNothingPlaced() {
		List<Item> items = List.of(add(1), add(2), add(3));
		this.heap.clear();
		assertThat(items).noneMatch(Deadline::isPlaced);
		assertThat(this.heap.first()).isNull();
		assertThat(drain()).isEmpty();
		Item again = items.get(0);
		this.heap.add(again, 4, this.heap.nextOrder());
		assertThat(drain()).containsExactly(again);
	}

	@Test
	void extremeTimesShouldKeepTheirOrder() {
		Item never = add(Deadline.NEVER - 1);
		Item zero = add(0);
		Item late = add(Deadline.NEVER - 2);
		assertThat(drain()).containsExactly(zero, late, never);
	}

	@RepeatedTest(20)
	void randomChangesShouldKeepOrder() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		List<Item> items = new ArrayList<>();
		for (int i = 0; i < 2000; i++) {
			int choice = random.nextInt(4);
			if (choice < 2 || items.isEmpty()) {
				items.add(add(random.nextInt(1000)));
			}
			else if (choice == 2) {
				this.heap.remove(items.remove(random.nextInt(items.size())));
			}
			else {
				this.heap.move(items.get(random.nextInt(items.size())), random.nextInt(1000), this.heap.nextOrder());
			}
			assertThat(this.heap.toArray()).as("size with seed %d", seed).hasSize(items.size());
		}
		items.sort(Comparator.<Item>comparingLong((item) -> item.due).thenComparingLong((item) -> item.order));
		assertThat(drain()).as("order with seed %d", seed).isEqualTo(items);
	}

	private Item add(long due) {
		Item item = new Item();
		this.heap.add(item, due, this.heap.nextOrder());
		return item;
	}

	private List<Item> drain() {
		List<Item> drained = new ArrayList<>();
		Deadline first = this.heap.first();
		while (first != null) {
			drained.add((Item) first);
			this.heap.remove(first);
			first = this.heap.first();
		}
		return drained;
	}

	private static final class Item extends Deadline {

		@Override
		void expired(long now) {
			throw new UnsupportedOperationException();
		}

		@Override
		public String toString() {
			return this.due + "#" + this.order;
		}

	}

}
