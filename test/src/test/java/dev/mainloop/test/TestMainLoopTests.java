package dev.mainloop.test;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.mainloop.ClockChange;
import dev.mainloop.CpuSet;
import dev.mainloop.ErrorHandler;
import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopInvoker;
import dev.mainloop.MainLoopState;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.Timer;
import dev.mainloop.TimerTick;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnClockSet;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalInfo;
import dev.mainloop.handler.InvalidHandlerException;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link TestMainLoop}, with handlers as an application has them.
 */
class TestMainLoopTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TestMainLoopAutoConfiguration.class, MainLoopAutoConfiguration.class))
		.withBean(Journal.class);

	@Test
	void advanceShouldRunTimersInTheOrderOfTheirDeadlinesWithTimeStandingAtEach() {
		run(Clockwork.class, (context) -> {
			loop(context).advance(Duration.ofMillis(700));
			assertThat(journal(context)).containsExactly("fast at 0 of 1", "slow at 0", "fast at 300 of 1",
					"slow at 500", "fast at 600 of 1");
			loop(context).advance(Duration.ofMillis(199));
			assertThat(journal(context)).isEmpty();
			loop(context).advance(Duration.ofMillis(1));
			assertThat(journal(context)).containsExactly("fast at 900 of 1");
			assertThat(loop(context).now()).isEqualTo(Instant.parse("2000-01-01T00:00:00.9Z"));
		});
	}

	@Test
	void advanceShouldRunTimersThatHandlersMake() {
		run(NoHandlers.class, (context) -> {
			MainLoop mainLoop = context.getBean(MainLoop.class);
			Journal journal = context.getBean(Journal.class);
			mainLoop.after("outer", Duration.ofHours(1), (timer) -> {
				journal.add("outer");
				mainLoop.timer("inner")
					.clock(ClockId.BOOTTIME)
					.after(Duration.ofMinutes(1), (inner) -> journal.add("inner"));
			});
			loop(context).advance(Duration.ofMinutes(60));
			assertThat(journal(context)).containsExactly("outer");
			loop(context).advance(Duration.ofSeconds(59));
			assertThat(journal(context)).isEmpty();
			loop(context).advance(Duration.ofSeconds(1));
			assertThat(journal(context)).containsExactly("inner");
		});
	}

	@Test
	void cpusShouldBeLeftAlone() {
		TestPlatform platform = new TestPlatform();
		try (MainLoop mainLoop = MainLoop.builder()
			.platform(platform)
			.multiplexer(platform::openMultiplexer)
			.cpus(CpuSet.parse("65000"))
			.build()) {
			new MainLoopInvoker(mainLoop).start();
			assertThat(mainLoop.cpus()).isNull();
		}
	}

	@Test
	void advanceShouldNotRunTimersThatAreClosed() {
		run(NoHandlers.class, (context) -> {
			Timer timer = context.getBean(MainLoop.class)
				.every("timer", Duration.ofSeconds(1), Duration.ofSeconds(1),
						(same) -> context.getBean(Journal.class).add("tick"));
			loop(context).advance(Duration.ofSeconds(3));
			timer.close();
			loop(context).advance(Duration.ofSeconds(3));
			assertThat(journal(context)).containsExactly("tick", "tick", "tick");
		});
	}

	@Test
	void advanceShouldRefuseToGoBack() {
		run(NoHandlers.class, (context) -> assertThatIllegalArgumentException()
			.isThrownBy(() -> loop(context).advance(Duration.ofNanos(-1))));
	}

	@Test
	void cronShouldFollowTheWallClock() {
		run(Cron.class, (context) -> {
			loop(context).advance(Duration.ofDays(2));
			LocalDateTime first = LocalDateTime.ofInstant(loop(context).now().minus(Duration.ofDays(2)),
					ZoneId.of("Europe/Berlin"));
			assertThat(first).isEqualTo("2000-01-01T01:00");
			assertThat(journal(context)).containsExactly("2000-01-01T05:30:00Z", "2000-01-02T05:30:00Z");
		});
	}

	@Test
	void setWallClockShouldBeToldAndMoveTheTimersOfThatClockAlone() {
		run(Cron.class, (context) -> {
			loop(context).setWallClock(Instant.parse("2000-01-01T06:00:00Z"));
			assertThat(journal(context)).containsExactlyInAnyOrder("set by PT6H", "2000-01-01T06:00:00Z");
			loop(context).setWallClock(Instant.parse("2000-01-01T05:00:00Z"));
			assertThat(journal(context)).containsExactly("set by PT-1H");
			loop(context).advance(Duration.ofHours(1));
			assertThat(journal(context)).containsExactly("2000-01-01T05:30:00Z");
		});
	}

	@Test
	void periodOnTheWallClockShouldKeepItsRhythmWhenThatIsSet() {
		run(Clockwork.class, (context) -> {
			loop(context).runUntilIdle();
			journal(context);
			loop(context).setWallClock(Instant.parse("2000-01-01T00:01:00.1Z"));
			assertThat(journal(context)).isEmpty();
			loop(context).advance(Duration.ofMillis(500));
			assertThat(journal(context)).containsExactly("fast at 60400 of 1", "slow at 60600");
		});
	}

	@Test
	void cronWhenTheClockIsSetBackShouldCallForEachTimeThatItShowsAgain() {
		run(Minutely.class, (context) -> {
			loop(context).advance(Duration.ofMinutes(5));
			assertThat(journal(context)).hasSize(5);
			loop(context).setWallClock(loop(context).now().minus(Duration.ofHours(1)));
			loop(context).advance(Duration.ofMinutes(65));
			assertThat(journal(context)).hasSize(65)
				.startsWith("1999-12-31T23:06:00Z")
				.endsWith("2000-01-01T00:10:00Z");
		});
	}

	@Test
	void suspensionShouldNotBeAChangeOfTheClock() {
		run(Cron.class, (context) -> {
			MainLoop mainLoop = context.getBean(MainLoop.class);
			Journal journal = context.getBean(Journal.class);
			mainLoop.after("monotonic", Duration.ofHours(1), (timer) -> journal.add("monotonic"));
			mainLoop.timer("boot").clock(ClockId.BOOTTIME).after(Duration.ofHours(1), (timer) -> journal.add("boot"));
			loop(context).runUntilIdle();
			loop(context).suspend(Duration.ofHours(8));
			assertThat(journal(context)).containsExactlyInAnyOrder("boot", "2000-01-01T08:00:00Z");
			loop(context).advance(Duration.ofHours(1));
			assertThat(journal(context)).containsExactly("monotonic");
			loop(context).setWallClock(Instant.parse("2000-01-01T08:30:00Z"));
			assertThat(journal(context)).containsExactly("set by PT-30M");
		});
	}

	@Test
	void suspendShouldRefuseToGoBack() {
		run(NoHandlers.class, (context) -> assertThatIllegalArgumentException()
			.isThrownBy(() -> loop(context).suspend(Duration.ofNanos(-1))));
	}

	@Test
	void handlerShouldRestartTheContext() {
		run(Clockwork.class, (context) -> {
			loop(context).runUntilIdle();
			journal(context);
			MainLoop mainLoop = context.getBean(MainLoop.class);
			mainLoop.execute(() -> {
				context.stop();
				context.start();
			});
			loop(context).runUntilIdle();
			assertThat(mainLoop.state()).isEqualTo(MainLoopState.RUNNING);
			assertThat(journal(context)).containsExactlyInAnyOrder("fast at 0 of 1", "slow at 0");
			context.stop();
			assertThat(mainLoop.state()).isEqualTo(MainLoopState.STOPPED);
		});
	}

	@Test
	void raiseShouldCallHandlersOfTheSignal() {
		run(Signals.class, (context) -> {
			loop(context).raise("SIGHUP");
			loop(context).raise("hup");
			loop(context).raise(new SignalInfo(Signal.of("SIGRTMIN+1"), true, -1, 42, 0, 0, 7));
			assertThat(journal(context)).containsExactly("SIGHUP from 0", "SIGHUP from 0", "SIGRTMIN+1 from 42");
			assertThat(loop(context).takeExitCode()).isEmpty();
		});
	}

	@Test
	void raiseShouldRefuseSignalThatNobodyTakes() {
		run(Signals.class,
				(context) -> assertThatIllegalStateException().isThrownBy(() -> loop(context).raise("SIGUSR1"))
					.withMessage("No handler takes SIGUSR1: declare a method with @OnSignal(\"SIGUSR1\")"));
	}

	@Test
	void pausedSignalShouldStayPending() {
		run(NoHandlers.class, (context) -> {
			var source = context.getBean(MainLoop.class)
				.onSignal("usr1", Signal.of("USR1"), (info) -> context.getBean(Journal.class).add("usr1"));
			source.pause();
			loop(context).raise("USR1");
			loop(context).raise("USR1");
			assertThat(journal(context)).isEmpty();
			source.resume();
			loop(context).runUntilIdle();
			assertThat(journal(context)).containsExactly("usr1");
		});
	}

	@Test
	void terminationShouldLeaveItsExitCode() {
		run(Signals.class, (context) -> {
			loop(context).raise("SIGTERM");
			assertThat(loop(context).takeExitCode()).hasValue(143);
			assertThat(loop(context).takeExitCode()).isEmpty();
			loop(context).raise("SIGINT");
			assertThat(journal(context)).containsExactly("SIGINT, and no exit");
			assertThat(loop(context).takeExitCode()).isEmpty();
		});
	}

	@Test
	void sendShouldReachHandlersAndWhatTheySend() {
		run(PingPong.class, (context) -> {
			loop(context).send(new Ping(3));
			assertThat(journal(context)).containsExactly("ping 3", "pong 3", "ping 2", "pong 2", "ping 1", "pong 1");
		});
	}

	@Test
	void sendShouldRefuseMessageThatNobodyTakes() {
		run(PingPong.class,
				(context) -> assertThatExceptionOfType(InvalidHandlerException.class)
					.isThrownBy(() -> loop(context).send("text"))
					.withMessageContaining("java.lang.String"));
	}

	@Test
	void messagesOfTheApplicationShouldWaitForTheLoopToRun() {
		run(PingPong.class, (context) -> {
			context.getBean(PingPong.class).pongs.send(new Pong(0));
			assertThat(journal(context)).isEmpty();
			loop(context).runUntilIdle();
			assertThat(journal(context)).containsExactly("pong 0");
		});
	}

	@Test
	void handlersShouldRunOnTheThreadOfTheTest() {
		run(NoHandlers.class, (context) -> {
			MainLoop mainLoop = context.getBean(MainLoop.class);
			assertThat(mainLoop.state()).isEqualTo(MainLoopState.RUNNING);
			mainLoop.execute(() -> context.getBean(Journal.class)
				.add(mainLoop.isLoopThread() + " " + Thread.currentThread().getId()));
			loop(context).runUntilIdle();
			assertThat(journal(context)).containsExactly("true " + Thread.currentThread().getId());
			assertThat(mainLoop.isLoopThread()).isFalse();
		});
	}

	@Test
	void handlerShouldNotDriveTheLoop() {
		run(NoHandlers.class, (context) -> {
			context.getBean(MainLoop.class).execute(() -> loop(context).advance(Duration.ofSeconds(1)));
			assertThatExceptionOfType(UnhandledErrorException.class).isThrownBy(() -> loop(context).runUntilIdle())
				.withCauseInstanceOf(IllegalStateException.class)
				.withMessageContaining("A handler cannot drive the main loop that it runs on");
		});
	}

	@Test
	void whatHandlersThrowShouldBeThrownToTheTestWhenAllHaveRun() {
		run(Failing.class, (context) -> {
			assertThatExceptionOfType(UnhandledErrorException.class)
				.isThrownBy(() -> loop(context).advance(Duration.ofSeconds(2)))
				.withMessage("The handler of 'failing.tick' failed: java.io.IOException: expected")
				.withCauseInstanceOf(IOException.class)
				.satisfies((ex) -> assertThat(ex.getSuppressed()).hasSize(2));
			assertThat(loop(context).now()).isEqualTo("2000-01-01T00:00:02Z");
			loop(context).runUntilIdle();
		});
	}

	@Test
	void errorHandlerOfTheApplicationShouldBeToldInstead() {
		List<String> errors = new ArrayList<>();
		this.contextRunner.withUserConfiguration(Failing.class)
			.withBean(ErrorHandler.class, () -> (source, event, error) -> errors.add(error.getMessage()))
			.run((context) -> loop(context).advance(Duration.ofSeconds(1)));
		assertThat(errors).containsExactly("expected", "expected");
	}

	@Test
	void loopWithoutEndShouldFailTheTestAndNameTheHandlers() {
		run(PingPong.class,
				(context) -> assertThatExceptionOfType(AssertionError.class)
					.isThrownBy(() -> loop(context).send(new Ping(Integer.MAX_VALUE)))
					.withMessageStartingWith("The main loop is not idle after 10000 iterations")
					.withMessageContaining("EventQueue<" + Ping.class.getName()));
	}

	@Test
	void timerWithoutEndShouldFailTheTestAndBeNamed() {
		run(NoHandlers.class, (context) -> {
			context.getBean(MainLoop.class)
				.after("busy", Duration.ZERO, (timer) -> timer.rescheduleAfter(Duration.ZERO));
			assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> loop(context).runUntilIdle())
				.withMessageContaining("[busy]");
		});
	}

	@Test
	void stoppedContextShouldHandleWhatWaitsAndStartAgain() {
		run(PingPong.class, (context) -> {
			PingPong handler = context.getBean(PingPong.class);
			handler.pongs.send(new Pong(0));
			context.stop();
			assertThat(journal(context)).containsExactly("pong 0");
			assertThat(context.getBean(MainLoop.class).state()).isEqualTo(MainLoopState.STOPPED);
			assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> handler.pongs.send(new Pong(1)));
			context.start();
			loop(context).send(new Ping(1));
			assertThat(journal(context)).containsExactly("ping 1", "pong 1");
		});
	}

	@Test
	void handlerShouldStopTheContext() {
		run(PingPong.class, (context) -> {
			MainLoop mainLoop = context.getBean(MainLoop.class);
			mainLoop.execute(context::stop);
			context.getBean(PingPong.class).pongs.send(new Pong(0));
			loop(context).runUntilIdle();
			assertThat(journal(context)).containsExactly("pong 0");
			assertThat(mainLoop.state()).isEqualTo(MainLoopState.STOPPED);
		});
	}

	@Test
	void handlerShouldCloseTheContext() {
		run(NoHandlers.class, (context) -> {
			MainLoop mainLoop = context.getBean(MainLoop.class);
			TestMainLoop loop = loop(context);
			mainLoop.execute(context::close);
			loop.advance(Duration.ofSeconds(1));
			assertThat(mainLoop.state()).isEqualTo(MainLoopState.CLOSED);
		});
	}

	@Test
	void whenTheBudgetIsSmallAllShouldBeHandled() {
		this.contextRunner.withUserConfiguration(PingPong.class)
			.withPropertyValues("mainloop.budget=1", "mainloop.signals=relay", "mainloop.multiplexer=select")
			.run((context) -> {
				for (int i = 0; i < 10; i++) {
					context.getBean(PingPong.class).pongs.send(new Pong(0));
				}
				loop(context).runUntilIdle();
				assertThat(journal(context)).hasSize(10);
				assertThat(context.getBean(MainLoop.class).multiplexerName()).isEqualTo("memory");
			});
	}

	@Test
	void whenTheHostIsNotLinuxShouldRun() {
		this.contextRunner.withUserConfiguration(PingPong.class)
			.withSystemProperties("os.name=Mac OS X")
			.withPropertyValues("mainloop.on-unsupported-platform=warn")
			.run((context) -> {
				loop(context).send(new Ping(1));
				assertThat(journal(context)).containsExactly("ping 1", "pong 1");
			});
	}

	@Test
	void queueThatBlocksItsSendersShouldRefuseTheTest() {
		this.contextRunner.withUserConfiguration(PingPong.class)
			.withPropertyValues("mainloop.queue-capacity=2", "mainloop.queue-overflow=block")
			.run((context) -> {
				EventQueue<Pong> pongs = context.getBean(PingPong.class).pongs;
				pongs.send(new Pong(0));
				pongs.send(new Pong(0));
				assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> pongs.send(new Pong(0)));
				loop(context).runUntilIdle();
				assertThat(journal(context)).containsExactly("pong 0", "pong 0");
			});
	}

	@Test
	void mainLoopOfTheApplicationShouldBeLeftOut() {
		this.contextRunner.withBean("mainLoop", MainLoop.class, () -> {
			throw new AssertionError("it is made");
		}).run((context) -> assertThat(context).hasSingleBean(MainLoop.class));
	}

	private void run(Class<?> handlers, Consumer<AssertableApplicationContext> test) {
		this.contextRunner.withUserConfiguration(handlers).run((context) -> {
			assertThat(context).hasNotFailed();
			test.accept(context);
		});
	}

	private static TestMainLoop loop(AssertableApplicationContext context) {
		return context.getBean(TestMainLoop.class);
	}

	private static List<String> journal(AssertableApplicationContext context) {
		return context.getBean(Journal.class).take();
	}

	static final class Journal {

		private final List<String> entries = new ArrayList<>();

		void add(String entry) {
			this.entries.add(entry);
		}

		List<String> take() {
			List<String> taken = List.copyOf(this.entries);
			this.entries.clear();
			return taken;
		}

	}

	static class NoHandlers {

	}

	record Ping(int left) {

	}

	record Pong(int left) {

	}

	@EventHandler
	static class PingPong {

		final EventQueue<Pong> pongs;

		private final EventQueue<Ping> pings;

		private final Journal journal;

		PingPong(EventQueue<Ping> pings, EventQueue<Pong> pongs, Journal journal) {
			this.pings = pings;
			this.pongs = pongs;
			this.journal = journal;
		}

		@OnMessage
		void ping(Ping ping) {
			this.journal.add("ping " + ping.left);
			this.pongs.send(new Pong(ping.left));
		}

		@OnMessage
		void pong(Pong pong) {
			this.journal.add("pong " + pong.left);
			if (pong.left > 1) {
				this.pings.send(new Ping(pong.left - 1));
			}
		}

	}

	@EventHandler
	static class Clockwork {

		private final MainLoop loop;

		private final Journal journal;

		Clockwork(MainLoop loop, Journal journal) {
			this.loop = loop;
			this.journal = journal;
		}

		@OnTimer(every = "300ms")
		void fast(TimerTick tick) {
			assertThat(tick.latenessNanos()).isZero();
			this.journal.add("fast at " + millis() + " of " + tick.expirations());
		}

		@OnTimer(every = "500ms", clock = ClockId.REALTIME)
		void slow() {
			this.journal.add("slow at " + millis());
		}

		private long millis() {
			return Duration.between(Instant.parse("2000-01-01T00:00:00Z"), this.loop.now()).toMillis();
		}

	}

	@EventHandler
	static class Minutely {

		private final MainLoop loop;

		private final Journal journal;

		Minutely(MainLoop loop, Journal journal) {
			this.loop = loop;
			this.journal = journal;
		}

		@OnTimer(cron = "0 * * * * *", zone = "UTC")
		void minute() {
			this.journal.add(this.loop.now().toString());
		}

	}

	@EventHandler
	static class Cron {

		private final MainLoop loop;

		private final Journal journal;

		Cron(MainLoop loop, Journal journal) {
			this.loop = loop;
			this.journal = journal;
		}

		@OnTimer(cron = "0 30 6 * * *", zone = "Europe/Berlin")
		void morning() {
			this.journal.add(this.loop.now().toString());
		}

		@OnClockSet
		void set(ClockChange change) {
			this.journal.add("set by " + change.step());
		}

	}

	@EventHandler
	static class Signals {

		private final Journal journal;

		Signals(Journal journal) {
			this.journal = journal;
		}

		@OnSignal({ "SIGHUP", "SIGRTMIN+1" })
		void signal(SignalInfo info) {
			this.journal.add(info.signal() + " from " + info.pid());
		}

		@OnSignal(value = "SIGINT", vetoExit = true)
		void interrupt(Signal signal) {
			this.journal.add(signal + ", and no exit");
		}

	}

	@EventHandler("failing")
	static class Failing {

		@OnTimer(every = "1s")
		void tick() throws IOException {
			throw new IOException("expected");
		}

	}

}
