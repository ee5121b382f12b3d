package dev.mainloop.scheduling;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopThread;
import dev.mainloop.kernel.Capability;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.ManualClocks;
import dev.mainloop.testing.LinuxTest;
import dev.mainloop.testing.NamedTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.TriggerContext;
import org.springframework.scheduling.support.CronTrigger;
import org.springframework.scheduling.support.PeriodicTrigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@LinuxTest
class MainLoopTaskSchedulerTests {

	private static final Instant START = Instant.parse("2026-01-01T06:29:58Z");

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final ManualClocks clocks = new ManualClocks(START);

	private final List<Throwable> errors = new ArrayList<>();

	private final MainLoop loop = MainLoop.builder()
		.clock(this.clocks)
		.errorHandler((source, event, error) -> this.errors.add(error))
		.build();

	private final MainLoopTaskScheduler scheduler = new MainLoopTaskScheduler(this.loop);

	private final List<Instant> runs = new ArrayList<>();

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void clockShouldBeThatOfTheLoop() {
		assertThat(this.scheduler.getClock().instant()).isEqualTo(START);
		advance(SECOND);
		assertThat(this.scheduler.getClock().withZone(ZoneOffset.UTC).instant()).isEqualTo(START.plus(SECOND));
		assertThat(this.scheduler.getClock().withZone(ZoneOffset.UTC).getZone()).isEqualTo(ZoneOffset.UTC);
	}

	@Test
	void taskForATimeShouldRunOnceOnTheLoop() throws Exception {
		ScheduledFuture<?> future = this.scheduler.schedule(() -> {
			this.loop.requireLoopThread();
			run();
		}, START.plusSeconds(2));
		this.loop.runOnce();
		assertThat(future.getDelay(TimeUnit.MILLISECONDS)).isEqualTo(2000);
		advance(SECOND);
		assertThat(future.isDone()).isFalse();
		advance(SECOND);
		advance(SECOND);
		assertThat(this.runs).containsExactly(START.plusSeconds(2));
		assertThat(future.isDone()).isTrue();
		assertThat(future.get()).isNull();
		assertThat(future.cancel(false)).isFalse();
		assertThat(this.errors).isEmpty();
	}

	@Test
	void taskForATimeShouldFollowTheWallClock() {
		this.scheduler.schedule(this::run, START.plus(Duration.ofHours(1)));
		this.loop.runOnce();
		setClock(START.plus(Duration.ofHours(2)));
		assertThat(this.runs).hasSize(1);
	}

	@Test
	void taskForATimeThatIsPastShouldRunAtOnce() {
		this.scheduler.schedule(this::run, START.minusSeconds(1));
		this.loop.runOnce();
		this.loop.runOnce();
		assertThat(this.runs).hasSize(1);
	}

	@Test
	void failureOfATaskShouldBeReportedAndKept() {
		ScheduledFuture<?> future = this.scheduler.schedule(this::fail, START);
		this.loop.runOnce();
		this.loop.runOnce();
		assertThat(this.errors).singleElement().satisfies((ex) -> assertThat(ex).hasMessage("expected by the test"));
		assertThat(future.isDone()).isTrue();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(future::get)
			.withMessageContaining("expected by the test");
	}

	@Test
	void fixedRateShouldNotDriftNorBeMadeUpFor() {
		ScheduledFuture<?> future = this.scheduler.scheduleAtFixedRate(this::run, START.plus(SECOND), SECOND);
		this.loop.runOnce();
		advance(Duration.ofMillis(1300));
		advance(Duration.ofMillis(700));
		assertThat(this.runs).containsExactly(START.plusMillis(1300), START.plusMillis(2000));
		advance(Duration.ofMillis(3500));
		advance(Duration.ofMillis(500));
		assertThat(this.runs).hasSize(4).endsWith(START.plusMillis(5500), START.plusMillis(6000));
		assertThat(future.getDelay(TimeUnit.MILLISECONDS)).isEqualTo(1000);
		assertThat(future.isDone()).isFalse();
	}

	@Test
	void fixedDelayShouldCountFromTheEndOfTheRun() {
		ScheduledFuture<?> future = this.scheduler.scheduleWithFixedDelay(() -> {
			run();
			this.clocks.advance(SECOND);
		}, SECOND);
		this.loop.runOnce();
		this.loop.runOnce();
		assertThat(this.runs).containsExactly(START);
		assertThat(future.getDelay(TimeUnit.MILLISECONDS)).isEqualTo(1000);
		advance(Duration.ofMillis(999));
		assertThat(this.runs).hasSize(1);
		advance(Duration.ofMillis(1));
		assertThat(this.runs).containsExactly(START, START.plusSeconds(2));
	}

	@Test
	void failureShouldNotEndATaskThatRepeats() {
		ScheduledFuture<?> rate = this.scheduler.scheduleAtFixedRate(this::fail, SECOND);
		ScheduledFuture<?> delay = this.scheduler.scheduleWithFixedDelay(this::fail, SECOND);
		ScheduledFuture<?> trigger = this.scheduler.schedule(this::fail, (TriggerContext context) -> {
			Instant last = context.lastScheduledExecution();
			return (last != null) ? last.plus(SECOND) : START;
		});
		this.loop.runOnce();
		this.loop.runOnce();
		assertThat(this.errors).hasSize(3);
		advance(SECOND);
		assertThat(this.errors).hasSize(6);
		assertThat(List.of(rate, delay, trigger)).noneMatch(ScheduledFuture::isDone);
	}

	@Test
	void triggerShouldBeAskedAfterEachRun() throws Exception {
		List<Instant> contexts = new ArrayList<>();
		ScheduledFuture<?> future = this.scheduler.schedule(() -> {
			run();
			this.clocks.advance(Duration.ofMillis(10));
		}, (TriggerContext context) -> {
			contexts.add(context.lastScheduledExecution());
			contexts.add(context.lastActualExecution());
			contexts.add(context.lastCompletion());
			return (contexts.size() <= 6) ? context.getClock().instant().plus(SECOND) : null;
		});
		this.loop.runOnce();
		advance(Duration.ofMillis(1001));
		assertThat(contexts).containsExactly(null, null, null, START.plusSeconds(1), START.plusMillis(1001),
				START.plusMillis(1011));
		assertThat(future.isDone()).isFalse();
		advance(SECOND);
		assertThat(this.runs).hasSize(2);
		assertThat(future.isDone()).isTrue();
		assertThat(future.get()).isNull();
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 0);
	}

	@Test
	void cronShouldFollowTheWallClock() {
		this.scheduler.schedule(this::run, new CronTrigger("0 30 6 * * *", ZoneOffset.UTC));
		this.loop.runOnce();
		advance(SECOND);
		assertThat(this.runs).isEmpty();
		advance(SECOND);
		assertThat(this.runs).containsExactly(START.plusSeconds(2));
		setClock(START.plus(Duration.ofDays(1)).plusSeconds(3));
		assertThat(this.runs).hasSize(2);
	}

	@Test
	void cronWhenClockIsSetBackShouldBeWorkedOutAnew() {
		this.scheduler.schedule(this::run, new CronTrigger("0 * * * * *", ZoneOffset.UTC));
		this.loop.runOnce();
		pass(Duration.ofMinutes(5));
		assertThat(this.runs).hasSize(5);
		this.runs.clear();
		setClock(START.minus(Duration.ofMinutes(55)));
		pass(Duration.ofMinutes(65));
		assertThat(this.runs).hasSize(65);
	}

	@Test
	void cronWhenClockIsSetBackALittleShouldNotRunAgainForATimeThatTheClockDoesNotShowAgain() {
		this.scheduler.schedule(this::run, new CronTrigger("0 * * * * *", ZoneOffset.UTC));
		this.loop.runOnce();
		advance(Duration.ofSeconds(22));
		assertThat(this.runs).hasSize(1);
		setClock(START.plusSeconds(12));
		assertThat(this.runs).hasSize(1);
		advance(Duration.ofSeconds(50));
		assertThat(this.runs).containsExactly(START.plusSeconds(22), START.plusSeconds(62));
	}

	@Test
	void cronWhenClockIsSetBeyondATimeShouldRunOnce() {
		ScheduledFuture<?> future = this.scheduler.schedule(this::run, new CronTrigger("0 30 6 * * *", ZoneOffset.UTC));
		this.loop.runOnce();
		setClock(START.plus(Duration.ofDays(3)).plusSeconds(3));
		assertThat(this.runs).containsExactly(START.plus(Duration.ofDays(3)).plusSeconds(3));
		assertThat(future.getDelay(TimeUnit.SECONDS)).isEqualTo(Duration.ofDays(1).toSeconds() - 1);
	}

	@Test
	void taskForATimeWhenClockIsSetBackShouldWaitForIt() {
		this.scheduler.schedule(this::run, START.plusSeconds(10));
		this.loop.runOnce();
		setClock(START.minusSeconds(3600));
		advance(Duration.ofSeconds(3609));
		assertThat(this.runs).isEmpty();
		advance(SECOND);
		assertThat(this.runs).containsExactly(START.plusSeconds(10));
	}

	@ParameterizedTest
	@ValueSource(longs = { -3600, -1, 1, 3600 })
	void periodWhenClockIsSetShouldKeepItsLength(long step) {
		PeriodicTrigger rate = new PeriodicTrigger(Duration.ofSeconds(10));
		rate.setFixedRate(true);
		rate.setInitialDelay(Duration.ofSeconds(10));
		PeriodicTrigger delay = new PeriodicTrigger(Duration.ofSeconds(10));
		delay.setInitialDelay(Duration.ofSeconds(10));
		this.scheduler.schedule(this::run, rate);
		this.scheduler.schedule(this::run, delay);
		this.scheduler.scheduleAtFixedRate(this::run, START.plusSeconds(10), Duration.ofSeconds(10));
		this.scheduler.scheduleWithFixedDelay(this::run, START.plusSeconds(10), Duration.ofSeconds(10));
		this.scheduler.schedule(this::run, (context) -> {
			Instant last = context.lastCompletion();
			return ((last != null) ? last : START).plusSeconds(10);
		});
		this.loop.runOnce();
		advance(Duration.ofSeconds(10));
		assertThat(this.runs).hasSize(5);
		for (int i = 2; i <= 4; i++) {
			advance(Duration.ofSeconds(4));
			setClock(this.loop.now().plusSeconds(step));
			advance(Duration.ofSeconds(5));
			assertThat(this.runs).hasSize(5 * (i - 1));
			advance(SECOND);
			assertThat(this.runs).hasSize(5 * i);
		}
	}

	@Test
	void initialDelayOfATriggerWhenClockIsSetShouldKeepItsLength() {
		PeriodicTrigger trigger = new PeriodicTrigger(SECOND);
		trigger.setInitialDelay(Duration.ofSeconds(10));
		this.scheduler.schedule(this::run, trigger);
		this.loop.runOnce();
		advance(Duration.ofSeconds(9));
		setClock(START.plusSeconds(7200));
		assertThat(this.runs).isEmpty();
		advance(SECOND);
		assertThat(this.runs).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(longs = { -3600, -1, 1, 3600 })
	void periodWhenClockIsSetDuringARunShouldKeepItsLength(long step) {
		this.scheduler.schedule(() -> {
			run();
			if (this.runs.size() == 1) {
				setRealClock(this.loop.now().plusSeconds(step));
			}
		}, new PeriodicTrigger(Duration.ofSeconds(10)));
		this.scheduler.schedule(this::run, (context) -> {
			Instant last = context.lastCompletion();
			return (last != null) ? last.plusSeconds(10) : START;
		});
		this.loop.runOnce();
		advance(Duration.ZERO);
		assertThat(this.runs).hasSize(2);
		for (int i = 2; i <= 3; i++) {
			advance(Duration.ofSeconds(9));
			assertThat(this.runs).hasSize(2 * (i - 1));
			advance(SECOND);
			assertThat(this.runs).hasSize(2 * i);
		}
	}

	@Test
	void triggerThatEndsWhenClockIsSetShouldEndItsTask() {
		ScheduledFuture<?> future = this.scheduler.schedule(this::run,
				(context) -> this.loop.now().isAfter(START.plusSeconds(60)) ? null : START.plusSeconds(10));
		this.loop.runOnce();
		setClock(START.plusSeconds(3600));
		assertThat(future.isDone()).isTrue();
		assertThat(this.runs).isEmpty();
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 0);
	}

	@Test
	void triggerThatFailsWhenClockIsSetShouldEndItsTaskAndBeReported() {
		ScheduledFuture<?> future = this.scheduler.schedule(this::run, (context) -> {
			if (this.loop.now().isAfter(START)) {
				throw new IllegalArgumentException("trigger");
			}
			return START.plusSeconds(10);
		});
		this.loop.runOnce();
		setClock(START.plusSeconds(1));
		assertThat(this.errors).singleElement().satisfies((ex) -> assertThat(ex).hasMessage("trigger"));
		assertThat(future.isDone()).isTrue();
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 0);
	}

	@Test
	void cancelledTaskShouldNotAskItsTriggerWhenClockIsSet() {
		int[] asked = new int[1];
		ScheduledFuture<?> future = this.scheduler.schedule(this::run, (context) -> {
			asked[0]++;
			return START.plusSeconds(10);
		});
		this.loop.runOnce();
		future.cancel(false);
		setClock(START.plusSeconds(3600));
		assertThat(asked).containsExactly(1);
		assertThat(this.runs).isEmpty();
	}

	@Test
	void timesInTheFarFutureShouldNotSpin() {
		Duration ever = ChronoUnit.FOREVER.getDuration();
		this.scheduler.schedule(this::run, Instant.MAX);
		this.scheduler.schedule(this::run, (context) -> Instant.MAX);
		this.scheduler.scheduleAtFixedRate(this::run, Instant.MAX, ever);
		this.scheduler.scheduleAtFixedRate(this::run, ever);
		this.scheduler.scheduleWithFixedDelay(this::run, ever);
		for (int i = 0; i < 10; i++) {
			this.loop.runOnce();
		}
		assertThat(this.runs).hasSize(2);
		assertThat(this.errors).isEmpty();
		assertThat(this.loop.runOnce()).isFalse();
	}

	@Test
	void getDelayOfARateShouldBeByTheNewClockAfterTheNextRun() {
		ScheduledFuture<?> future = this.scheduler.scheduleAtFixedRate(this::run, START.plus(SECOND), SECOND);
		this.loop.runOnce();
		setClock(START.plusSeconds(3600));
		advance(SECOND);
		assertThat(this.runs).hasSize(1);
		assertThat(future.getDelay(TimeUnit.MILLISECONDS)).isEqualTo(1000);
	}

	@Test
	void triggerThatNeverFiresShouldScheduleNothing() {
		ScheduledFuture<?> future = this.scheduler.schedule(this::run, (TriggerContext context) -> null);
		assertThat((Object) future).isNull();
	}

	@Test
	void failureOfATriggerShouldEndItsTaskAndBeReported() {
		ScheduledFuture<?> future = this.scheduler.schedule(this::fail, (TriggerContext context) -> {
			if (context.lastCompletion() != null) {
				throw new IllegalArgumentException("trigger");
			}
			return START;
		});
		this.loop.runOnce();
		this.loop.runOnce();
		assertThat(this.errors).singleElement()
			.satisfies((ex) -> assertThat(ex).hasMessage("trigger")
				.hasSuppressedException(new IllegalStateException("expected by the test")));
		assertThat(future.isDone()).isTrue();
	}

	@Test
	void cancelledTaskShouldNotRun() {
		ScheduledFuture<?> future = this.scheduler.scheduleAtFixedRate(this::run, START.plus(SECOND), SECOND);
		this.loop.runOnce();
		advance(SECOND);
		assertThat(future.cancel(true)).isTrue();
		advance(SECOND);
		assertThat(this.runs).hasSize(1);
		assertThat(future.isDone()).isTrue();
		assertThat(future.isCancelled()).isTrue();
		assertThatExceptionOfType(CancellationException.class).isThrownBy(future::get);
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 0);
	}

	@Test
	void taskShouldCancelItself() {
		List<ScheduledFuture<?>> futures = new ArrayList<>();
		futures.add(this.scheduler.scheduleWithFixedDelay(() -> {
			run();
			futures.get(0).cancel(false);
		}, SECOND));
		this.loop.runOnce();
		this.loop.runOnce();
		advance(SECOND);
		assertThat(this.runs).hasSize(1);
		assertThat(this.errors).isEmpty();
	}

	@Test
	void anotherThreadShouldCancelATaskThatRuns() throws Exception {
		MainLoop running = MainLoop.builder().errorHandler((source, event, error) -> this.errors.add(error)).build();
		MainLoopThread thread = new MainLoopThread(running);
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch cancelled = new CountDownLatch(1);
		try (running) {
			ScheduledFuture<?> future = new MainLoopTaskScheduler(running).scheduleWithFixedDelay(() -> {
				started.countDown();
				await(cancelled);
				assertThat(Thread.currentThread().isInterrupted()).isFalse();
			}, Duration.ZERO);
			thread.start();
			await(started);
			assertThat(future.cancel(true)).isTrue();
			cancelled.countDown();
			thread.stop().orTimeout(30, TimeUnit.SECONDS).join();
			assertThat(this.errors).isEmpty();
			assertThat(running.sourceCounts()).containsEntry("timers", 0);
		}
	}

	@Test
	void earlierTaskShouldComeFirst() {
		ScheduledFuture<?> one = this.scheduler.schedule(this::run, START.plusSeconds(1));
		ScheduledFuture<?> two = this.scheduler.schedule(this::run, START.plusSeconds(2));
		assertThat(one.compareTo(two)).isNegative();
		assertThat(two.compareTo(one)).isPositive();
	}

	@Test
	void closeShouldCancelAllTasks() {
		ScheduledFuture<?> one = this.scheduler.schedule(this::run, START);
		ScheduledFuture<?> two = this.scheduler.scheduleAtFixedRate(this::run, SECOND);
		this.scheduler.close();
		this.loop.runOnce();
		this.loop.runOnce();
		assertThat(List.of(one, two)).allMatch(ScheduledFuture::isCancelled);
		assertThat(this.runs).isEmpty();
	}

	@Test
	void closedLoopShouldRefuseTasks() {
		this.loop.close();
		assertThatExceptionOfType(TaskRejectedException.class)
			.isThrownBy(() -> this.scheduler.schedule(new NamedTask("the task"), START))
			.withMessage("The main loop does not take the task: The main loop is closed");
		assertThatExceptionOfType(TaskRejectedException.class)
			.isThrownBy(() -> this.scheduler.scheduleAtFixedRate(this::run, SECOND));
		assertThatExceptionOfType(TaskRejectedException.class)
			.isThrownBy(() -> this.scheduler.scheduleWithFixedDelay(this::run, SECOND));
	}

	@Test
	void periodOfZeroShouldBeRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.scheduler.scheduleAtFixedRate(this::run, Duration.ZERO))
			.withMessageContaining("'period' must be more than zero");
	}

	private void run() {
		this.runs.add(this.loop.now());
	}

	private void fail() {
		throw new IllegalStateException("expected by the test");
	}

	/** Sets the clock, and has the kernel tell the loop. */
	private void setClock(Instant time) {
		setRealClock(time);
		this.loop.runOnce();
	}

	private void setRealClock(Instant time) {
		Capability.SYS_TIME.assume();
		this.clocks.set(time);
		Kernel.setClockToItsTime();
	}

	private void pass(Duration time) {
		for (long i = time.toSeconds(); i > 0; i--) {
			advance(SECOND);
		}
	}

	private void advance(Duration time) {
		this.clocks.advance(time);
		this.loop.runOnce();
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
