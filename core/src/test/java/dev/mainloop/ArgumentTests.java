package dev.mainloop;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.Signal;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * What is missing is named where it should have been given, and leaves nothing behind.
 */
@LinuxTest
class ArgumentTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final TimerHandler ON_TIMER = (timer) -> {
	};

	private final MainLoop loop = MainLoop.builder().build();

	private final EventFd fd = EventFd.open(0);

	@AfterEach
	void close() {
		this.loop.close();
		this.fd.close();
	}

	@ParameterizedTest
	@EnumSource
	void missingArgumentShouldBeNamed(Missing missing) {
		assertThatNullPointerException().isThrownBy(() -> missing.call.on(this.loop, this.fd))
			.withMessage("'%s' must not be null", missing.argument);
		this.loop.runOnce();
		assertThat(this.loop.sourceCounts().values()).containsOnly(0);
		assertThat(this.loop.state()).isEqualTo(MainLoopState.NEW);
	}

	@Test
	void builderShouldNameMissingArgument() {
		MainLoopBuilder builder = MainLoop.builder();
		Stream<Callable<?>> calls = Stream.of(() -> builder.multiplexer(null), () -> builder.platform(null),
				() -> builder.clock(null), () -> builder.signals(null), () -> builder.errorHandler(null),
				() -> builder.errorPolicy(null, 1), () -> builder.exit(null), () -> builder.timeSlice(null),
				() -> builder.busyPoll(null), () -> builder.exitTimeout(null));
		assertThat(calls).allSatisfy((call) -> assertThatNullPointerException().isThrownBy(call::call)
			.withMessageMatching("'[a-zA-Z]+' must not be null"));
	}

	@Test
	void builderShouldNameWhatIsOutOfRange() {
		MainLoopBuilder builder = MainLoop.builder();
		assertThatIllegalArgumentException().isThrownBy(() -> builder.budget(0))
			.withMessage("'budget' must be 1 or more but is 0");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.errorPolicy(ErrorPolicy.STOP, 0))
			.withMessage("'limit' must be 1 or more but is 0");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.taskCapacity(0).build())
			.withMessageContaining("apacity' must be 1 or more but is 0");
		for (Duration slice : new Duration[] { Duration.ZERO, SECOND.negated(), Duration.ofHours(1) }) {
			assertThatIllegalArgumentException().isThrownBy(() -> builder.timeSlice(slice))
				.withMessageStartingWith("'timeSlice' must be more than zero and PT10S at most but is ");
		}
		assertThatIllegalArgumentException().isThrownBy(() -> builder.busyPoll(SECOND.negated()))
			.withMessage("'busyPoll' must be zero or more but is PT-1S");
	}

	/** What is missing in a call. */
	enum Missing {

		DESCRIPTION_OF_TIMER("description", (loop, fd) -> loop.after(null, SECOND, ON_TIMER)),

		DELAY("delay", (loop, fd) -> loop.after("timer", null, ON_TIMER)),

		HANDLER_OF_ONE_SHOT_TIMER("handler", (loop, fd) -> loop.after("timer", SECOND, null)),

		INITIAL_DELAY("initialDelay", (loop, fd) -> loop.every("timer", null, SECOND, ON_TIMER)),

		PERIOD("period", (loop, fd) -> loop.every("timer", SECOND, null, ON_TIMER)),

		HANDLER_OF_PERIODIC_TIMER("handler", (loop, fd) -> loop.every("timer", SECOND, SECOND, null)),

		HANDLER_OF_TIMER_ON_OTHER_CLOCK("handler",
				(loop, fd) -> loop.timer("timer").clock(ClockId.BOOTTIME).after(SECOND, null)),

		CLOCK("clock", (loop, fd) -> loop.timer("timer").clock(null)),

		SLACK("slack", (loop, fd) -> loop.timer("timer").slack(null)),

		FOLLOWER("follower", (loop, fd) -> loop.timer("timer").onClockSet(null)),

		TIME("time", (loop, fd) -> loop.timer("timer").clock(ClockId.REALTIME).at(null, ON_TIMER)),

		HANDLER_OF_TIME("handler", (loop, fd) -> loop.timer("timer").clock(ClockId.REALTIME).at(Instant.EPOCH, null)),

		DESCRIPTION_OF_CLOCK("description", (loop, fd) -> loop.onClockSet(null, (change) -> {
		})),

		HANDLER_OF_CLOCK("handler", (loop, fd) -> loop.onClockSet("clock", null)),

		DESCRIPTION_OF_SIGNAL("description", (loop, fd) -> loop.onSignal(null, Signal.of("WINCH"), (signal) -> {
		})),

		SIGNAL("signal", (loop, fd) -> loop.onSignal("signal", null, (signal) -> {
		})),

		HANDLER_OF_SIGNAL("handler", (loop, fd) -> loop.onSignal("signal", Signal.of("WINCH"), null)),

		DESCRIPTION_OF_QUEUE("description", (loop, fd) -> loop.queue(null, 8, (message) -> {
		})),

		OVERFLOW("overflow", (loop, fd) -> loop.queue("queue", 8, null, (message) -> {
		})),

		HANDLER_OF_QUEUE("handler", (loop, fd) -> loop.queue("queue", 8, null)),

		DESCRIPTION_OF_DESCRIPTOR("description", (loop, fd) -> loop.watch(null, fd, Readiness.READABLE, (some, r) -> {
		})),

		DESCRIPTOR("fd", (loop, fd) -> loop.watch("fd", null, Readiness.READABLE, (some, r) -> {
		})),

		TRIGGER("trigger", (loop, fd) -> loop.watch("fd", fd, Readiness.READABLE, (Trigger) null, (some, r) -> {
		})),

		HANDLER_OF_DESCRIPTOR("handler", (loop, fd) -> loop.watch("fd", fd, Readiness.READABLE, null)),

		TASK("task", (loop, fd) -> loop.execute(null)),

		TIMEOUT_OF_ITERATION("timeout", (loop, fd) -> loop.runOnce(null)),

		TIMEOUT_OF_CLOSE("timeout", (loop, fd) -> loop.close(null));

		private final String argument;

		private final Call call;

		Missing(String argument, Call call) {
			this.argument = argument;
			this.call = call;
		}

	}

	private interface Call {

		void on(MainLoop loop, EventFd fd);

	}

}
