package dev.mainloop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.mainloop.fd.ExitStatus;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.PidFd;
import dev.mainloop.fd.Signal;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ExitSource}.
 */
@LinuxTest
@EveryMultiplexer
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class ExitSourceTests {

	private static final Duration WAIT = Duration.ofSeconds(10);

	@TempDir
	private Path directory;

	private final MainLoop loop;

	private final List<String> exits = new ArrayList<>();

	/** As many as a loop on select can have at a time, or more. */
	private final int many;

	ExitSourceTests(MultiplexerKind multiplexer) {
		this.many = (multiplexer == MultiplexerKind.SELECT) ? 100 : 300;
		this.loop = MainLoop.builder().multiplexer(multiplexer).build();
	}

	@AfterEach
	void close() {
		this.loop.close();
	}

	private static Process start(String script) throws IOException {
		return new ProcessBuilder("/bin/sh", "-c", script).start();
	}

	private ExitHandler add(String name) {
		return (status) -> this.exits.add(name + ": " + status);
	}

	private void runUntilExits(int count) {
		while (this.exits.size() < count) {
			this.loop.runOnce(WAIT);
		}
	}

	@Test
	void exitShouldBeToldOnceWhileTheJvmWaitsForTheProcessToo() throws Exception {
		int descriptors = ProcessFiles.withoutPath().size();
		for (int i = 0; i < this.many; i++) {
			int code = i % 128;
			boolean killed = i % 3 == 0;
			Process process = start(killed ? "kill -KILL $$" : "exit " + code);
			String expected = killed ? "killed by SIGKILL" : "exit " + code;
			this.loop.onExit("process", process, add(Integer.toString(i)));
			runUntilExits(i + 1);
			assertThat(this.exits.get(i)).as("exit %d", i).startsWith(i + ": ").endsWith(expected);
			assertThat(process.waitFor()).isEqualTo(killed ? 137 : code);
			process.destroy();
		}
		assertThat(this.exits).hasSize(this.many);
		assertThat(this.loop.sources()).isEmpty();
		assertThat(ProcessFiles.withoutPath()).hasSizeLessThan(descriptors + 20);
	}

	@Test
	void processesThatEndAtOnceShouldEachBeTold() throws Exception {
		Path fifo = this.directory.resolve("gate");
		try (FileDescriptor gate = FileDescriptor.openFifo(fifo)) {
			List<String> expected = new ArrayList<>();
			for (int i = 0; i < this.many; i++) {
				this.loop.onExit("process", start("read line < " + fifo + "; exit " + i % 120),
						add(Integer.toString(i)));
				expected.add(i + ": exit " + i % 120);
			}
			gate.write(ByteBuffer.wrap("\n".repeat(this.many).getBytes(StandardCharsets.US_ASCII)));
			runUntilExits(this.many);
			assertThat(this.exits).containsExactlyInAnyOrderElementsOf(expected);
		}
	}

	@Test
	void processThatHasEndedBeforeShouldBeToldAtOnce() throws Exception {
		Process process = start("exit 9");
		process.waitFor();
		this.loop.onExit("process", process, add("a"));
		Process killed = start("kill -TERM $$");
		killed.waitFor();
		this.loop.onExit("killed", killed, add("b"));
		this.loop.onExit("handle", process.toHandle(), add("c"));
		runUntilExits(3);
		assertThat(this.exits).containsExactlyInAnyOrder("a: exit 9", "b: exit 143 or killed by SIGTERM", "c: unknown");
	}

	@Test
	void processThatIsNoChildShouldBeTold() throws Exception {
		Process parent = start("(read line < /proc/$$/fd/0; exit 3) & echo $!; wait; read line");
		long pid = Long.parseLong(readLine(parent));
		ProcessHandle grandchild = ProcessHandle.of(pid).orElseThrow();
		this.loop.onExit("grandchild", grandchild, add("grandchild"));
		assertThat(this.loop.runOnce()).isFalse();
		write(parent, "\n");
		runUntilExits(1);
		assertThat(this.exits).containsExactly("grandchild: exit 3");
		write(parent, "\n");
		assertThat(parent.waitFor()).isZero();
	}

	@Test
	void zombieThatItsParentLeavesShouldBeToldAsUnknown() throws Exception {
		Path fifo = this.directory.resolve("gate");
		try (FileDescriptor gate = FileDescriptor.openFifo(fifo)) {
			Process parent = start("(read line < " + fifo + "; exit 3) & echo $!; read line");
			PidFd pidFd = PidFd.open(Long.parseLong(readLine(parent)));
			this.loop.onExit("zombie", pidFd, add("zombie"));
			gate.write(ByteBuffer.wrap(new byte[] { '\n' }));
			runUntilExits(1);
			// Some shells take the status at once.
			assertThat(this.exits).hasSize(1).containsAnyOf("zombie: unknown", "zombie: exit 3");
			write(parent, "\n");
			parent.waitFor();
		}
	}

	@Test
	void processOfAnotherKindShouldBeToldByItsFuture() {
		CompletableFuture<Process> exit = new CompletableFuture<>();
		this.loop.onExit("process", new ForeignProcess(exit), add("foreign"));
		assertThat(this.loop.runOnce()).isFalse();
		assertThat(this.exits).isEmpty();
		exit.complete(null);
		runUntilExits(1);
		assertThat(this.exits).containsExactly("foreign: exit 5");
	}

	@Test
	void sourceShouldBePausedAndClosed() throws Exception {
		Process process = start("read line; exit 2");
		ExitSource paused = this.loop.onExit("paused", process, add("paused"));
		ExitSource closed = this.loop.onExit("closed", process, add("closed"));
		assertThat(paused.kind()).isEqualTo(EventSource.Kind.PROCESS);
		assertThat(this.loop.sources()).contains(paused, closed);
		paused.pause();
		closed.close();
		write(process, "\n");
		process.waitFor();
		this.loop.runOnce();
		assertThat(this.exits).isEmpty();
		paused.resume();
		runUntilExits(1);
		assertThat(this.exits).containsExactly("paused: exit 2");
		assertThat(paused.state()).isEqualTo(EventSource.State.CLOSED);
	}

	@Test
	void closedLoopShouldKeepNoPidFd() throws Exception {
		Process process = start("read line");
		PidFd pidFd = PidFd.open(process.pid());
		this.loop.onExit("process", pidFd, add("process"));
		this.loop.close();
		assertThat(pidFd.isOpen()).isFalse();
		process.destroyForcibly().waitFor();
	}

	@Test
	void pidFdShouldSendSignals() throws Exception {
		Process process = start("read line");
		try (PidFd pidFd = PidFd.open(process.pid())) {
			assertThat(pidFd.pid()).isEqualTo(process.pid());
			assertThat(pidFd.status()).isNull();
			assertThat(pidFd.signal(Signal.of("TERM"))).isTrue();
			process.waitFor();
			assertThat(pidFd.signal(Signal.of("TERM"))).isFalse();
			assertThat(pidFd.status()).isEqualTo(ExitStatus.killed(Signal.of("TERM")));
		}
		assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> PidFd.open(process.pid()))
			.matches((ex) -> ex.is(Errno.ESRCH));
	}

	private static String readLine(Process process) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int next = process.getInputStream().read(); next != '\n'; next = process.getInputStream().read()) {
			line.append((char) next);
		}
		return line.toString();
	}

	private static void write(Process process, String text) throws IOException {
		process.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
		process.getOutputStream().flush();
	}

	private static final class ForeignProcess extends Process {

		private final CompletableFuture<Process> exit;

		ForeignProcess(CompletableFuture<Process> exit) {
			this.exit = exit;
		}

		@Override
		public CompletableFuture<Process> onExit() {
			return this.exit;
		}

		@Override
		public int exitValue() {
			if (!this.exit.isDone()) {
				throw new IllegalThreadStateException();
			}
			return 5;
		}

		@Override
		public int waitFor() {
			return 5;
		}

		@Override
		public OutputStream getOutputStream() {
			return OutputStream.nullOutputStream();
		}

		@Override
		public InputStream getInputStream() {
			return InputStream.nullInputStream();
		}

		@Override
		public InputStream getErrorStream() {
			return InputStream.nullInputStream();
		}

		@Override
		public void destroy() {
		}

	}

}
