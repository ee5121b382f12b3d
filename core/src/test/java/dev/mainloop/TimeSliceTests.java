package dev.mainloop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.Signal;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Slow handlers of one kind of event against those of the others. Time passes in the
 * handlers alone.
 */
@LinuxTest
@EveryMultiplexer
class TimeSliceTests {

	private static final Duration SLICE = Duration.ofMillis(1);

	private static final Duration HANDLER = Duration.ofNanos(500_000);

	/** How long one phase of an iteration may last. */
	private static final Duration PHASE = SLICE.plus(HANDLER);

	private final ManualClock clock = new ManualClock();

	private final MainLoop loop;

	private final List<Long> lateness = new ArrayList<>();

	private int handled;

	TimeSliceTests(MultiplexerKind kind) {
		this.loop = MainLoop.builder().multiplexer(kind).clock(this.clock).timeSlice(SLICE).build();
	}

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void sliceShouldEndAfterItsTime() {
		TimeSlice slice = new TimeSlice(this.clock, SLICE.toNanos());
		for (int round = 0; round < 2; round++) {
			slice.begin();
			assertThat(slice.isOver()).isFalse();
			assertThat(handle(slice, HANDLER)).isFalse();
			assertThat(handle(slice, HANDLER)).isFalse();
			assertThat(handle(slice, HANDLER)).isTrue();
			assertThat(slice.isOver()).isTrue();
		}
	}

	@Test
	void sliceShouldCountFromTheEndOfTheFirstHandler() {
		TimeSlice slice = new TimeSlice(this.clock, SLICE.toNanos());
		slice.begin();
		assertThat(handle(slice, SLICE.multipliedBy(10))).isFalse();
		assertThat(handle(slice, SLICE.minusNanos(1))).isFalse();
		assertThat(handle(slice, Duration.ofNanos(1))).isTrue();
	}

	@Test
	void sliceShouldLookAtTheClockSeldomWhileHandlersAreFast() {
		int[] looks = new int[1];
		TimeSlice slice = new TimeSlice(() -> {
			looks[0]++;
			return this.clock.nanoTime();
		}, SLICE.toNanos());
		slice.begin();
		int count = 0;
		do {
			this.clock.advance(Duration.ofNanos(100));
			count++;
		}
		while (!slice.handled());
		assertThat(count).isBetween(10_001, 10_200);
		assertThat(looks[0]).isLessThan(count / 12);
	}

	@Test
	void sliceShouldEndInTimeWhenHandlersSlowDownAlittle() {
		TimeSlice slice = new TimeSlice(this.clock, SLICE.toNanos());
		slice.begin();
		long start = this.clock.nanoTime();
		long nanos = 100;
		do {
			this.clock.advance(Duration.ofNanos(nanos));
			nanos += nanos / 50;
		}
		while (!slice.handled());
		assertThat(this.clock.nanoTime() - start).isBetween(SLICE.toNanos(), SLICE.toNanos() * 3 / 2);
	}

	@Test
	void changesThatManyHandlersMakeShouldNotPileUp() {
		EventQueue<Integer> queue = this.loop.queue("timers", 16, (count) -> {
			this.handled++;
			for (int i = 0; i < count; i++) {
				this.loop.after("cancelled", SLICE, (timer) -> {
				}).close();
			}
		});
		for (int i = 0; i < 16; i++) {
			queue.send(1000);
		}
		this.loop.runOnce();
		assertThat(this.handled).isEqualTo(5);
		this.loop.runOnce();
		assertThat(this.handled).isEqualTo(10);
	}

	private boolean handle(TimeSlice slice, Duration time) {
		this.clock.advance(time);
		return slice.handled();
	}

	@Test
	void floodedQueuesShouldKeepTimerWaitingForOneSlice() {
		List<QueueSource<Integer>> queues = floodQueues(4);
		every(Duration.ofMillis(10));
		for (int i = 0; i < 2000; i++) {
			this.loop.runOnce();
		}
		assertThat(this.lateness).hasSizeGreaterThan(100).allMatch((late) -> late <= PHASE.toNanos());
		assertThat(queues).allSatisfy((queue) -> assertThat(queue.size()).isPositive());
	}

	@Test
	void floodedQueuesShouldTakeTurns() {
		int[] counts = new int[4];
		for (int i = 0; i < counts.length; i++) {
			int number = i;
			flood("queue " + number, () -> counts[number]++);
		}
		for (int i = 0; i < 400; i++) {
			this.loop.runOnce();
		}
		assertThat(Arrays.stream(counts).min().orElseThrow()).isGreaterThanOrEqualTo(200);
	}

	@Test
	void floodedQueuesShouldKeepDescriptorWaitingForOneSlice() {
		floodQueues(4);
		List<Long> times = new ArrayList<>();
		try (EventFd ready = EventFd.open(1)) {
			this.loop.watch("fd", ready, Readiness.READABLE, (fd, readiness) -> times.add(this.clock.nanoTime()));
			for (int i = 0; i < 500; i++) {
				this.loop.runOnce();
			}
		}
		assertIntervals(times, PHASE);
	}

	@Test
	void readyDescriptorsShouldKeepTimerAndMessagesWaitingForOneSlice() {
		List<EventFd> ready = new ArrayList<>();
		try {
			for (int i = 0; i < 300; i++) {
				EventFd fd = EventFd.open(1);
				ready.add(fd);
				this.loop.watch("fd", fd, Readiness.READABLE, (some, readiness) -> handle());
			}
			List<Long> times = new ArrayList<>();
			flood("queue", () -> times.add(this.clock.nanoTime()));
			every(Duration.ofMillis(10));
			for (int i = 0; i < 1000; i++) {
				this.loop.runOnce();
			}
			assertThat(this.lateness).hasSizeGreaterThan(100).allMatch((late) -> late <= 2 * PHASE.toNanos());
			assertIntervals(times, PHASE);
			assertThat(this.handled).isGreaterThan(2000);
		}
		finally {
			ready.forEach(EventFd::close);
		}
	}

	@Test
	void readyDescriptorsShouldAllHaveTheirTurn() {
		int[] counts = new int[300];
		List<EventFd> ready = new ArrayList<>();
		try {
			for (int i = 0; i < counts.length; i++) {
				int number = i;
				EventFd fd = EventFd.open(1);
				ready.add(fd);
				this.loop.watch("fd", fd, Readiness.READABLE, (some, readiness) -> {
					counts[number]++;
					handle();
				});
			}
			while (this.handled < 3 * counts.length) {
				this.loop.runOnce();
			}
			assertThat(Arrays.stream(counts).min().orElseThrow()).isGreaterThanOrEqualTo(2);
		}
		finally {
			ready.forEach(EventFd::close);
		}
	}

	@Test
	void timersThatAreDueShouldKeepMessagesAndDescriptorsWaitingForOneSlice() {
		for (int i = 0; i < 100; i++) {
			this.loop.every("timer", Duration.ZERO, Duration.ofNanos(1), (timer) -> handle());
		}
		List<Long> times = new ArrayList<>();
		flood("queue", () -> times.add(this.clock.nanoTime()));
		List<Long> readyTimes = new ArrayList<>();
		try (EventFd ready = EventFd.open(1)) {
			this.loop.watch("fd", ready, Readiness.READABLE, (fd, readiness) -> readyTimes.add(this.clock.nanoTime()));
			for (int i = 0; i < 300; i++) {
				this.loop.runOnce();
			}
		}
		assertIntervals(times, PHASE);
		assertIntervals(readyTimes, PHASE.multipliedBy(2));
	}

	@Test
	void signalsThatWaitShouldKeepOthersWaitingForOneSlice() {
		Signal signal = Signal.of("WINCH");
		int[] signals = new int[1];
		this.loop.onSignal("signal", signal, (info) -> {
			signals[0]++;
			handle();
			if (signals[0] < 20) {
				Kernel.kill(ProcessHandle.current().pid(), signal.number());
			}
		});
		Kernel.kill(ProcessHandle.current().pid(), signal.number());
		List<Long> times = new ArrayList<>();
		flood("queue", () -> times.add(this.clock.nanoTime()));
		while (signals[0] < 20) {
			this.loop.runOnce();
		}
		assertIntervals(times, PHASE);
	}

	/** Queues that are never empty, whose handlers take half a slice. */
	private List<QueueSource<Integer>> floodQueues(int count) {
		List<QueueSource<Integer>> queues = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			queues.add(flood("queue " + i, () -> {
			}));
		}
		return queues;
	}

	@SuppressWarnings({ "rawtypes", "unchecked" })
	private QueueSource<Integer> flood(String description, Runnable action) {
		QueueSource<Integer>[] queue = new QueueSource[1];
		queue[0] = this.loop.queue(description, 64, (message) -> {
			action.run();
			handle();
			queue[0].send(message);
		});
		for (int i = 0; i < 32; i++) {
			queue[0].send(i);
		}
		return queue[0];
	}

	private void handle() {
		this.handled++;
		this.clock.advance(HANDLER);
	}

	private void every(Duration period) {
		this.loop.every("beat", period, period, (timer) -> this.lateness.add(timer.tick().latenessNanos()));
	}

	/**
	 * Asserts that others had no more than some time between two calls, beside the
	 * handlers of its own kind.
	 */
	private static void assertIntervals(List<Long> times, Duration most) {
		assertThat(times).hasSizeGreaterThan(10);
		for (int i = 1; i < times.size(); i++) {
			assertThat(times.get(i) - times.get(i - 1)).isLessThanOrEqualTo(most.plus(HANDLER).toNanos());
		}
	}

}
