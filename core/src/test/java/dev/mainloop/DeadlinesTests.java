package dev.mainloop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class DeadlinesTests {

	private static final long START = 1_000_000_000;

	/** Beyond the first bucket of the third level. */
	private static final long FAR = 1L << 40;

	private static final int OPERATIONS = 4000;

	private final List<Item> all = new ArrayList<>();

	private Deadlines deadlines = new Deadlines(START);

	private long now = START;

	@Test
	void emptyDeadlinesShouldHaveNoFirst() {
		assertThat(this.deadlines.isEmpty()).isTrue();
		assertThat(this.deadlines.first()).isNull();
		assertThat(this.deadlines.earliest()).isEqualTo(Deadline.NEVER);
		assertThat(this.deadlines.advance(START + FAR, 0)).isTrue();
		assertThat(this.deadlines.near()).isNull();
		assertThat(this.deadlines.toArray()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 1 << 20, FAR })
	void addAndRemoveShouldKeepPlaceAndTime(long delay) {
		Item item = add(START + delay);
		assertThat(item.isPlaced()).isTrue();
		assertThat(item.due()).isEqualTo(START + delay);
		assertThat(this.deadlines.first()).isSameAs(item);
		assertThat(this.deadlines.earliest()).isEqualTo(START + delay);
		this.deadlines.remove(item);
		assertThat(item.isPlaced()).isFalse();
		assertThat(item.due()).isEqualTo(Deadline.NEVER);
		assertThat(this.deadlines.first()).isNull();
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1 << 20, FAR })
	void equalTimesShouldComeInTheirOrder(long delay) {
		List<Item> items = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			items.add(add(START + delay));
		}
		assertThat(expire(START + delay)).isEqualTo(items);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1 << 20, FAR })
	void moveToSameTimeShouldComeLast(long delay) {
		Item first = add(START + delay);
		Item second = add(START + delay);
		move(first, START + delay);
		assertThat(expire(START + delay)).containsExactly(second, first);
	}

	@Test
	void orderThatIsGivenAnewShouldCountFromTheNextMoveOn() {
		Item moved = add(START);
		Item other = add(START);
		moved.order = this.deadlines.nextOrder();
		Item last = add(START);
		this.deadlines.remove(other);
		assertThat(expire(START)).containsExactly(moved, last);
	}

	@Test
	void advanceShouldMoveNoMoreThanItMay() {
		for (int i = 0; i < 100; i++) {
			add(START + FAR);
		}
		assertThat(this.deadlines.advance(START + FAR, 60)).isFalse();
		assertThat(this.deadlines.isBehind()).isTrue();
		Item late = add(START + FAR);
		assertThat(this.deadlines.advance(START + FAR, 60)).isTrue();
		assertThat(this.deadlines.isBehind()).isFalse();
		this.all.remove(late);
		this.all.add(late);
		assertThat(expire(START + FAR)).isEqualTo(this.all);
	}

	@Test
	void deadlinesThatAreRemovedWhileTheirBucketIsEmptiedShouldNotCome() {
		List<Item> items = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			items.add(add(START + FAR + i));
		}
		assertThat(this.deadlines.advance(START + FAR, 50)).isFalse();
		for (int i = 0; i < 100; i += 2) {
			this.deadlines.remove(items.get(i));
		}
		move(items.get(1), START + FAR + 200);
		List<Item> expected = new ArrayList<>();
		for (int i = 3; i < 100; i += 2) {
			expected.add(items.get(i));
		}
		expected.add(items.get(1));
		assertThat(expire(START + 2 * FAR)).isEqualTo(expected);
	}

	@Test
	void earliestAmongManyShouldBeNoLaterThanItIs() {
		List<Item> items = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			items.add(add(START + FAR + i));
		}
		for (int i = 0; i < 900; i++) {
			this.deadlines.remove(items.get(i));
			assertThat(this.deadlines.earliest()).isBetween(START + FAR, START + FAR + i + 1);
		}
		for (int i = 900; i < 950; i++) {
			this.deadlines.remove(items.get(i));
		}
		assertThat(this.deadlines.earliest()).isEqualTo(START + FAR + 950);
	}

	@Test
	void clearShouldLeaveNothingPlaced() {
		List<Item> items = List.of(add(START), add(START + 2_000_000), add(START + FAR));
		this.deadlines.clear();
		assertThat(items).noneMatch(Deadline::isPlaced);
		assertThat(this.deadlines.isEmpty()).isTrue();
		assertThat(this.deadlines.earliest()).isEqualTo(Deadline.NEVER);
		Item again = add(START + 1);
		assertThat(expire(START + 2 * FAR)).containsExactly(again);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, START, Long.MAX_VALUE - 1, Long.MIN_VALUE, -1 })
	void extremeTimesShouldKeepTheirOrder(long start) {
		this.deadlines = new Deadlines(start);
		long decades = 1L << 61;
		Item last = add(start + decades);
		Item first = add(start - 5);
		Item third = add(start + 1_000_000);
		Item fourth = add(start + decades - 1);
		Item second = add(start);
		assertThat(expire(start + 1_000_000)).containsExactly(first, second, third);
		assertThat(this.deadlines.first()).isSameAs(fourth);
		assertThat(expire(start + decades)).containsExactly(fourth, last);
	}

	@Test
	void clockThatIsSetBackShouldLeaveOrder() {
		Item far = add(START + FAR);
		assertThat(this.deadlines.advance(START + FAR / 2, 100)).isTrue();
		Item between = add(START + FAR / 4);
		Item near = add(START + 10);
		assertThat(this.deadlines.earliest()).isEqualTo(START + 10);
		assertThat(expire(START + 10)).containsExactly(near);
		assertThat(expire(START + 2 * FAR)).containsExactly(between, far);
		Item again = add(START + 20);
		assertThat(expire(START - FAR)).isEmpty();
		assertThat(expire(START + 20)).containsExactly(again);
		Item early = add(START - FAR);
		assertThat(expire(START - FAR)).containsExactly(early);
	}

	@RepeatedTest(30)
	void randomChangesShouldComeAsSortedModelSays() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		TreeSet<Item> model = new TreeSet<>(
				Comparator.<Item>comparingLong(Deadline::due).thenComparingLong((item) -> item.order));
		int magnitudes = 10 + random.nextInt(45);
		for (int i = 0; i < OPERATIONS; i++) {
			int choice = random.nextInt(100);
			if (choice < 55 || this.all.isEmpty()) {
				model.add(add(this.now + delay(random, magnitudes)));
			}
			else if (choice < 85) {
				Item item = this.all.get(random.nextInt(this.all.size()));
				if (model.remove(item)) {
					if (choice < 70) {
						this.deadlines.remove(item);
					}
					else {
						move(item, this.now + delay(random, magnitudes));
						model.add(item);
					}
				}
			}
			else if (choice < 90) {
				this.deadlines.advance(this.now, random.nextInt(5));
			}
			else {
				this.now += random.nextInt(10) == 0 ? -delay(random, magnitudes) : delay(random, magnitudes - 1);
				List<Item> expected = new ArrayList<>();
				while (!model.isEmpty() && model.first().due() - this.now <= 0) {
					expected.add(model.pollFirst());
				}
				assertThat(expire(this.now)).as("expired with seed %d after %d changes", seed, i).isEqualTo(expected);
				assertThat(this.deadlines.first()).as("first with seed %d after %d changes", seed, i)
					.isSameAs(model.isEmpty() ? null : model.first());
				assertThat(this.deadlines.earliest()).as("earliest with seed %d after %d changes", seed, i)
					.isLessThanOrEqualTo(model.isEmpty() ? Deadline.NEVER : model.first().due());
				this.all.removeIf((item) -> !item.isPlaced());
			}
			assertThat(this.deadlines.isEmpty()).isEqualTo(model.isEmpty());
		}
		assertThat(Arrays.asList(this.deadlines.toArray())).as("all with seed %d", seed)
			.doesNotContainNull()
			.hasSameSizeAs(model)
			.containsAll(model);
	}

	private static long delay(Random random, int magnitudes) {
		return (random.nextInt(8) == 0) ? random.nextInt(3) : random.nextLong() >>> 63 - random.nextInt(magnitudes);
	}

	private Item add(long due) {
		Item item = new Item();
		item.order = this.deadlines.nextOrder();
		this.deadlines.add(item, due);
		this.all.add(item);
		return item;
	}

	private void move(Item item, long due) {
		item.order = this.deadlines.nextOrder();
		this.deadlines.move(item, due);
	}

	private List<Item> expire(long time) {
		boolean done = false;
		while (!done) {
			done = this.deadlines.advance(time, 7);
		}
		List<Item> expired = new ArrayList<>();
		Item first = (Item) this.deadlines.near();
		while (first != null && first.due() - time <= 0) {
			this.deadlines.remove(first);
			expired.add(first);
			first = (Item) this.deadlines.near();
		}
		return expired;
	}

	private static final class Item extends Deadline {

		Item() {
			super("item");
		}

		@Override
		void expired(long now) {
			throw new UnsupportedOperationException();
		}

		@Override
		Loop loop() {
			throw new UnsupportedOperationException();
		}

		@Override
		public String toString() {
			return due() + "#" + this.order;
		}

	}

}
