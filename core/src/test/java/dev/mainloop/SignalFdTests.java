package dev.mainloop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.mainloop.fd.Signal;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Signals that every thread of a process blocks from its start, as
 * {@link SignalFdProgram} does.
 */
@LinuxTest
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class SignalFdTests {

	private JavaProgram program;

	@AfterEach
	void end() {
		if (this.program != null) {
			this.program.close();
		}
	}

	@Test
	void signalsThatAreBlockedShouldComeWithTheirSender() throws Exception {
		start("serve", SignalMode.AUTO, "HUP,USR1,TERM,RTMIN+1", "-Xrs");
		assertThat(this.program.readLine()).isEqualTo("signalfd, descriptors 0");
		assertThat(sendAndRead("HUP")).isEqualTo("SIGHUP");
		assertThat(sendAndRead("USR1")).isEqualTo("SIGUSR1");
		assertThat(sendAndRead("RTMIN+1")).isEqualTo("SIGRTMIN+1");
		assertThat(sendAndRead("USR1")).isEqualTo("SIGUSR1");
		assertThat(sendAndRead("TERM")).isEqualTo("SIGTERM");
		assertThat(this.program.exitCode()).isEqualTo(143);
	}

	@Test
	void signalThatIsNotBlockedShouldBeRelayedBesides() throws Exception {
		start("serveBothWays", SignalMode.AUTO, "USR1");
		assertThat(this.program.readLine()).isEqualTo("signalfd [SIGUSR1], relay [SIGWINCH]");
		this.program.send("WINCH");
		assertThat(this.program.readLine()).isEqualTo("SIGWINCH detailed=false code=0 pid=0 uid=0");
		assertThat(sendAndRead("USR1")).isEqualTo("SIGUSR1");
	}

	@Test
	void pauseShouldLeaveSignalPendingUntilResume() throws Exception {
		start("pause", SignalMode.SIGNALFD, "USR1", "-Xrs");
		assertThat(this.program.readLine()).isEqualTo("paused");
		long sender = this.program.send("USR1");
		assertThat(this.program.readLine()).isEqualTo("resumed");
		assertThat(this.program.readLine()).isEqualTo(line("SIGUSR1", sender));
		assertThat(this.program.readLine()).isEqualTo("closed");
		assertThat(this.program.exitCode()).isZero();
	}

	@Test
	void pauseByHandlerOfSignalInSameBatchShouldHoldSignalUntilResume() throws Exception {
		start("pauseInBatch", SignalMode.SIGNALFD, "HUP,USR1", "-Xrs");
		assertThat(this.program.readLine()).isEqualTo("ready");
		long second = this.program.send("USR1");
		long first = this.program.send("HUP");
		assertThat(this.program.readLine()).isEqualTo(line("SIGHUP", first));
		assertThat(this.program.readLine()).isEqualTo("resumed");
		assertThat(this.program.readLine()).isEqualTo(line("SIGUSR1", second));
		assertThat(this.program.exitCode()).isZero();
	}

	@Test
	void relayWhenSignalIsBlockedShouldBeRefused() throws Exception {
		start("register", SignalMode.RELAY, "USR1");
		assertThat(this.program.readLine())
			.isEqualTo("SIGUSR1 cannot be handled: every thread blocks it, so that the JVM cannot "
					+ "relay it. Let signals come by 'auto' or 'signalfd'.");
	}

	@Test
	void relayWhenJvmReducesItsUseOfSignalsShouldBeRefused() throws Exception {
		start("register", SignalMode.AUTO, "HUP", "-Xrs");
		assertThat(this.program.readLine())
			.isEqualTo("SIGUSR1 cannot be handled: a JVM that is started with -Xrs relays no signal. "
					+ "Start the application with 'env --block-signal=USR1,INT,TERM java -Xrs -jar app.jar', "
					+ "so that signalfd can take it.");
	}

	@Test
	void relayWhenFileOfFlagsReducesUseOfSignalsShouldBeRefused(@TempDir Path directory) throws Exception {
		Path flags = Files.writeString(directory.resolve("flags"), "+ReduceSignalUsage\n");
		start("register", SignalMode.AUTO, "HUP", "-XX:Flags=" + flags);
		assertThat(this.program.readLine())
			.startsWith("SIGUSR1 cannot be handled: a JVM that is started with -Xrs relays no signal.");
	}

	@Test
	void queuedSignalsShouldComeInOrderWithTheirValues() throws Exception {
		start("queue", SignalMode.SIGNALFD, "RTMIN+1,RTMIN+2,USR1", "-Xrs");
		assertThat(this.program.readLine()).isEqualTo("ready");
		int low = Signal.of("RTMIN+1").number();
		int high = Signal.of("SIGRTMIN+2").number();
		List<String> expected = new ArrayList<>();
		for (int value : new int[] { 3, 1, -2 }) {
			Kernel.queueSignal(this.program.pid(), high, value);
			expected.add("SIGRTMIN+2 " + value);
		}
		for (int value : new int[] { Integer.MAX_VALUE, Integer.MIN_VALUE, 0 }) {
			Kernel.queueSignal(this.program.pid(), low, value);
			expected.add(expected.size() - 3, "SIGRTMIN+1 " + value);
		}
		Kernel.queueSignal(this.program.pid(), Signal.of("USR1").number(), 42);
		Kernel.queueSignal(this.program.pid(), Signal.of("USR1").number(), 43);
		expected.add(0, "SIGUSR1 42");
		this.program.writeLine("go");
		for (String line : expected) {
			assertThat(this.program.readLine())
				.isEqualTo("%s code=-1 pid=%d uid=%s".formatted(line, ProcessHandle.current().pid(), uid()));
		}
		assertThat(this.program.exitCode()).isZero();
	}

	@Test
	void floodShouldLoseNoRealTimeSignalAndMergeStandardOnes() throws Exception {
		start("flood", SignalMode.SIGNALFD, "RTMIN+1,USR1,USR2", "-Xrs");
		assertThat(this.program.readLine()).isEqualTo("ready");
		flood();
		this.program.writeLine("go");
		assertThat(this.program.readLine()).isEqualTo("in order true, SIGRTMIN+1 1000, SIGUSR1 1");
		flood();
		Kernel.queueSignal(this.program.pid(), Signal.of("RTMIN+1").number(), -1);
		String line = this.program.readLine();
		assertThat(line).startsWith("in order true, SIGRTMIN+1 1000, SIGUSR1 ");
		assertThat(Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1))).isBetween(1, 1000);
		assertThat(this.program.exitCode()).isZero();
	}

	private void flood() {
		for (int value : IntStream.range(0, 1000).toArray()) {
			Kernel.queueSignal(this.program.pid(), Signal.of("RTMIN+1").number(), value);
			Kernel.kill(this.program.pid(), Signal.of("USR1").number());
		}
	}

	@Test
	void everyHandlerOfASignalShouldRunInOrder() throws Exception {
		start("twoHandlers", SignalMode.SIGNALFD, "USR1", "-Xrs");
		assertThat(this.program.readLine()).isEqualTo("ready");
		for (int i = 0; i < 2; i++) {
			this.program.send("USR1");
			assertThat(this.program.readLine()).isEqualTo("first");
			assertThat(this.program.readLine()).isEqualTo("second");
		}
	}

	@Test
	void endOfChildShouldComeWithItsStatus() throws Exception {
		start("children", SignalMode.AUTO, "CHLD");
		assertThat(this.program.readLine()).isEqualTo("SIGCHLD of the child: code=1 status=3");
		assertThat(this.program.readLine()).isEqualTo("SIGCHLD of the child: code=2 status=9");
		assertThat(this.program.exitCode()).isZero();
	}

	/** A JDK may pass on what the JVM blocks, as 17 does, or clear it, as 25 does. */
	@Test
	void childShouldBlockNothingWhenItIsStartedWithDefaultSignals() throws Exception {
		start("masks", SignalMode.SIGNALFD, "HUP", "-Xrs");
		assertThat(this.program.readLine()).isIn("those of the JVM", "none");
		assertThat(this.program.readLine()).isEqualTo("none");
		assertThat(this.program.readLine()).isEqualTo("129");
		assertThat(this.program.exitCode()).isZero();
	}

	private void start(String action, SignalMode mode, String blocked, String... options) {
		this.program = JavaProgram.start(List.of("env", "--block-signal=" + blocked), List.of(options),
				SignalFdProgram.class, action, mode.name());
	}

	private String sendAndRead(String signal) throws Exception {
		long sender = this.program.send(signal);
		String line = this.program.readLine();
		String name = line.substring(0, line.indexOf(' '));
		assertThat(line).isEqualTo(line(name, sender));
		return name;
	}

	private static String line(String signal, long sender) throws IOException {
		return "%s detailed=true code=0 pid=%d uid=%s".formatted(signal, sender, uid());
	}

	private static Object uid() throws IOException {
		return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
	}

}
