package dev.mainloop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.mainloop.fd.Signal;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Signals that the JVM relays to several loops, which the test runs by hand.
 */
@LinuxTest
@EveryMultiplexer
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class SignalHubTests {

	private static final Signal USR1 = Signal.of("USR1");

	private static final Signal TERM = Signal.of("TERM");

	private static final Signal WINCH = Signal.of("WINCH");

	private static final Duration LONG = Duration.ofSeconds(LoopRunner.TIMEOUT_SECONDS);

	private static final String BY_JVM = "by the JVM";

	private final List<String> received = new ArrayList<>();

	private final BlockingQueue<String> exits = new LinkedBlockingQueue<>();

	private final List<MainLoop> loops = new ArrayList<>();

	private final MultiplexerKind kind;

	/**
	 * Keeps the JVM from ending by a signal that no loop takes, and notes that it would.
	 */
	private final JvmSignalHandler before = JvmSignalHandler.replace(TERM, () -> this.exits.add(BY_JVM));

	private final MainLoop a;

	private final MainLoop b;

	SignalHubTests(MultiplexerKind kind) {
		this.kind = kind;
		this.a = open("a");
		this.b = open("b");
	}

	@AfterEach
	void close() {
		this.loops.forEach(MainLoop::close);
		this.before.restore();
		assertThat(hub().pending(USR1)).isZero();
		assertThat(hub().pending(TERM)).isZero();
	}

	@Test
	void signalShouldReachEachLoopOnceForEachTimeThatItCanTakeIt() throws Exception {
		on(this.a, "a", USR1);
		on(this.b, "b", USR1);
		for (int i = 0; i < 3; i++) {
			send(USR1);
			runUntilReceived(this.a, i + 1);
		}
		assertThat(this.received).containsExactly("a", "a", "a");
		LoopRunner.runUntilIdle(this.b);
		assertThat(this.received).containsExactly("a", "a", "a", "b");
	}

	@Test
	void signalWhoseSourcesAreAllPausedShouldGoToTheNextSource() throws Exception {
		SignalSource paused = on(this.a, "a", USR1);
		paused.pause();
		send(USR1);
		awaitPending(USR1);
		assertThat(this.a.runOnce()).isFalse();
		on(this.b, "b", USR1);
		LoopRunner.runUntilIdle(this.b);
		paused.resume();
		LoopRunner.runUntilIdle(this.a);
		assertThat(this.received).containsExactly("b");
	}

	@Test
	void signalThatAClosedSourceHasLeftShouldGoToTheNextSource() throws Exception {
		SignalSource closed = on(this.a, "a", USR1);
		send(USR1);
		awaitPending(USR1);
		closed.close();
		assertThat(this.a.runOnce()).isFalse();
		on(this.a, "next", USR1);
		LoopRunner.runUntilIdle(this.a);
		assertThat(this.received).containsExactly("next");
	}

	@Test
	void signalOfALoopThatIsClosedShouldGoToTheNextSource() throws Exception {
		on(this.a, "a", USR1);
		send(USR1);
		awaitPending(USR1);
		this.a.close();
		on(this.b, "b", USR1);
		LoopRunner.runUntilIdle(this.b);
		assertThat(this.received).containsExactly("b");
	}

	@Test
	void signalThatOneLoopHasHandledShouldNotComeToASourceThatWasPaused() throws Exception {
		on(this.a, "a", USR1);
		SignalSource paused = on(this.b, "b", USR1);
		send(USR1);
		runUntilReceived(this.a, 1);
		paused.pause();
		paused.resume();
		LoopRunner.runUntilIdle(this.b);
		assertThat(this.received).containsExactly("a");
	}

	@Test
	void sourceThatAnEarlierHandlerClosesShouldNotGetTheSignal() throws Exception {
		List<SignalSource> later = new ArrayList<>();
		this.a.onSignal("first", USR1, (info) -> {
			later.forEach(EventSource::close);
			this.received.add("first");
		});
		later.add(on(this.a, "second", USR1));
		later.add(on(this.a, "third", USR1));
		send(USR1);
		runUntilReceived(this.a, 1);
		assertThat(this.received).containsExactly("first");
	}

	@Test
	void handlerThatClosesItsLoopShouldEndTheBatch() throws Exception {
		this.a.onSignal("first", USR1, (info) -> {
			this.received.add("first");
			this.a.close();
		});
		on(this.a, "second", USR1);
		on(this.a, "winch", WINCH);
		send(USR1);
		awaitPending(USR1);
		this.a.runOnce(LONG);
		assertThat(this.received).containsExactly("first");
	}

	@Test
	void sigtermShouldEndTheProcessOnceWhenEveryLoopHasHandledIt() throws Exception {
		on(this.a, "a", TERM);
		on(this.b, "b", TERM);
		send(TERM);
		runUntilReceived(this.b, 1);
		LoopRunner.runUntilIdle(this.b);
		assertThat(this.exits).isEmpty();
		LoopRunner.runUntilIdle(this.a);
		LoopRunner.runUntilIdle(this.b);
		assertThat(this.received).containsExactly("b", "a");
		assertExit("a 143");
	}

	@Test
	void sigtermThatAnyLoopVetoesShouldNotEndTheProcess() throws Exception {
		this.a.onSignal("a", TERM, true, (info) -> this.received.add("a"));
		on(this.b, "b", TERM);
		send(TERM);
		runUntilReceived(this.a, 1);
		LoopRunner.runUntilIdle(this.b);
		LoopRunner.runUntilIdle(this.a);
		assertThat(this.received).containsExactly("a", "b");
		assertThat(this.exits).isEmpty();
	}

	@Test
	void vetoOfAPausedSourceShouldCountInEveryLoop() throws Exception {
		SignalSource vetoing = this.a.onSignal("a", TERM, true, (info) -> this.received.add("a"));
		on(this.b, "b", TERM);
		vetoing.pause();
		send(TERM);
		runUntilReceived(this.b, 1);
		LoopRunner.runUntilIdle(this.b);
		assertThat(this.exits).isEmpty();
		vetoing.close();
		send(TERM);
		runUntilReceived(this.b, 2);
		assertExit("b 143");
	}

	@Test
	void sigtermWhoseOnlySourceIsPausedAndThenClosedShouldEndTheProcess() throws Exception {
		SignalSource only = on(this.a, "a", TERM);
		only.pause();
		send(TERM);
		awaitPending(TERM);
		this.a.runOnce();
		assertThat(this.exits).isEmpty();
		only.close();
		assertExit("a 143");
	}

	@Test
	void sigtermWhoseOnlySourceIsClosedWhileItsLoopRunsShouldEndTheProcess() throws Exception {
		MainLoop loop = MainLoop.builder()
			.multiplexer(this.kind)
			.exit((code) -> this.exits.add("running " + code))
			.build();
		this.loops.add(loop);
		SignalSource only = on(loop, "only", TERM);
		only.pause();
		try (LoopRunner runner = LoopRunner.start(loop)) {
			send(TERM);
			awaitPending(TERM);
			runner.awaitIteration();
			only.close();
			assertExit("running 143");
		}
	}

	@Test
	void sigtermWhoseOnlySourceIsPausedShouldEndTheProcessWhenItsLoopCloses() throws Exception {
		on(this.a, "a", TERM).pause();
		send(TERM);
		awaitPending(TERM);
		this.a.close();
		// The thread that sees to the end may find the loop closed already.
		assertThat(this.exits.poll(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isIn("a 143", BY_JVM);
		assertThat(this.exits).isEmpty();
	}

	@Test
	void sigtermThatALoopDoesNotComeToShouldEndTheProcessOnceAllTheSame() throws Exception {
		BlockingQueue<Integer> codes = new LinkedBlockingQueue<>();
		MainLoop busy = MainLoop.builder()
			.multiplexer(this.kind)
			.exit(codes::add)
			.exitTimeout(Duration.ofMillis(1))
			.build();
		this.loops.add(busy);
		on(busy, "busy", TERM);
		send(TERM);
		assertThat(codes.poll(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo(143);
		assertThat(this.received).isEmpty();
		runUntilReceived(busy, 1);
		LoopRunner.runUntilIdle(busy);
		assertThat(codes).isEmpty();
	}

	@Test
	void sigtermThatALoopDoesNotComeToAndThatAnyVetoesShouldWait() throws Exception {
		MainLoop busy = MainLoop.builder()
			.multiplexer(this.kind)
			.exit((code) -> this.exits.add("busy " + code))
			.exitTimeout(Duration.ZERO)
			.build();
		this.loops.add(busy);
		on(busy, "busy", TERM);
		this.a.onSignal("veto", TERM, true, (info) -> this.received.add("veto"));
		send(TERM);
		runUntilReceived(this.a, 1);
		runUntilReceived(busy, 2);
		assertThat(this.received).containsExactly("veto", "busy");
		assertThat(this.exits).isEmpty();
	}

	@Test
	void sigtermShouldNotWaitForALoopThatIsClosed() throws Exception {
		on(this.a, "a", TERM);
		on(this.b, "b", TERM);
		send(TERM);
		runUntilReceived(this.b, 1);
		this.a.close();
		assertThat(this.exits).isEmpty();
		LoopRunner.runUntilIdle(this.b);
		assertExit("b 143");
	}

	@Test
	void sigtermShouldNotWaitForALoopThatHasFailed() throws Exception {
		MainLoop failing = MainLoop.builder().multiplexer(this.kind).errorPolicy(ErrorPolicy.STOP, 1).build();
		this.loops.add(failing);
		failing.onSignal("failing", USR1, (info) -> {
			throw new IllegalStateException("expected");
		});
		failing.onSignal("veto", TERM, true, (info) -> this.received.add("veto"));
		on(this.a, "a", TERM);
		send(USR1);
		awaitPending(USR1);
		send(TERM);
		runUntilReceived(this.a, 1);
		assertThat(this.exits).isEmpty();
		assertThatIllegalStateException().isThrownBy(failing::run).withMessage("The main loop has failed");
		LoopRunner.runUntilIdle(this.a);
		assertThat(this.received).containsExactly("a");
		assertExit("a 143");
	}

	@Test
	void signalsOfALoopThatHasFailedShouldWaitUntilItRunsAgain() throws Exception {
		MainLoop failing = MainLoop.builder().multiplexer(this.kind).errorPolicy(ErrorPolicy.STOP, 1).build();
		this.loops.add(failing);
		boolean[] fails = { true };
		SignalSource source = failing.onSignal("failing", USR1, (info) -> {
			this.received.add("failing");
			if (fails[0]) {
				throw new IllegalStateException("expected");
			}
			failing.stop();
		});
		send(USR1);
		awaitPending(USR1);
		assertThatIllegalStateException().isThrownBy(failing::run).withMessage("The main loop has failed");
		fails[0] = false;
		send(USR1);
		awaitPending(USR1);
		source.resume();
		failing.run();
		assertThat(this.received).containsExactly("failing", "failing");
	}

	@Test
	void handlerShouldNotBeNull() {
		assertThatNullPointerException().isThrownBy(() -> this.a.onSignal("null", USR1, null))
			.withMessage("'handler' must not be null");
		assertThatNullPointerException().isThrownBy(() -> this.a.onSignal("null", null, (info) -> {
		})).withMessage("'signal' must not be null");
		assertThat(this.a.sourceCounts()).containsEntry("signals", 0);
	}

	@Test
	void noSignalShouldBeLostWhileOtherLoopsComeAndGo() throws Exception {
		BlockingQueue<String> taken = new LinkedBlockingQueue<>();
		this.a.onSignal("a", USR1, (info) -> taken.add("a"));
		this.b.onSignal("b", USR1, (info) -> taken.add("b"));
		CountDownLatch stopped = new CountDownLatch(1);
		Thread churn = new Thread(() -> {
			while (stopped.getCount() > 0) {
				churn();
			}
		}, "churn");
		try (LoopRunner first = LoopRunner.start(this.a); LoopRunner second = LoopRunner.start(this.b)) {
			churn.start();
			for (int i : IntStream.range(0, 50).toArray()) {
				send(USR1);
				List<String> both = new ArrayList<>();
				both.add(taken.poll(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS));
				both.add(taken.poll(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS));
				assertThat(both).as("signal %d", i).containsExactlyInAnyOrder("a", "b");
			}
			stopped.countDown();
			churn.join();
			assertThat(first.thread().isRunning()).isTrue();
			assertThat(second.thread().isRunning()).isTrue();
		}
		finally {
			stopped.countDown();
		}
		assertThat(taken).isEmpty();
	}

	private void churn() {
		MainLoop loop = MainLoop.builder().multiplexer(this.kind).build();
		LoopRunner runner = LoopRunner.start(loop);
		SignalSource source = loop.onSignal("churn", USR1, (info) -> {
		});
		for (int i = 0; i < 20; i++) {
			source.pause();
			source.resume();
		}
		source.close();
		runner.close();
		loop.close();
	}

	private MainLoop open(String name) {
		MainLoop loop = MainLoop.builder()
			.multiplexer(this.kind)
			.exit((code) -> this.exits.add(name + " " + code))
			.build();
		this.loops.add(loop);
		return loop;
	}

	private SignalSource on(MainLoop loop, String description, Signal signal) {
		return loop.onSignal(description, signal, (info) -> this.received.add(description));
	}

	private void runUntilReceived(MainLoop loop, int count) {
		while (this.received.size() < count) {
			loop.runOnce(LONG);
		}
	}

	/** Waits for the end of the process, of which a thread of the hub may see to it. */
	private void assertExit(String exit) throws InterruptedException {
		assertThat(this.exits.poll(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo(exit);
		assertThat(this.exits).isEmpty();
	}

	private static void awaitPending(Signal signal) {
		while (hub().pending(signal) == 0) {
			Thread.onSpinWait();
		}
	}

	private static SignalHub hub() {
		return Platform.LINUX.signals();
	}

	private static void send(Signal signal) throws Exception {
		String command = "kill -" + signal.bareName() + " " + ProcessHandle.current().pid();
		assertThat(new ProcessBuilder("sh", "-c", command).start().waitFor()).isZero();
	}

}
