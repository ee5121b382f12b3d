package dev.mainloop.handler;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.Timer;
import dev.mainloop.TimerTick;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.fd.ClockId;
import dev.mainloop.kernel.Capability;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.ManualClocks;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the attributes of {@link OnTimer} mean, by clocks that are moved by hand.
 */
@LinuxTest
class OnTimerTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private final ManualClocks clocks = new ManualClocks(Instant.parse("2026-06-01T00:00:00Z"));

	private final List<Throwable> errors = new ArrayList<>();

	private final MainLoop loop = MainLoop.builder()
		.clock(this.clocks)
		.errorHandler((source, event, error) -> this.errors.add(error))
		.build();

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final Log log = new Log();

	private final List<EventSource> sources = new ArrayList<>();

	OnTimerTests() {
		EventQueues queues = new EventQueues(this.loop, 16);
		this.context.registerBean(PropertySourcesPlaceholderConfigurer.class);
		this.context.registerBean(Log.class, () -> this.log);
		this.context.registerBean(EventHandlers.class, () -> new EventHandlers(this.context.getBeanFactory(), queues));
	}

	@AfterEach
	void close() {
		this.context.close();
		this.loop.close();
	}

	@ParameterizedTest
	@CsvSource({ "250ms, 100ms", "PT0.25S, PT0.1S", "250, 100", "' 250ms ', 100000us" })
	void timesShouldBeTextWithPlaceholders(String every, String initialDelay) {
		long start = this.clocks.nanoTime();
		properties(Map.of("every", every, "initialDelay", initialDelay));
		start(Periodic.class);
		advance(Duration.ofMillis(99));
		assertThat(this.log.ticks).isEmpty();
		advance(Duration.ofMillis(1));
		advance(Duration.ofMillis(250));
		advance(Duration.ofMillis(500));
		assertThat(this.log.ticks).extracting((tick) -> (tick.deadlineNanos() - start) / 1_000_000)
			.containsExactly(100L, 350L, 600L);
		assertThat(this.log.ticks).extracting(TimerTick::expirations).containsExactly(1L, 1L, 2L);
	}

	@ParameterizedTest
	@CsvSource({ "0.25s, 1s, every", "1s, 100 ms, initialDelay", "P1Y, 1s, every" })
	void timesThatAreNoDurationsShouldBeRefused(String every, String initialDelay, String attribute) {
		properties(Map.of("every", every, "initialDelay", initialDelay));
		assertInvalid(Periodic.class, "its '" + attribute + "' is '", "such as 250ms, 1s or PT1.5S");
	}

	@Test
	void timerWithoutInitialDelayShouldBeDueAtOnce() {
		properties(Map.of("every", "1h", "initialDelay", ""));
		start(Periodic.class);
		advance(Duration.ZERO);
		assertThat(this.log.ticks).hasSize(1);
	}

	@Test
	void clockAndSlackShouldBeThoseOfTheAnnotation() {
		properties(Map.of("slack", "${no.slack:10s}"));
		start(Slack.class);
		for (int i = 0; i < 60; i++) {
			advance(Duration.ofSeconds(1));
		}
		assertThat(this.log.clocks).containsOnly(ClockId.BOOTTIME);
		assertThat(this.log.ticks).hasSizeBetween(3, 6);
		assertThat(this.log.ticks).allSatisfy((tick) -> {
			assertThat(tick.latenessNanos()).isBetween(0L, Duration.ofSeconds(10).toNanos() - 1);
			assertThat((tick.deadlineNanos() + tick.latenessNanos()) % Duration.ofSeconds(10).toNanos()).isZero();
		});
	}

	@Test
	void handlerShouldChangePauseAndCancelItsTimer() {
		start(Changing.class);
		long start = this.clocks.nanoTime();
		for (int i = 0; i < 20; i++) {
			advance(Duration.ofSeconds(1));
		}
		assertThat(this.log.ticks).extracting((tick) -> (tick.deadlineNanos() - start) / 1_000_000_000)
			.containsExactly(1L, 2L, 5L, 6L);
		this.sources.get(0).resume();
		advance(Duration.ZERO);
		advance(Duration.ofSeconds(3));
		assertThat(this.log.ticks).hasSize(5);
		assertThat(this.sources.get(0).state()).isEqualTo(EventSource.State.CLOSED);
	}

	@Test
	void cronShouldCallAtTimesOfItsZone() {
		cron("0 30 6 * * MON-FRI", "Asia/Kolkata");
		pass(Duration.ofDays(8), Duration.ofMinutes(30));
		assertThat(this.log.times()).containsExactly("2026-06-01T01:00:00Z", "2026-06-02T01:00:00Z",
				"2026-06-03T01:00:00Z", "2026-06-04T01:00:00Z", "2026-06-05T01:00:00Z", "2026-06-08T01:00:00Z");
		assertThat(this.log.clocks).containsOnly(ClockId.REALTIME);
		assertThat(this.log.ticks).allSatisfy((tick) -> {
			assertThat(tick.expirations()).isOne();
			assertThat(tick.latenessNanos()).isZero();
		});
	}

	@Test
	void cronWithoutZoneShouldBeOfTheHost() {
		cron("0 0 6 1 * *", "");
		pass(Duration.ofDays(31), Duration.ofMinutes(15));
		assertThat(this.log.ticks).isNotEmpty().allSatisfy((tick) -> {
			var time = Instant.EPOCH.plusNanos(tick.deadlineNanos()).atZone(ZoneId.systemDefault());
			assertThat(time.getHour()).isEqualTo(6);
			assertThat(time.getDayOfMonth()).isOne();
		});
	}

	@Test
	void cronTimeThatDaylightSavingSkipsShouldNotCome() {
		this.clocks.set(Instant.parse("2026-03-28T00:00:00Z"));
		cron("0 30 2 * * *", "Europe/Berlin");
		pass(Duration.ofDays(3), Duration.ofMinutes(30));
		assertThat(this.log.times()).containsExactly("2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z");
	}

	@Test
	void cronTimeThatDaylightSavingRepeatsShouldComeTwice() {
		this.clocks.set(Instant.parse("2026-10-24T12:00:00Z"));
		cron("0 30 2 * * *", "Europe/Berlin");
		pass(Duration.ofDays(2), Duration.ofMinutes(30));
		assertThat(this.log.times()).containsExactly("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z",
				"2026-10-26T01:30:00Z");
	}

	@ParameterizedTest
	@CsvSource({ "2026-03-28T12:00:00Z", "2026-10-24T12:00:00Z" })
	void cronOfEachHourShouldComeEachHourWhenDaylightSavingChanges(String start) {
		this.clocks.set(Instant.parse(start));
		cron("0 0 * * * *", "Europe/Berlin");
		pass(Duration.ofDays(1), Duration.ofMinutes(30));
		assertThat(this.log.ticks).hasSize(24);
		for (int i = 0; i < 24; i++) {
			assertThat(this.log.times().get(i))
				.isEqualTo(Instant.parse(start).plus(Duration.ofHours(i + 1)).toString());
		}
	}

	@Test
	void cronTimesThatLoopWasTooBusyForShouldBePassedOver() {
		cron("0 * * * * *", "UTC");
		advance(Duration.ofSeconds(90));
		advance(Duration.ofMinutes(10));
		advance(Duration.ofSeconds(30));
		assertThat(this.log.times()).containsExactly("2026-06-01T00:01:00Z", "2026-06-01T00:02:00Z",
				"2026-06-01T00:12:00Z");
		assertThat(this.log.ticks.get(1).latenessNanos()).isEqualTo(Duration.ofSeconds(570).toNanos());
	}

	@Test
	void cronWhenClockIsSetBackShouldBeWorkedOutAnew() {
		cron("0 * * * * *", "UTC");
		pass(Duration.ofMinutes(5), MINUTE);
		this.log.ticks.clear();
		setClock("2026-05-31T23:05:00Z");
		pass(Duration.ofMinutes(65), MINUTE);
		assertThat(this.log.times()).hasSize(65).startsWith("2026-05-31T23:06:00Z").endsWith("2026-06-01T00:10:00Z");
	}

	@Test
	void cronWhenClockIsSetBackDuringACallShouldBeWorkedOutAnew() {
		this.log.onTick = (timer, tick) -> setRealClock("2026-06-01T00:00:30Z");
		cron("0 * * * * *", "UTC");
		advance(MINUTE);
		this.log.onTick = (timer, tick) -> {
		};
		advance(Duration.ZERO);
		pass(Duration.ofMinutes(2), Duration.ofSeconds(30));
		assertThat(this.log.times()).containsExactly("2026-06-01T00:01:00Z", "2026-06-01T00:01:00Z",
				"2026-06-01T00:02:00Z");
	}

	@Test
	void cronWhenClockIsSetForwardShouldCallOnceAndGoOnFromThere() {
		cron("0 * * * * *", "UTC");
		advance(MINUTE);
		setClock("2026-07-01T12:00:30Z");
		advance(Duration.ofSeconds(30));
		assertThat(this.log.times()).containsExactly("2026-06-01T00:01:00Z", "2026-06-01T00:02:00Z",
				"2026-07-01T12:01:00Z");
	}

	@Test
	void cronWhenClockIsSetWhileACallIsOverdueShouldNotLoseIt() {
		cron("0 0 * * * *", "UTC");
		pass(Duration.ofMinutes(59), MINUTE);
		this.clocks.advance(Duration.ofSeconds(90));
		setClock("2026-06-01T01:00:29Z");
		assertThat(this.log.times()).containsExactly("2026-06-01T01:00:00Z");
		pass(Duration.ofMinutes(60), MINUTE);
		assertThat(this.log.times()).containsExactly("2026-06-01T01:00:00Z", "2026-06-01T02:00:00Z");
	}

	@Test
	void cronWhenClockIsSetWhileItIsPausedShouldBeWorkedOutAnew() {
		cron("0 0 12 * * *", "UTC");
		this.sources.get(0).pause();
		setClock("2026-06-02T11:59:00Z");
		setClock("2026-05-30T11:59:00Z");
		this.sources.get(0).resume();
		pass(MINUTE, MINUTE);
		assertThat(this.log.times()).containsExactly("2026-05-30T12:00:00Z");
	}

	@ParameterizedTest
	@CsvSource({ "2231-12-31T23:59:00Z, 0 0 0 1 1 *, 2232-01-01T00:00:00Z", "2231-12-31T23:59:00Z, 0 0 0 29 2 *, ''",
			"2026-06-01T00:00:00Z, 0 0 0 29 2 SUN, ''" })
	void cronInTheFarFutureShouldNotSpin(String time, String expression, String call) {
		this.clocks.set(Instant.parse(time));
		cron(expression, "UTC");
		for (int i = 0; i < 10; i++) {
			assertThat(this.loop.runOnce()).isFalse();
		}
		assertThat(this.log.ticks).isEmpty();
		advance(MINUTE);
		assertThat(this.log.times()).isEqualTo(call.isEmpty() ? List.of() : List.of(call));
	}

	@Test
	void cronHandlerThatThrowsShouldBeCalledAgain() {
		this.log.onTick = (timer, tick) -> {
			throw new IllegalStateException("expected");
		};
		cron("0 * * * * *", "UTC");
		pass(Duration.ofMinutes(3), MINUTE);
		assertThat(this.log.ticks).hasSize(3);
		assertThat(this.errors).hasSize(3);
	}

	@Test
	void cronHandlerShouldPauseAndCancelItsTimer() {
		this.log.onTick = (timer, tick) -> timer.pause();
		cron("0 * * * * *", "UTC");
		pass(Duration.ofMinutes(5), MINUTE);
		assertThat(this.log.ticks).hasSize(1);
		this.log.onTick = (timer, tick) -> timer.close();
		this.sources.get(0).resume();
		pass(Duration.ofMinutes(5), MINUTE);
		assertThat(this.log.ticks).hasSize(2);
		assertThat(this.sources.get(0).state()).isEqualTo(EventSource.State.CLOSED);
	}

	@Test
	void cronHandlerShouldMoveItsNextCallAlone() {
		this.log.onTick = (timer, tick) -> {
			if (this.log.ticks.size() == 1) {
				timer.rescheduleAfter(Duration.ofSeconds(10));
			}
		};
		cron("0 * * * * *", "UTC");
		pass(Duration.ofMinutes(3), Duration.ofSeconds(10));
		assertThat(this.log.times()).containsExactly("2026-06-01T00:01:00Z", "2026-06-01T00:01:10Z",
				"2026-06-01T00:02:00Z", "2026-06-01T00:03:00Z");
	}

	@Test
	void cronShouldFollowTheAlarmClockIfItIsSet() {
		Capability.WAKE_ALARM.assume();
		properties(Map.of("cron", "0 0 0 2 6 *"));
		start(AlarmCron.class);
		assertThat(this.sources).singleElement()
			.isInstanceOfSatisfying(Timer.class,
					(timer) -> assertThat(timer.clock()).isEqualTo(ClockId.REALTIME_ALARM));
		advance(Duration.ofDays(1));
		assertThat(this.log.ticks).hasSize(1);
	}

	@Test
	void cronThatNeverComesShouldBeRefused() {
		properties(Map.of("cron", "0 0 0 30 2 *"));
		assertInvalid(Cron.class, "its 'cron' is '0 0 0 30 2 *', which never comes", "Correct 'cron'.");
	}

	@ParameterizedTest
	@CsvSource({ "* * * * *, must consist of 6 fields", "61 * * * * *, 61", "'0 0 0 * * FOO', FOO" })
	void cronThatIsNoExpressionShouldBeRefused(String cron, String detail) {
		properties(Map.of("cron", cron));
		assertInvalid(Cron.class, "its 'cron' is '" + cron + "', which is no cron expression",
				"Write seconds, minutes, hours, days, months and weekdays, as in '0 30 6 * * MON-FRI': ");
		assertInvalid(Cron.class, cron, detail);
	}

	@Test
	void zoneThatIsNoneShouldBeRefused() {
		properties(Map.of("cron", "0 * * * * *", "zone", "Europe/Atlantis"));
		assertInvalid(Cron.class, "its 'zone' is 'Europe/Atlantis', which is no time zone", "as in 'Europe/Berlin'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "-" })
	void timerWithoutTimeShouldBeOff(String time) {
		properties(Map.of("every", time, "initialDelay", "1s", "cron", time, "zone", ""));
		this.context.registerBean("periodic", Periodic.class);
		start(Cron.class);
		assertThat(this.sources).isEmpty();
	}

	@Test
	void timerThatIsOffShouldBeCheckedAllTheSame() {
		assertInvalid(WrongWhileOff.class, "its parameter 0 is of type java.lang.String", "TimerTick, Timer");
	}

	@Test
	void timesShouldBeSpelExpressions() {
		this.context.registerBean("rates", Rates.class, () -> new Rates(Duration.ofMillis(250), "0 30 6 * * *"));
		this.context.registerBean("cron", SpelCron.class);
		start(SpelPeriod.class);
		advance(Duration.ofMillis(250));
		advance(Duration.ofMillis(250));
		assertThat(this.log.ticks.stream().mapToLong(TimerTick::expirations).sum()).isEqualTo(3);
		assertThat(this.sources).hasSize(2);
	}

	@Test
	void spelExpressionThatCannotBeEvaluatedShouldBeRefused() {
		assertInvalid(SpelPeriod.class,
				"its 'every' is '#{@rates.poll}', which cannot be resolved (No bean named 'rates'",
				"correct the expression");
	}

	@Test
	void attributesThatDoNotGoTogetherShouldBeRefused() {
		assertInvalid(Neither.class, "it has neither 'every' nor 'cron'", "Set one of 'every' and 'cron'.");
		assertInvalid(Both.class, "it has both 'every' and 'cron'", "Set one of 'every' and 'cron'.");
		assertInvalid(ZoneOfPeriod.class, "it has a 'zone' and no 'cron'", "Remove 'zone'.");
		assertInvalid(DelayOfCron.class, "it has an 'initialDelay' and 'cron'", "Remove 'initialDelay'.");
		assertInvalid(CronOfBoottime.class, "its 'cron' cannot follow the clock BOOTTIME",
				"Use REALTIME or REALTIME_ALARM");
		assertInvalid(NegativeSlack.class, "its 'slack' is '-1ms'", "Set 'slack' to zero or more.");
	}

	private void cron(String cron, String zone) {
		properties(Map.of("cron", cron, "zone", zone));
		start(Cron.class);
	}

	private void properties(Map<String, Object> properties) {
		this.context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
	}

	private void start(Class<?> handler) {
		this.context.registerBean("handler", handler);
		this.context.refresh();
		this.context.getBean(EventHandlers.class).open(Placement.OF_MAIN, this.loop, this.sources::add);
		this.loop.runOnce();
	}

	private void assertInvalid(Class<?> handler, String reason, String action) {
		try (AnnotationConfigApplicationContext invalid = new AnnotationConfigApplicationContext()) {
			invalid.setEnvironment(this.context.getEnvironment());
			invalid.registerBean(PropertySourcesPlaceholderConfigurer.class);
			invalid.registerBean(Log.class, () -> this.log);
			invalid.registerBean("bad", handler);
			invalid.refresh();
			EventHandlers handlers = new EventHandlers(invalid.getBeanFactory(), new EventQueues(this.loop, 16));
			assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(() -> {
				handlers.afterSingletonsInstantiated();
				handlers.open(Placement.OF_MAIN, this.loop, this.sources::add);
			})
				.withMessageContaining("' of bean 'bad' cannot be an @OnTimer handler: ")
				.withMessageContaining(reason)
				.satisfies((ex) -> assertThat(ex.getAction()).contains(action));
			assertThat(this.sources).isEmpty();
		}
	}

	/** Sets the clocks, and has the kernel tell the loop. */
	private void setClock(String time) {
		setRealClock(time);
		advance(Duration.ZERO);
	}

	private void setRealClock(String time) {
		Capability.SYS_TIME.assume();
		this.clocks.set(Instant.parse(time));
		Kernel.setClockToItsTime();
	}

	/** Lets time pass in steps. */
	private void pass(Duration time, Duration step) {
		for (long i = time.dividedBy(step); i > 0; i--) {
			advance(step);
		}
	}

	private void advance(Duration duration) {
		this.clocks.advance(duration);
		boolean more = true;
		while (more) {
			more = this.loop.runOnce();
		}
	}

	static final class Log {

		private final List<TimerTick> ticks = new ArrayList<>();

		private final List<ClockId> clocks = new ArrayList<>();

		private BiConsumer<Timer, TimerTick> onTick = (timer, tick) -> {
		};

		void add(Timer timer, TimerTick tick) {
			this.ticks.add(tick);
			this.clocks.add(timer.clock());
			this.onTick.accept(timer, tick);
		}

		List<String> times() {
			return this.ticks.stream().map((tick) -> Instant.EPOCH.plusNanos(tick.deadlineNanos()).toString()).toList();
		}

	}

	@EventHandler
	record Periodic(Log log) {

		@OnTimer(every = "${every}", initialDelay = "${initialDelay}")
		void beat(TimerTick tick, Timer timer) {
			this.log.add(timer, tick);
		}

	}

	@EventHandler
	record Slack(Log log) {

		@OnTimer(every = "15s", initialDelay = "1s", clock = ClockId.BOOTTIME, slack = "${slack}")
		void beat(Timer timer, TimerTick tick) {
			this.log.add(timer, tick);
		}

	}

	@EventHandler
	record Changing(Log log) {

		@OnTimer(every = "1s", initialDelay = "1s")
		void beat(Timer timer, TimerTick tick) {
			this.log.add(timer, tick);
			switch (this.log.ticks.size()) {
				case 1 -> timer.period(Duration.ofSeconds(3));
				case 3 -> timer.rescheduleAfter(Duration.ofSeconds(1));
				case 4 -> timer.pause();
				case 5 -> timer.close();
				default -> {
				}
			}
		}

	}

	@EventHandler
	record Cron(Log log) {

		@OnTimer(cron = "${cron}", zone = "${zone:}")
		void ring(Timer timer, TimerTick tick) {
			this.log.add(timer, tick);
		}

	}

	@EventHandler
	record AlarmCron(Log log) {

		@OnTimer(cron = "${cron}", zone = "UTC", clock = ClockId.REALTIME_ALARM)
		void ring(Timer timer, TimerTick tick) {
			this.log.add(timer, tick);
		}

	}

	record Rates(Duration poll, String report) {

	}

	@EventHandler
	record SpelPeriod(Log log) {

		@OnTimer(every = "#{@rates.poll}")
		void beat(Timer timer, TimerTick tick) {
			this.log.add(timer, tick);
		}

	}

	@EventHandler
	record SpelCron(Log log) {

		@OnTimer(cron = "#{@rates.report}")
		void report(Timer timer, TimerTick tick) {
			this.log.add(timer, tick);
		}

	}

	@EventHandler
	static class WrongWhileOff {

		@OnTimer(cron = "-")
		void beat(String text) {
		}

	}

	@EventHandler
	static class Neither {

		@OnTimer
		void beat() {
		}

	}

	@EventHandler
	static class Both {

		@OnTimer(every = "1s", cron = "0 * * * * *")
		void beat() {
		}

	}

	@EventHandler
	static class ZoneOfPeriod {

		@OnTimer(every = "1s", zone = "UTC")
		void beat() {
		}

	}

	@EventHandler
	static class DelayOfCron {

		@OnTimer(cron = "0 * * * * *", initialDelay = "1s")
		void beat() {
		}

	}

	@EventHandler
	static class CronOfBoottime {

		@OnTimer(cron = "0 * * * * *", clock = ClockId.BOOTTIME)
		void beat() {
		}

	}

	@EventHandler
	static class NegativeSlack {

		@OnTimer(every = "1s", slack = "-1ms")
		void beat() {
		}

	}

}
