package dev.mainloop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.mainloop.fd.ClockId;
import dev.mainloop.kernel.Capability;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The wall clock is really set here, to the time that it shows.
 */
@LinuxTest
class ClockSourceTests {

	private final List<Throwable> errors = new ArrayList<>();

	private final MainLoop loop = MainLoop.builder()
		.errorHandler((source, event, error) -> this.errors.add(error))
		.build();

	private final List<String> calls = new ArrayList<>();

	private final List<Duration> steps = new ArrayList<>();

	@BeforeEach
	void assumeClockCanBeSet() {
		Capability.SYS_TIME.assume();
	}

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void setClockShouldBeToldEachTime() {
		on("source");
		this.loop.runOnce();
		assertThat(this.calls).isEmpty();
		for (int i = 1; i <= 3; i++) {
			Kernel.setClockToItsTime();
			this.loop.runOnce();
			assertThat(this.calls).hasSize(i);
			this.loop.runOnce();
			assertThat(this.calls).hasSize(i);
		}
		assertThat(this.steps).allSatisfy((step) -> assertThat(step.abs()).isLessThan(Duration.ofSeconds(10)));
	}

	@Test
	void setClockShouldBeToldToEverySource() {
		on("first");
		on("second");
		this.loop.timer("timer").clock(ClockId.REALTIME).after(Duration.ofHours(1), (timer) -> this.calls.add("timer"));
		this.loop.runOnce();
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 3).containsEntry("descriptors", 0);
		Kernel.setClockToItsTime();
		this.loop.runOnce();
		assertThat(this.calls).containsExactlyInAnyOrder("first", "second");
	}

	@Test
	void pauseShouldKeepEventUntilResume() {
		ClockSource source = on("source");
		source.pause();
		Kernel.setClockToItsTime();
		this.loop.runOnce();
		assertThat(this.calls).isEmpty();
		source.resume();
		this.loop.runOnce();
		assertThat(this.calls).hasSize(1);
	}

	@Test
	void closeShouldEndCallsAndGiveTimerFdBack() {
		List<String> before = ProcessFiles.anonymous();
		ClockSource source = this.loop.onClockSet("source", (change) -> {
			this.calls.add("call");
			throw new IllegalStateException("expected");
		});
		Kernel.setClockToItsTime();
		this.loop.runOnce();
		assertThat(this.errors).singleElement().extracting(Throwable::getMessage).isEqualTo("expected");
		source.close();
		source.close();
		Kernel.setClockToItsTime();
		this.loop.runOnce();
		assertThat(this.calls).hasSize(1);
		assertThat(ProcessFiles.anonymous()).isEqualTo(before);
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 0);
	}

	@Test
	void closeByOwnHandlerShouldEndCalls() {
		ClockSource[] source = new ClockSource[1];
		source[0] = this.loop.onClockSet("source", (change) -> {
			this.calls.add("call");
			source[0].close();
		});
		Kernel.setClockToItsTime();
		this.loop.runOnce();
		Kernel.setClockToItsTime();
		this.loop.runOnce();
		assertThat(this.calls).hasSize(1);
	}

	@Test
	void closeByAnotherThreadWhileClockIsSetShouldHarmNothing() throws Exception {
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			for (int round = 0; round < 400; round++) {
				ClockSource source = this.loop.onClockSet("source", (change) -> {
				});
				for (int spin = round % 100; spin > 0; spin--) {
					Thread.onSpinWait();
				}
				Kernel.setClockToItsTime();
				source.close();
			}
			runner.awaitIteration();
			assertThat(this.loop.state()).isEqualTo(MainLoopState.RUNNING);
			assertThat(this.errors).isEmpty();
		}
	}

	@Test
	void closeByAnotherThreadWhileClockIsSetAllTheTimeShouldHarmNothing() throws Exception {
		AtomicBoolean setting = new AtomicBoolean(true);
		Thread setter = new Thread(() -> {
			while (setting.get()) {
				Kernel.setClockToItsTime();
			}
		}, "setter");
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			setter.start();
			for (int round = 0; round < 400; round++) {
				ClockSource source = this.loop.onClockSet("source", (change) -> {
				});
				source.pause();
				source.resume();
				source.close();
			}
			setting.set(false);
			setter.join();
			runner.awaitIteration();
			assertThat(this.loop.state()).isEqualTo(MainLoopState.RUNNING);
			assertThat(this.loop.sourceCounts()).containsEntry("timers", 0);
		}
		finally {
			setting.set(false);
		}
	}

	@Test
	void setClockShouldWakeLoop() throws Exception {
		CountDownLatch called = new CountDownLatch(1);
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			ClockSource source = this.loop.onClockSet("source", (change) -> called.countDown());
			runner.awaitIteration();
			assertThat(source.state()).isEqualTo(EventSource.State.ENABLED);
			Kernel.setClockToItsTime();
			LoopRunner.await(called);
		}
	}

	private ClockSource on(String description) {
		return this.loop.onClockSet(description, (change) -> {
			this.calls.add(description);
			this.steps.add(change.step());
		});
	}

}
