package dev.mainloop;

import java.io.IOException;
import java.time.Duration;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import dev.mainloop.fd.ClockId;
import dev.mainloop.log.BurstLog;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class ErrorLogTests {

	private static final String STACK_TRACE = "\tat " + ErrorLogTests.class.getName();

	private final ManualClock clock = new ManualClock();

	private final MainLoop loop = MainLoop.builder().clock(this.clock).build();

	private final QueueSource<Exception> orders = this.loop.queue("orders", 4096, (error) -> {
		throw error;
	});

	private final CapturedOutput output;

	ErrorLogTests(CapturedOutput output) {
		this.output = output;
	}

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void errorShouldBeLoggedWithHandlerEventAndStackTrace() {
		fail(1, new IOException("expected"));
		assertThat(this.output).containsOnlyOnce("The handler of 'orders' failed for java.io.IOException: expected")
			.contains(STACK_TRACE);
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 0);
	}

	@Test
	void burstShouldBeLoggedOnceAndSummedUpAtItsEnd() {
		fail(1, new IOException("first"));
		fail(1000, new IOException("repeated"));
		assertThat(this.output).contains("first").doesNotContain("repeated").doesNotContain("more times");
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 0);
		advance(BurstLog.WINDOW.minusNanos(1));
		assertThat(this.output).doesNotContain("more times");
		advance(Duration.ofNanos(1));
		assertThat(this.output)
			.containsOnlyOnce("The handler of 'orders' failed 1000 more times with java.io.IOException within 10 s");
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 0);
		advance(BurstLog.WINDOW);
		assertThat(this.output).containsOnlyOnce("more times");
	}

	@Test
	void errorAfterABurstShouldBeLoggedAgain() {
		fail(2, new IOException("first"));
		advance(BurstLog.WINDOW);
		fail(1, new IOException("second"));
		assertThat(this.output).containsOnlyOnce("failed 1 more times").contains("java.io.IOException: second");
	}

	@Test
	void errorAfterTheTimeOfABurstWithoutRepetitionShouldBeLogged() {
		fail(1, new IOException("first"));
		this.clock.advance(BurstLog.WINDOW);
		fail(1, new IOException("second"));
		assertThat(this.output).contains("java.io.IOException: second").doesNotContain("more times");
	}

	@Test
	void errorsOfAnotherTypeOrHandlerShouldBeLoggedOfTheirOwn() {
		fail(2, new IOException("expected"));
		this.clock.advance(Duration.ofSeconds(1));
		fail(3, new IllegalStateException("other"));
		this.loop.execute(() -> {
			throw new IllegalStateException("task");
		});
		this.loop.runOnce();
		assertThat(this.output).contains("IllegalStateException: other").contains("IllegalStateException: task");
		advance(BurstLog.WINDOW.minusSeconds(1));
		assertThat(this.output).contains("failed 1 more times with java.io.IOException")
			.doesNotContain("failed 2 more times");
		advance(Duration.ofSeconds(1));
		assertThat(this.output).containsOnlyOnce("failed 2 more times with java.lang.IllegalStateException");
	}

	@Test
	void kindsBeyondTheLimitShouldBeSummedUpTogether() {
		for (int i = 0; i < BurstLog.MAX_KINDS; i++) {
			fail("kind " + i);
		}
		fail("first beyond");
		fail("second beyond");
		fail("third beyond");
		fail("kind 1");
		assertThat(this.output).contains("The handler of 'kind 63' failed for")
			.contains("The handler of 'first beyond' failed for")
			.doesNotContain("second beyond")
			.doesNotContain("third beyond");
		this.loop.close();
		assertThat(this.output).containsOnlyOnce("Other handlers failed 2 more times within 10 s")
			.containsOnlyOnce("The handler of 'kind 1' failed 1 more times");
	}

	@Test
	void endOfLoopShouldSumUp() {
		for (int i = 0; i < 7; i++) {
			this.orders.send(new IOException("expected"));
		}
		this.loop.execute(this.loop::stop);
		this.loop.run();
		assertThat(this.output).containsOnlyOnce("The handler of 'orders' failed 6 more times");
		this.loop.close();
		assertThat(this.output).containsOnlyOnce("more times");
	}

	@Test
	void closeShouldSumUp() {
		fail(3, new IOException("expected"));
		this.loop.close();
		assertThat(this.output).containsOnlyOnce("The handler of 'orders' failed 2 more times");
	}

	@Test
	void closeByFailingHandlerShouldSumUp() {
		QueueSource<Integer> closing = this.loop.queue("closing", 8, (number) -> {
			if (number == 2) {
				this.loop.close();
			}
			throw new IOException("expected");
		});
		closing.send(1);
		closing.send(2);
		closing.send(3);
		this.loop.run();
		assertThat(this.output).containsOnlyOnce("The handler of 'closing' failed for 1")
			.containsOnlyOnce("The handler of 'closing' failed 1 more times")
			.containsOnlyOnce("The queue 'closing' was closed with 1 messages that were not handled");
	}

	@Test
	void longEventShouldBeAbbreviated() {
		String message = "x".repeat(1000);
		this.loop.queue("texts", 8, (text) -> {
			throw new IOException();
		}).send(message);
		this.loop.runOnce();
		assertThat(this.output).contains("failed for " + message.substring(0, 500) + "...").doesNotContain(message);
	}

	@Test
	void eventThatCannotBeWrittenShouldBeNamedByItsType() {
		this.loop.queue("unwritable", 8, (event) -> {
			throw new IOException("expected");
		}).send(new Unwritable());
		this.loop.runOnce();
		assertThat(this.output)
			.contains("failed for an object of %s, whose toString() failed".formatted(Unwritable.class.getName()))
			.contains("java.io.IOException: expected");
	}

	@Test
	void errorThatCannotBeWrittenShouldBeNamedByItsType() {
		fail(1, new UnwritableException());
		assertThat(this.output)
			.contains("an object of %s, whose toString() failed".formatted(UnwritableException.class.getName()))
			.contains(STACK_TRACE);
	}

	@Test
	void errorThatCannotBeLoggedShouldBeCounted() {
		LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
		BrokenLog broken = new BrokenLog();
		context.addTurboFilter(broken);
		try {
			fail(1, new IllegalStateException("unlogged"));
		}
		finally {
			context.getTurboFilterList().remove(broken);
		}
		advance(BurstLog.WINDOW);
		assertThat(this.output)
			.containsOnlyOnce("The handler of 'orders' failed 1 more times with java.lang.IllegalStateException")
			.doesNotContain("unlogged");
		fail(1, new IllegalStateException("logged"));
		assertThat(this.output).contains("java.lang.IllegalStateException: logged");
	}

	@Test
	void errorThatCouldNotBeLookedAtShouldBeTold() {
		ErrorLog log = new ErrorLog(this.loop.cycle().timers().get(ClockId.MONOTONIC));
		log.missed(this.orders);
		log.missed(this.orders);
		log.sumUp();
		log.sumUp();
		assertThat(this.output).containsOnlyOnce("Errors that could not be logged: 2, the last of 'orders'");
	}

	private void fail(int times, Exception error) {
		for (int i = 0; i < times; i++) {
			this.orders.send(error);
		}
		LoopRunner.runUntilIdle(this.loop);
	}

	private void fail(String handler) {
		this.loop.after(handler, Duration.ZERO, (timer) -> {
			throw new IOException("expected");
		});
		LoopRunner.runUntilIdle(this.loop);
	}

	private void advance(Duration duration) {
		this.clock.advance(duration);
		LoopRunner.runUntilIdle(this.loop);
	}

	private static final class Unwritable {

		@Override
		public String toString() {
			return toString() + ".";
		}

	}

	/** A log whose disk is full, say. */
	private static final class BrokenLog extends TurboFilter {

		@Override
		public FilterReply decide(Marker marker, Logger logger, Level level, String format, Object[] parameters,
				Throwable thrown) {
			if (level == Level.ERROR) {
				throw new IllegalStateException("no log");
			}
			return FilterReply.NEUTRAL;
		}

	}

	private static final class UnwritableException extends Exception {

		private static final long serialVersionUID = 1L;

		@Override
		public String getMessage() {
			throw new IllegalStateException("no message");
		}

	}

}
