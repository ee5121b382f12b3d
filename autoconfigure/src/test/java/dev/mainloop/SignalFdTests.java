package dev.mainloop;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.mainloop.testing.JavaCommand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Signals that every thread of a process blocks from its start, as
 * {@link SignalFdProgram} does.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class SignalFdTests {

	private Process program;

	private BufferedReader output;

	@AfterEach
	void end() throws InterruptedException {
		if (this.program != null) {
			this.program.destroyForcibly().waitFor();
		}
	}

	@Test
	void signalsThatAreBlockedShouldComeWithTheirSender() throws Exception {
		start("serve", SignalMode.AUTO, "HUP,USR1,TERM,RTMIN+1", "-Xrs");
		assertThat(readLine()).isEqualTo("signalfd, descriptors 0");
		assertThat(sendAndRead("HUP")).isEqualTo("SIGHUP");
		assertThat(sendAndRead("USR1")).isEqualTo("SIGUSR1");
		assertThat(sendAndRead("35")).isEqualTo("SIGRTMIN+1");
		assertThat(sendAndRead("USR1")).isEqualTo("SIGUSR1");
		assertThat(sendAndRead("TERM")).isEqualTo("SIGTERM");
		assertThat(this.program.waitFor()).isEqualTo(143);
	}

	@Test
	void signalThatIsNotBlockedShouldBeRelayedBesides() throws Exception {
		start("serveBothWays", SignalMode.AUTO, "USR1");
		assertThat(readLine()).isEqualTo("signalfd [SIGUSR1], relay [SIGWINCH]");
		send("WINCH");
		assertThat(readLine()).isEqualTo("SIGWINCH detailed=false code=0 pid=0 uid=0");
		assertThat(sendAndRead("USR1")).isEqualTo("SIGUSR1");
	}

	@Test
	void pauseShouldLeaveSignalPendingUntilResume() throws Exception {
		start("pause", SignalMode.SIGNALFD, "USR1", "-Xrs");
		assertThat(readLine()).isEqualTo("paused");
		long sender = send("USR1");
		assertThat(readLine()).isEqualTo("resumed");
		assertThat(readLine()).isEqualTo(line("SIGUSR1", sender));
		assertThat(readLine()).isEqualTo("closed");
		assertThat(this.program.waitFor()).isZero();
	}

	@Test
	void pauseByHandlerOfSignalInSameBatchShouldHoldSignalUntilResume() throws Exception {
		start("pauseInBatch", SignalMode.SIGNALFD, "HUP,USR1", "-Xrs");
		assertThat(readLine()).isEqualTo("ready");
		long second = send("USR1");
		long first = send("HUP");
		assertThat(readLine()).isEqualTo(line("SIGHUP", first));
		assertThat(readLine()).isEqualTo("resumed");
		assertThat(readLine()).isEqualTo(line("SIGUSR1", second));
		assertThat(this.program.waitFor()).isZero();
	}

	@Test
	void relayWhenSignalIsBlockedShouldBeRefused() throws Exception {
		start("register", SignalMode.RELAY, "USR1");
		assertThat(readLine()).isEqualTo("SIGUSR1 cannot be handled: every thread blocks it, so that the JVM cannot "
				+ "relay it. Let signals come by 'auto' or 'signalfd'.");
	}

	@Test
	void relayWhenJvmReducesItsUseOfSignalsShouldBeRefused() throws Exception {
		start("register", SignalMode.AUTO, "HUP", "-Xrs");
		assertThat(readLine()).isEqualTo("SIGUSR1 cannot be handled: a JVM that is started with -Xrs relays no signal. "
				+ "Start the application with 'env --block-signal=USR1 java -Xrs -jar app.jar', "
				+ "so that signalfd can take it.");
	}

	private void start(String action, SignalMode mode, String blocked, String... options) throws IOException {
		List<String> command = new ArrayList<>(List.of("env", "--block-signal=" + blocked));
		command.addAll(JavaCommand.of(SignalFdProgram.class, List.of(options), action, mode.name()));
		this.program = new ProcessBuilder(command).redirectErrorStream(true).start();
		this.output = this.program.inputReader();
	}

	private String sendAndRead(String signal) throws Exception {
		long sender = send(signal);
		String line = readLine();
		String name = line.substring(0, line.indexOf(' '));
		assertThat(line).isEqualTo(line(name, sender));
		return name;
	}

	private long send(String signal) throws Exception {
		Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(this.program.pid())).start();
		assertThat(kill.waitFor(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
		assertThat(kill.exitValue()).isZero();
		return kill.pid();
	}

	private static String line(String signal, long sender) throws IOException {
		return "%s detailed=true code=0 pid=%d uid=%s".formatted(signal, sender,
				Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
	}

	/** Reads the next line that is not a log line. */
	private String readLine() throws IOException {
		String line;
		do {
			line = this.output.readLine();
			assertThat(line).as("a line of the program").isNotNull();
		}
		while (line.contains(" dev.mainloop."));
		return line;
	}

}
