package dev.mainloop;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Stopwatch}.
 */
class StopwatchTests {

	private static final long START = Long.MAX_VALUE / 4;

	private final Stopwatch watch = new Stopwatch();

	@Test
	void stretchesShouldBeAddedUp() {
		assertThat(this.watch.nanos(START)).isZero();
		this.watch.start(START);
		this.watch.stop(START + 3);
		assertThat(this.watch.nanos(START + 5)).isEqualTo(3);
		this.watch.start(START + 10);
		this.watch.stop(START + 14);
		this.watch.stop(START + 20);
		assertThat(this.watch.nanos(START + 20)).isEqualTo(7);
	}

	@Test
	void stretchThatGoesOnShouldCount() {
		this.watch.start(START);
		assertThat(this.watch.nanos(START + 2)).isEqualTo(2);
		this.watch.stop(START + 3);
		this.watch.start(START + 10);
		assertThat(this.watch.nanos(START + 11)).isEqualTo(4);
		this.watch.start(START + 12);
		assertThat(this.watch.nanos(START + 13)).isEqualTo(6);
	}

	@Test
	void nobodyShouldBeToldLessThanBefore() {
		this.watch.start(START);
		assertThat(this.watch.nanos(START + 5)).isEqualTo(5);
		this.watch.stop(START + 3);
		assertThat(this.watch.nanos(START + 6)).isEqualTo(5);
		this.watch.start(START + 7);
		assertThat(this.watch.nanos(START + 6)).isEqualTo(5);
		assertThat(this.watch.nanos(START + 10)).isEqualTo(6);
	}

}
