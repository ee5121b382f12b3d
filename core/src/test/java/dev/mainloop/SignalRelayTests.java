package dev.mainloop;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalInfo;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.LinuxTest;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Signals that another process sends to this one, which the JVM relays.
 */
@LinuxTest
@EveryMultiplexer
class SignalRelayTests {

	private static final Signal HUP = Signal.of("HUP");

	private static final Signal USR1 = Signal.of("USR1");

	private static final Signal WINCH = Signal.of("WINCH");

	private static final Signal TERM = Signal.of("TERM");

	private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

	private final BlockingQueue<Integer> exits = new LinkedBlockingQueue<>();

	private final MainLoop loop;

	private LoopRunner runner;

	SignalRelayTests(MultiplexerKind kind) {
		this.loop = MainLoop.builder().multiplexer(kind).signals(SignalMode.RELAY).exit(this.exits::add).build();
	}

	@BeforeEach
	void start() {
		this.runner = LoopRunner.start(this.loop);
	}

	@AfterEach
	void close() {
		this.runner.close();
		this.loop.close();
	}

	@Test
	void signalsShouldReachTheirHandlersOnLoopThread() throws Exception {
		Assumptions.assumeThat(ProcessFiles.isIgnored(HUP)).as("SIGHUP is ignored, as by nohup").isFalse();
		assertThat(this.loop.signalsDescription()).isEqualTo("none");
		for (Signal signal : List.of(HUP, USR1)) {
			this.loop.onSignal(signal.name(), signal, (info) -> {
				assertThat(this.loop.isLoopThread()).isTrue();
				this.received.add(info);
			});
		}
		assertThat(this.loop.signalsDescription()).isEqualTo("relay");
		send(HUP);
		assertThat(receive()).isEqualTo(SignalInfo.of(HUP));
		send(USR1);
		assertThat(receive()).isEqualTo(SignalInfo.of(USR1));
		send(HUP);
		assertThat(receive()).isEqualTo(SignalInfo.of(HUP));
	}

	@Test
	void signalShouldReachEveryHandlerInOrder() throws Exception {
		on("first", USR1);
		on("second", USR1);
		SignalSource third = on("third", USR1);
		third.pause();
		send(USR1);
		assertThat(receive()).isEqualTo("first");
		assertThat(receive()).isEqualTo("second");
		this.runner.awaitIteration();
		third.resume();
		send(USR1);
		assertThat(List.of(receive(), receive(), receive())).containsExactly("first", "second", "third");
	}

	@Test
	void handlerThatThrowsShouldNotKeepOthersFromSignal() throws Exception {
		this.loop.onSignal("throws", USR1, (info) -> {
			throw new IllegalStateException("expected");
		});
		on("second", USR1);
		send(USR1);
		assertThat(receive()).isEqualTo("second");
	}

	@Test
	void pauseShouldHoldSignalUntilResume() throws Exception {
		SignalSource paused = on("paused", USR1);
		on("other", WINCH);
		paused.pause();
		send(USR1);
		send(WINCH);
		assertThat(receive()).isEqualTo("other");
		this.runner.awaitIteration();
		assertThat(this.received).isEmpty();
		paused.resume();
		assertThat(receive()).isEqualTo("paused");
	}

	@Test
	void pauseByOwnHandlerShouldHoldNextSignal() throws Exception {
		SignalSource[] source = new SignalSource[1];
		source[0] = this.loop.onSignal("own", USR1, (info) -> {
			source[0].pause();
			this.received.add("own");
		});
		for (int i = 0; i < 3; i++) {
			send(USR1);
			assertThat(receive()).isEqualTo("own");
			assertThat(source[0].state()).isEqualTo(EventSource.State.PAUSED);
			source[0].resume();
		}
	}

	@Test
	void closeShouldRestoreWhatJvmDidBefore() throws Exception {
		JvmSignalHandler before = JvmSignalHandler.replace(USR1, () -> this.received.add("before"));
		try {
			SignalSource first = on("first", USR1);
			SignalSource second = on("second", USR1);
			first.close();
			send(USR1);
			assertThat(receive()).isEqualTo("second");
			second.close();
			assertThat(this.loop.signalsDescription()).isEqualTo("none");
			send(USR1);
			assertThat(receive()).isEqualTo("before");
			on("third", USR1);
			send(USR1);
			assertThat(receive()).isEqualTo("third");
			this.loop.close();
			this.runner.stop();
			send(USR1);
			assertThat(receive()).isEqualTo("before");
		}
		finally {
			before.restore();
		}
	}

	@Test
	void signalShouldReachEveryLoopWhicheverClosesFirst() throws Exception {
		on("this", USR1);
		try (MainLoop other = MainLoop.builder().signals(SignalMode.RELAY).build();
				LoopRunner otherRunner = LoopRunner.start(other)) {
			other.onSignal("other", USR1, (info) -> this.received.add("other"));
			send(USR1);
			assertThat(List.of(receive(), receive())).containsExactlyInAnyOrder("this", "other");
			this.loop.close();
			this.runner.stop();
			send(USR1);
			assertThat(receive()).isEqualTo("other");
			assertThat(otherRunner.thread().isRunning()).isTrue();
		}
	}

	@Test
	void sigtermShouldExitAfterItsHandlers() throws Exception {
		on("first", TERM);
		on("second", TERM);
		send(TERM);
		assertThat(receive()).isEqualTo("first");
		assertThat(receive()).isEqualTo("second");
		assertThat(this.exits.poll(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo(143);
	}

	@Test
	void sigtermWhenHandlerVetoesShouldNotExit() throws Exception {
		on("handler", TERM);
		this.loop.onSignal("veto", TERM, true, (info) -> this.received.add("veto"));
		send(TERM);
		assertThat(receive()).isEqualTo("handler");
		assertThat(receive()).isEqualTo("veto");
		this.runner.awaitIteration();
		assertThat(this.exits).isEmpty();
	}

	@Test
	void signalWhenLoopDoesNotRunShouldWaitForIt() throws Exception {
		on("handler", USR1);
		this.runner.stop();
		send(USR1);
		this.runner = LoopRunner.start(this.loop);
		assertThat(receive()).isEqualTo("handler");
	}

	@Test
	void signalsShouldNotBeLostOneAfterTheOther() throws Exception {
		on("handler", USR1);
		for (int i : IntStream.range(0, 20).toArray()) {
			send(USR1);
			assertThat(receive()).as("signal %d", i).isEqualTo("handler");
		}
	}

	private SignalSource on(String description, Signal signal) {
		return this.loop.onSignal(description, signal, (info) -> this.received.add(description));
	}

	private Object receive() throws InterruptedException {
		return this.received.poll(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS);
	}

	private static void send(Signal signal) throws Exception {
		String command = "kill -" + signal.bareName() + " " + ProcessHandle.current().pid();
		assertThat(new ProcessBuilder("sh", "-c", command).start().waitFor()).isZero();
	}

}
