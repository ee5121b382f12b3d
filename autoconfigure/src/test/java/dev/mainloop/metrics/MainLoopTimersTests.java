package dev.mainloop.metrics;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.concurrent.TimeUnit;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.MessageHandler;
import dev.mainloop.QueueSource;
import dev.mainloop.handler.HandlerCall;
import dev.mainloop.handler.MainLoops;
import dev.mainloop.handler.Placement;
import dev.mainloop.testing.LinuxTest;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class MainLoopTimersTests {

	private static final int MESSAGES = 1024;

	private final MockClock clock = new MockClock();

	private final MainLoop loop = MainLoop.builder().clock(this.clock::monotonicTime).build();

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, this.clock);

	private final MainLoopTimers timers = new MainLoopTimers(MainLoops.of(this.loop), this.registry, Tags.empty());

	private int handled;

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void callsShouldBeTimedByMethodAndException() throws Exception {
		QueueSource<String> queue = queue((message) -> {
			this.clock.add(3, TimeUnit.MILLISECONDS);
			switch (message) {
				case "state" -> throw new IllegalStateException("expected by the test");
				case "anonymous" -> throw new RuntimeException("expected by the test") {
				};
				default -> this.handled++;
			}
		});
		queue.send("fine");
		queue.send("state");
		queue.send("fine");
		queue.send("anonymous");
		runUntilEmpty(queue);
		assertThat(timer("none").count()).isEqualTo(2);
		assertThat(timer("none").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(6);
		assertThat(timer("IllegalStateException").count()).isEqualTo(1);
		assertThat(this.registry.get("mainloop.handler").timers()).hasSize(3)
			.extracting((timer) -> timer.getId().getTag("exception"))
			.contains(getClass().getName() + "$1");
		assertThat(this.handled).isEqualTo(2);
	}

	@Test
	void callsShouldBeTimedOfEventsThatTheLoopMeasures() throws Exception {
		QueueSource<String> queue = queue((message) -> this.handled++);
		for (int i = 0; i < MESSAGES; i++) {
			queue.send("message");
		}
		runUntilEmpty(queue);
		assertThat(this.handled).isEqualTo(MESSAGES);
		assertThat(timer("none").count()).isEqualTo(queue.statistics().time().count()).isLessThan(MESSAGES);
	}

	@Test
	void timerShouldBeThereBeforeTheFirstCall() throws Exception {
		queue((message) -> this.handled++);
		assertThat(timer("none").count()).isZero();
		assertThat(timer("none").getId().getDescription()).isNotEmpty();
	}

	@Test
	void failureToRecordShouldEndItAndNotBeThatOfTheHandler(CapturedOutput output) throws Exception {
		QueueSource<String> queue = queue((message) -> {
			this.handled++;
			throw new IllegalArgumentException("of the handler");
		});
		this.registry.config().meterFilter(new MeterFilter() {

			@Override
			public MeterFilterReply accept(Meter.Id id) {
				throw new IllegalStateException("of the filter");
			}

		});
		queue.send("first");
		queue.send("second");
		this.loop.runOnce();
		assertThat(this.handled).isEqualTo(2);
		assertThat(queue.statistics().errors()).isEqualTo(2);
		assertThat(output).containsOnlyOnce("are not recorded any more")
			.containsOnlyOnce("IllegalStateException: of the filter")
			.contains("IllegalArgumentException: of the handler");
	}

	@Test
	void lagShouldBeTimedByKind() {
		QueueSource<String> queue = this.loop.queue("queue", MESSAGES, (message) -> this.handled++);
		queue.send("message");
		this.clock.add(5, TimeUnit.MILLISECONDS);
		this.loop.runOnce();
		Timer lag = this.registry.get("mainloop.lag").tag("kind", "queue").timer();
		assertThat(lag.count()).isEqualTo(1);
		assertThat(lag.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(5);
		assertThat(lag.getId().getDescription()).isNotEmpty();
		assertThat(this.registry.get("mainloop.lag").timers()).hasSameSizeAs(EventSource.Kind.values());
	}

	private QueueSource<String> queue(HandlerCall<String> call) throws Exception {
		Method method = Object.class.getMethod("toString");
		Annotation annotation = Runnable.class.getAnnotation(FunctionalInterface.class);
		HandlerCall<String> timed = this.timers.decorate(call, Placement.OF_MAIN, "bean", method, annotation);
		return this.loop.queue("queue", MESSAGES, new MessageHandler<String>() {

			@Override
			public void handle(String message) throws Exception {
				call.invoke(message);
			}

			@Override
			public void handleMeasured(String message) throws Exception {
				timed.invoke(message);
			}

		});
	}

	private void runUntilEmpty(QueueSource<String> queue) {
		while (queue.size() > 0) {
			this.loop.runOnce();
		}
	}

	private Timer timer(String exception) {
		return this.registry.get("mainloop.handler")
			.tags("bean", "bean", "method", "toString", "exception", exception)
			.timer();
	}

}
