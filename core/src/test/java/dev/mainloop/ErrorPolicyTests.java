package dev.mainloop;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.Signal;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@LinuxTest
class ErrorPolicyTests {

	private static final Signal WINCH = Signal.of("WINCH");

	private static final Signal TERM = Signal.of("TERM");

	private final ManualClock clock = new ManualClock();

	private final List<String> errors = new ArrayList<>();

	private final List<Integer> exits = new ArrayList<>();

	private final List<String> handled = new ArrayList<>();

	private boolean failing = true;

	private MainLoop loop;

	@AfterEach
	void close() {
		this.loop.close();
	}

	@Test
	void continueShouldNeverGiveUp() {
		open(ErrorPolicy.CONTINUE, 1);
		QueueSource<String> queue = queue();
		send(queue, 20);
		assertThat(this.errors).hasSize(20);
		assertThat(queue.state()).isEqualTo(EventSource.State.ENABLED);
		assertThat(this.loop.disabledSources()).isEmpty();
	}

	@Test
	void queueShouldBeDisabledAtTheLimitAndKeepWhatWaits() {
		open(ErrorPolicy.DISABLE, 3);
		QueueSource<String> queue = queue();
		send(queue, 5);
		assertThat(this.errors).hasSize(3);
		assertThat(queue.state()).isEqualTo(EventSource.State.DISABLED);
		assertThat(queue.failure()).isInstanceOf(IOException.class).hasMessage("expected");
		assertThat(this.loop.disabledSources()).containsExactly(queue);
		assertThat(queue.size()).isEqualTo(2);
		this.failing = false;
		queue.resume();
		assertThat(queue.state()).isEqualTo(EventSource.State.ENABLED);
		assertThat(queue.failure()).isNull();
		assertThat(this.loop.disabledSources()).isEmpty();
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.handled).hasSize(2);
	}

	@Test
	void resumeShouldCountAnew() {
		open(ErrorPolicy.DISABLE, 3);
		QueueSource<String> queue = queue();
		send(queue, 3);
		queue.resume();
		send(queue, 2);
		assertThat(queue.state()).isEqualTo(EventSource.State.ENABLED);
		send(queue, 1);
		assertThat(queue.state()).isEqualTo(EventSource.State.DISABLED);
		assertThat(this.loop.disabledSources()).containsExactly(queue);
	}

	@Test
	void successShouldCountAnew() {
		open(ErrorPolicy.DISABLE, 3);
		QueueSource<String> queue = queue();
		for (int i = 0; i < 5; i++) {
			this.failing = true;
			send(queue, 2);
			this.failing = false;
			send(queue, 1);
		}
		assertThat(this.errors).hasSize(10);
		assertThat(queue.state()).isEqualTo(EventSource.State.ENABLED);
	}

	@Test
	void timerShouldBeDisabledUntilItIsResumed() {
		open(ErrorPolicy.DISABLE, 2);
		Timer timer = this.loop.every("timer", Duration.ofSeconds(1), Duration.ofSeconds(1),
				(ticking) -> handle("tick"));
		tick(5);
		assertThat(this.errors).hasSize(2);
		assertThat(this.loop.disabledSources()).containsExactly(timer);
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 0);
		this.failing = false;
		timer.resume();
		tick(3);
		assertThat(this.handled).hasSize(3);
	}

	@Test
	void oneShotTimerThatIsScheduledAnewShouldBeDisabled() {
		open(ErrorPolicy.DISABLE, 2);
		Timer timer = this.loop.after("timer", Duration.ofSeconds(1), (expired) -> {
			expired.rescheduleAfter(Duration.ofSeconds(1));
			handle("tick");
		});
		tick(5);
		assertThat(this.errors).hasSize(2);
		this.failing = false;
		timer.resume();
		LoopRunner.runUntilIdle(this.loop);
		tick(2);
		assertThat(this.handled).hasSize(3);
	}

	@Test
	void oneShotTimerShouldCloseAndNotBeDisabled() {
		open(ErrorPolicy.DISABLE, 1);
		Timer timer = this.loop.after("timer", Duration.ofSeconds(1), (expired) -> handle("tick"));
		tick(2);
		assertThat(this.errors).hasSize(1);
		assertThat(timer.state()).isEqualTo(EventSource.State.CLOSED);
		assertThat(this.loop.disabledSources()).isEmpty();
	}

	@Test
	void oneShotTimersThatFailShouldStopTheLoopAtTheLimit() {
		open(ErrorPolicy.STOP, 3);
		for (int i = 0; i < 5; i++) {
			this.loop.after("timer " + i, Duration.ofSeconds(1), (expired) -> handle("tick"));
		}
		this.loop.after("end", Duration.ofSeconds(2), (expired) -> this.loop.stop());
		this.clock.advance(Duration.ofSeconds(2));
		assertThatIllegalStateException().isThrownBy(this.loop::run).withMessage("The main loop has failed");
		assertThat(this.errors).hasSize(3);
		assertThat(this.loop.disabledSources()).isEmpty();
	}

	@Test
	void oneShotTimersThatFailShouldCountAnewAfterOneThatDoesNot() {
		open(ErrorPolicy.STOP, 2);
		for (int i = 0; i < 5; i++) {
			this.failing = true;
			this.loop.after("timer", Duration.ofSeconds(1), (expired) -> handle("tick"));
			tick(1);
			this.failing = false;
			this.loop.after("timer", Duration.ofSeconds(1), (expired) -> handle("tick"));
			tick(1);
		}
		assertThat(this.errors).hasSize(5);
		assertThat(this.loop.state()).isNotEqualTo(MainLoopState.FAILED);
	}

	@Test
	void oneShotTimersThatFailShouldNotBeDisabled() {
		open(ErrorPolicy.DISABLE, 2);
		for (int i = 0; i < 5; i++) {
			this.loop.after("timer", Duration.ofSeconds(1), (expired) -> handle("tick"));
			tick(1);
		}
		assertThat(this.errors).hasSize(5);
		assertThat(this.loop.disabledSources()).isEmpty();
	}

	@Test
	void descriptorShouldBeDisabledUntilItIsResumed() {
		open(ErrorPolicy.DISABLE, 2);
		try (EventFd fd = EventFd.open(1)) {
			DescriptorSource source = this.loop.watch("fd", fd, Readiness.READABLE, (ready, readiness) -> handle("fd"));
			this.loop.runOnce();
			this.loop.runOnce();
			this.loop.runOnce();
			assertThat(this.errors).hasSize(2);
			assertThat(this.loop.disabledSources()).containsExactly(source);
			this.failing = false;
			source.resume();
			this.loop.runOnce();
			assertThat(this.handled).containsExactly("fd");
		}
	}

	@Test
	void oneShotDescriptorShouldBeDisabledThoughItWaitsForResume() {
		open(ErrorPolicy.DISABLE, 2);
		try (EventFd fd = EventFd.open(1)) {
			DescriptorSource source = this.loop.watch("fd", fd, Readiness.READABLE, Trigger.ONE_SHOT,
					(ready, readiness) -> handle("fd"));
			this.loop.runOnce();
			assertThat(source.state()).isEqualTo(EventSource.State.PAUSED);
			source.resume();
			this.loop.runOnce();
			assertThat(source.state()).isEqualTo(EventSource.State.DISABLED);
			this.failing = false;
			source.resume();
			this.loop.runOnce();
			assertThat(this.handled).containsExactly("fd");
		}
	}

	@Test
	void closeOfDisabledSourceShouldForgetIt() {
		open(ErrorPolicy.DISABLE, 1);
		QueueSource<String> queue = queue();
		send(queue, 1);
		queue.pause();
		assertThat(queue.state()).isEqualTo(EventSource.State.DISABLED);
		queue.close();
		assertThat(queue.failure()).isNull();
		assertThat(this.loop.disabledSources()).isEmpty();
		queue.resume();
		assertThat(queue.state()).isEqualTo(EventSource.State.CLOSED);
	}

	@Test
	void postedTasksShouldNeverBeGivenUp() {
		open(ErrorPolicy.STOP, 1);
		for (int i = 0; i < 3; i++) {
			this.loop.execute(() -> {
				throw new IllegalStateException("expected");
			});
		}
		this.loop.execute(() -> this.handled.add("last"));
		LoopRunner.runUntilIdle(this.loop);
		assertThat(this.errors).hasSize(3);
		assertThat(this.handled).containsExactly("last");
		assertThat(this.loop.disabledSources()).isEmpty();
	}

	@Test
	void signalOfDisabledSourceShouldWaitUntilItIsResumed() throws Exception {
		open(ErrorPolicy.DISABLE, 1);
		SignalSource source = this.loop.onSignal("winch", WINCH, (info) -> handle("signal"));
		send(WINCH);
		runUntil(() -> source.state() == EventSource.State.DISABLED);
		this.failing = false;
		source.resume();
		send(WINCH);
		runUntil(() -> this.handled.contains("signal"));
	}

	@Test
	void disabledSourceShouldNotKeepSigtermFromEndingTheProcess() throws Exception {
		open(ErrorPolicy.DISABLE, 1);
		SignalSource source = this.loop.onSignal("term", TERM, true, (info) -> handle("signal"));
		send(TERM);
		runUntil(() -> source.state() == EventSource.State.DISABLED);
		assertThat(this.exits).isEmpty();
		send(TERM);
		runUntil(() -> this.exits.contains(143));
		assertThat(this.errors).hasSize(1);
	}

	@Test
	void stopShouldEndTheLoopAsFailed() {
		open(ErrorPolicy.STOP, 2);
		QueueSource<String> queue = queue();
		queue.send("a");
		queue.send("b");
		queue.send("c");
		assertThatIllegalStateException().isThrownBy(this.loop::run)
			.withMessage("The main loop has failed")
			.withCauseInstanceOf(IOException.class);
		assertThat(this.loop.state()).isEqualTo(MainLoopState.FAILED);
		assertThat(this.loop.failure()).hasMessage("expected");
		assertThat(this.loop.disabledSources()).containsExactly(queue);
		assertThat(this.errors).hasSize(2);
		assertThat(queue.size()).isOne();
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> queue.send("d"))
			.withMessage("The main loop has failed, and the queue 'queue' takes no d");
	}

	@Test
	void stopShouldEndAnIterationByHandAsFailed() {
		open(ErrorPolicy.STOP, 1);
		queue().send("a");
		assertThatIllegalStateException().isThrownBy(this.loop::runOnce).withMessage("The main loop has failed");
		assertThat(this.loop.state()).isEqualTo(MainLoopState.FAILED);
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void failedLoopShouldBeLoggedAndServeAllAgainAfterAStart(CapturedOutput output) throws Exception {
		open(ErrorPolicy.STOP, 1);
		QueueSource<String> queue = queue();
		CountDownLatch signalled = new CountDownLatch(1);
		this.loop.onSignal("term", TERM, true, (info) -> signalled.countDown());
		MainLoopThread thread = new MainLoopThread(this.loop);
		queue.send("a");
		queue.send("b");
		thread.start();
		thread.stop().join();
		assertThat(this.loop.state()).isEqualTo(MainLoopState.FAILED);
		assertThat(output).contains("The main loop has failed and does not run any more")
			.contains("java.io.IOException: expected")
			.containsOnlyOnce("The event source 'queue' is disabled, as it failed 1 times in a row, at last in 'queue' "
					+ "with java.io.IOException: expected");
		this.failing = false;
		this.loop.disabledSources().forEach(EventSource::resume);
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			runner.awaitIteration();
			send(TERM);
			LoopRunner.await(signalled);
		}
		assertThat(this.loop.failure()).isNull();
		assertThat(this.handled).containsExactly("b");
	}

	@Test
	void limitShouldBeOneOrMore() {
		open(ErrorPolicy.CONTINUE, 1);
		assertThatIllegalArgumentException().isThrownBy(() -> MainLoop.builder().errorPolicy(ErrorPolicy.STOP, 0))
			.withMessage("'limit' must be 1 or more but is 0");
	}

	private void open(ErrorPolicy policy, int limit) {
		this.loop = MainLoop.builder()
			.clock(this.clock)
			.errorHandler((source, event, error) -> this.errors.add(source + " " + error.getMessage()))
			.errorPolicy(policy, limit)
			.signals(SignalMode.RELAY)
			.exit(this.exits::add)
			.build();
	}

	private QueueSource<String> queue() {
		return this.loop.queue("queue", 64, this::handle);
	}

	private void handle(String event) throws IOException {
		if (this.failing) {
			throw new IOException("expected");
		}
		this.handled.add(event);
	}

	private void send(EventQueue<String> queue, int count) {
		for (int i = 0; i < count; i++) {
			queue.send("message");
		}
		LoopRunner.runUntilIdle(this.loop);
	}

	private void tick(int count) {
		LoopRunner.runUntilIdle(this.loop);
		for (int i = 0; i < count; i++) {
			this.clock.advance(Duration.ofSeconds(1));
			LoopRunner.runUntilIdle(this.loop);
		}
	}

	private void runUntil(BooleanSupplier condition) {
		while (!condition.getAsBoolean()) {
			this.loop.runOnce(Duration.ofSeconds(LoopRunner.TIMEOUT_SECONDS));
		}
	}

	private static void send(Signal signal) throws Exception {
		String command = "kill -" + signal.bareName() + " " + ProcessHandle.current().pid();
		assertThat(new ProcessBuilder("sh", "-c", command).start().waitFor()).isZero();
	}

}
