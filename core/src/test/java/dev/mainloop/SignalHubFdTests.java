package dev.mainloop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.mainloop.fd.Signal;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Signals that come by signalfd to several loops, as {@link SignalHubProgram} has them.
 */
@LinuxTest
@EveryMultiplexer
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class SignalHubFdTests {

	private static final int QUEUED = Signal.of("RTMIN+1").number();

	private static final int USR1 = Signal.of("USR1").number();

	private final MultiplexerKind kind;

	private JavaProgram program;

	SignalHubFdTests(MultiplexerKind kind) {
		this.kind = kind;
	}

	@AfterEach
	void end() {
		this.program.close();
	}

	@Test
	void twoLoopsShouldEachGetEverySignal() throws Exception {
		start("twoLoops");
		long sender = ProcessHandle.current().pid();
		List<String> received = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			Kernel.kill(this.program.pid(), USR1);
			received.add(this.program.readLine());
			received.add(this.program.readLine());
		}
		assertThat(received).filteredOn(("a " + sender)::equals).hasSize(200);
		assertThat(received).filteredOn(("b " + sender)::equals).hasSize(200);
	}

	@Test
	void loopShouldReadSignalsForAnother() throws Exception {
		start("readForAnother");
		Kernel.kill(this.program.pid(), USR1);
		assertThat(readLines(3)).containsExactly("true", "a", "end");
	}

	@Test
	void signalsBehindTheOneThatClosesItsSourceShouldWaitForTheNext() throws Exception {
		start("closeInHandler");
		queue(1, 2, 3);
		this.program.writeLine("queued");
		assertThat(readLines(2)).containsExactly("first 1", "closed");
		queue(4);
		this.program.writeLine("queued");
		assertThat(readLines(4)).containsExactly("next 2", "next 3", "next 4", "end");
	}

	@Test
	void signalsBehindOneThatPausesItsSourceShouldKeepTheirOrder() throws Exception {
		start("pauseInHandler");
		queue(1, 2, 3);
		this.program.writeLine("queued");
		assertThat(readLines(2)).containsExactly("1", "paused");
		queue(4, 5, 6);
		this.program.writeLine("queued");
		assertThat(readLines(6)).containsExactly("2", "3", "4", "5", "6", "end");
	}

	@Test
	void signalsForALoopThatDoesNotRunShouldWaitInTheKernelBeyondSome() throws Exception {
		start("slowLoop");
		queue(IntStream.range(0, 300).toArray());
		this.program.writeLine("queued");
		assertThat(readLines(3)).containsExactly("true", "true", "end");
	}

	@Test
	void noSignalShouldBeLostWhileOtherLoopsComeAndGo() throws Exception {
		start("comeAndGo");
		queue(IntStream.range(0, 2000).toArray());
		queue(-1);
		assertThat(readLines(3)).containsExactly("true", "0", "end");
		assertThat(this.program.exitCode()).isZero();
	}

	@Test
	void signalFdShouldBeOneForAllAndCloseWithTheLastSignal() throws Exception {
		this.program = startProgram("descriptors");
		assertThat(readLines(5)).containsExactly("0", "1", "1", "0", "1");
		Kernel.kill(this.program.pid(), USR1);
		assertThat(readLines(2)).containsExactly("a again", "0");
		assertThat(this.program.exitCode()).isZero();
	}

	@Test
	void sigtermShouldEndTheProcessWhenEveryLoopHasHandledIt() throws Exception {
		start("exit");
		this.program.send("TERM");
		assertThat(this.program.readLine()).isEqualTo("a");
		assertThat(this.program.isAlive()).isTrue();
		this.program.writeLine("go");
		assertThat(this.program.readLine()).isEqualTo("b");
		assertThat(this.program.exitCode()).isEqualTo(143);
	}

	@Test
	void sigtermWhoseOnlySourceIsPausedAndThenClosedShouldEndTheProcess() throws Exception {
		start("pausedThenClosed");
		this.program.send("TERM");
		assertThat(this.program.readLine()).isEqualTo("pending");
		this.program.writeLine("close");
		assertThat(this.program.exitCode()).isEqualTo(143);
		assertThat(this.program.endsOutput()).isTrue();
	}

	@Test
	void sigtermShouldComeToTheOtherLoopsWhenOneHasFailed() throws Exception {
		start("failedAndOther");
		Kernel.kill(this.program.pid(), USR1);
		assertThat(this.program.readLine()).isEqualTo("The main loop has failed");
		this.program.send("TERM");
		assertThat(this.program.readLine()).isEqualTo("a");
		assertThat(this.program.exitCode()).isEqualTo(143);
	}

	private void start(String action) throws IOException {
		this.program = startProgram(action);
		assertThat(this.program.readLine()).isEqualTo("ready");
	}

	private JavaProgram startProgram(String action) {
		return JavaProgram.start(List.of("env", "--block-signal=USR1,TERM,INT,RTMIN+1"), List.of("-Xrs"),
				SignalHubProgram.class, action, this.kind.name());
	}

	private void queue(int... values) {
		for (int value : values) {
			Kernel.queueSignal(this.program.pid(), QUEUED, value);
		}
	}

	private List<String> readLines(int count) throws IOException {
		List<String> lines = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			lines.add(this.program.readLine());
		}
		return lines;
	}

}
