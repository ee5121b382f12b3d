package dev.mainloop.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.fd.ExitStatus;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.Signal;
import dev.mainloop.fd.Stdio;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.line.FrameHandler;
import dev.mainloop.line.FrameReader;
import dev.mainloop.line.Framing;
import dev.mainloop.line.TooLong;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.LinuxTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ChildProcess} and {@link Command}.
 */
@LinuxTest
@EveryMultiplexer
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class ChildProcessTests {

	private static final Duration WAIT = Duration.ofSeconds(10);

	@TempDir
	private Path directory;

	private final MainLoop loop;

	private final List<String> events = Collections.synchronizedList(new ArrayList<>());

	private final List<Throwable> errors = new ArrayList<>();

	/** As many as a loop on select can have at a time, or more. */
	private final int many;

	ChildProcessTests(MultiplexerKind multiplexer) {
		this.many = (multiplexer == MultiplexerKind.SELECT) ? 200 : 1000;
		this.loop = MainLoop.builder()
			.multiplexer(multiplexer)
			.errorHandler((source, event, error) -> this.errors.add(error))
			.build();
	}

	@AfterEach
	void close() {
		this.loop.close();
	}

	private void runUntil(BooleanSupplier condition) {
		while (!condition.getAsBoolean()) {
			this.loop.runOnce(WAIT);
		}
	}

	private void runUntilEvents(int count) {
		runUntil(() -> this.events.size() >= count);
	}

	private static Command shell(String script, String... arguments) {
		return Command.of("/bin/sh",
				Stream.concat(Stream.of("-c", script, "sh"), Stream.of(arguments)).toArray(String[]::new));
	}

	private ChildProcess start(Command command) {
		return command.start(this.loop, "child", (status) -> this.events.add(status.toString()));
	}

	/** Starts a child and waits until the kernel shows its program. */
	private ChildProcess startReader(Command command) throws IOException {
		ChildProcess child = start(command.input(Stdio.PIPE));
		while (Files.readString(Path.of("/proc/" + child.pid() + "/cmdline"), StandardCharsets.UTF_8).isEmpty()) {
			Thread.onSpinWait();
		}
		return child;
	}

	private List<String> run(Command command) {
		start(command);
		runUntil(() -> !this.events.isEmpty() && this.loop.sources().isEmpty());
		assertThat(this.errors).isEmpty();
		return this.events;
	}

	private List<String> lines(Command command) {
		return run(command.outputLines(this.events::add).errorLines((line) -> this.events.add("error: " + line)));
	}

	private static boolean exists(long pid) {
		return Files.exists(Path.of("/proc/" + pid));
	}

	private static String status(long pid, String field) throws IOException {
		return Files.readAllLines(Path.of("/proc/" + pid + "/status"))
			.stream()
			.filter((line) -> line.startsWith(field + ":"))
			.map((line) -> line.substring(field.length() + 1).strip())
			.findFirst()
			.orElseThrow();
	}

	@Test
	void exitCodesShouldBeTold() {
		assertThat(run(shell("exit 0"))).containsExactly("exit 0");
		assertThat(run(shell("exit 3"))).containsExactly("exit 0", "exit 3");
		assertThat(run(shell("exit 255"))).containsExactly("exit 0", "exit 3", "exit 255");
	}

	@Test
	void signalsShouldBeTold() {
		assertThat(run(shell("kill -KILL $$"))).containsExactly("killed by SIGKILL");
		assertThat(run(shell("ulimit -c 0; kill -SEGV $$"))).endsWith("killed by SIGSEGV");
		assertThat(run(shell("exit 137"))).endsWith("exit 137");
	}

	@Test
	void endShouldLeaveNoZombieAndNoDescriptor() {
		int before = ProcessFiles.withoutPath().size();
		ChildProcess child = start(shell("read line").input(Stdio.PIPE));
		assertThat(child.isAlive()).isTrue();
		assertThat(child.exitStatus()).isNull();
		assertThat(exists(child.pid())).isTrue();
		assertThat(this.loop.sources()).singleElement()
			.satisfies((source) -> assertThat(source.description()).isEqualTo("child"))
			.satisfies((source) -> assertThat(source.kind()).isEqualTo(EventSource.Kind.PROCESS));
		child.input().close();
		runUntilEvents(1);
		assertThat(child.isAlive()).isFalse();
		assertThat(child.exitStatus()).isEqualTo(ExitStatus.exited(1));
		assertThat(exists(child.pid())).isFalse();
		assertThat(child.signal(Signal.of("TERM"))).isFalse();
		child.terminate(Duration.ZERO);
		assertThat(this.loop.sources()).isEmpty();
		assertThat(ProcessFiles.withoutPath()).hasSizeLessThanOrEqualTo(before);
	}

	@Test
	void thousandChildrenThatEndAtOnceShouldLeaveNothing() throws IOException {
		start(shell("exit 0"));
		runUntilEvents(1);
		this.events.clear();
		int descriptors = ProcessFiles.withoutPath().size();
		int threads = tasks();
		List<ChildProcess> children = new ArrayList<>();
		// The write end of the pipe is closed in all of them, as of no other than their
		// own.
		Path fifo = this.directory.resolve("gate");
		FileDescriptor gate = FileDescriptor.openFifo(fifo);
		for (int i = 0; i < this.many; i++) {
			int code = i % 256;
			children.add(shell("read line < " + fifo + "; exit " + code).start(this.loop, "child " + i,
					(status) -> this.events.add(code + ": " + status)));
		}
		assertThat(children).allMatch(ChildProcess::isAlive);
		gate.write(ByteBuffer.wrap("\n".repeat(this.many).getBytes(StandardCharsets.US_ASCII)));
		runUntilEvents(this.many);
		gate.close();
		assertThat(this.events).hasSize(this.many)
			.containsExactlyInAnyOrderElementsOf(
					IntStream.range(0, this.many).mapToObj((i) -> i % 256 + ": exit " + i % 256).toList());
		assertThat(children).noneMatch((child) -> exists(child.pid()));
		assertThat(zombies()).isEmpty();
		// The JVM starts threads of its own now and then.
		assertThat(tasks()).isLessThan(threads + 20);
		assertThat(ProcessFiles.withoutPath()).hasSizeLessThanOrEqualTo(descriptors);
		assertThat(this.loop.sources()).isEmpty();
	}

	private static int tasks() throws IOException {
		try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
			return (int) tasks.count();
		}
	}

	private static List<Long> zombies() {
		return ProcessHandle.current().children().map(ProcessHandle::pid).filter((pid) -> {
			try {
				return status(pid, "State").startsWith("Z");
			}
			catch (IOException ex) {
				return false;
			}
		}).toList();
	}

	@Test
	void linesShouldComeBeforeTheEnd() {
		assertThat(lines(shell("i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done; printf rest; exit 3")))
			.hasSize(2002)
			.startsWith("line 0", "line 1")
			.endsWith("line 1999", "rest", "exit 3");
	}

	@Test
	void linesOfBothOutputsShouldComeBeforeTheEnd() {
		assertThat(lines(shell("echo a; echo b >&2; exit 1"))).containsExactlyInAnyOrder("a", "error: b", "exit 1")
			.endsWith("exit 1");
	}

	@Test
	void errorShouldBeTheOutputOnDemand() {
		assertThat(run(shell("echo a; echo b >&2; echo c").outputLines(this.events::add).error(Stdio.OUTPUT)))
			.containsExactly("a", "b", "c", "exit 0");
	}

	@Test
	void grandchildThatKeepsTheOutputShouldNotDelayTheEnd() {
		Path fifo = this.directory.resolve("gate");
		try (FileDescriptor gate = FileDescriptor.openFifo(fifo)) {
			assertThat(lines(shell("(read line < " + fifo + ") & echo a; printf b; exit 2"))).containsExactly("a", "b",
					"exit 2");
			assertThat(gate.write(ByteBuffer.wrap(new byte[] { '\n' }))).isEqualTo(1);
		}
	}

	@Test
	void pausedReaderShouldHoldTheEndBack() {
		List<FrameReader<String>> readers = new ArrayList<>();
		shell("echo a; echo b").output(() -> Framing.lines(100), (line, reader) -> {
			reader.pause();
			readers.add(reader);
			this.events.add(line);
		}).start(this.loop, "child", (status) -> this.events.add(status.toString()));
		runUntil(() -> this.events.size() == 1 && this.loop.sources().size() == 2);
		while (this.loop.runOnce(Duration.ofMillis(10))) {
			assertThat(this.events).containsExactly("a");
		}
		assertThat(this.events).containsExactly("a");
		readers.get(0).resume();
		runUntilEvents(2);
		readers.get(0).resume();
		runUntilEvents(3);
		assertThat(this.events).containsExactly("a", "b", "exit 0");
	}

	@Test
	void readerThatIsClosedShouldNotHoldTheEndBack() {
		shell("echo a; echo b; echo c").output(() -> Framing.lines(100), (line, reader) -> {
			this.events.add(line);
			reader.close();
		}).start(this.loop, "child", (status) -> this.events.add(status.signal().isPresent() ? "pipe" : "end"));
		runUntilEvents(2);
		assertThat(this.events).hasSize(2).startsWith("a");
	}

	@Test
	void failuresOfHandlersShouldBeErrorsOfTheirEvents() {
		shell("echo a; echo b").outputLines((line) -> {
			throw new IllegalStateException(line);
		}).start(this.loop, "child", (status) -> {
			throw new IllegalStateException(status.toString());
		});
		runUntil(() -> this.errors.size() == 3);
		assertThat(this.errors).extracting(Throwable::getMessage).containsExactly("a", "b", "exit 0");
		runUntil(() -> this.loop.sources().isEmpty());
	}

	@Test
	void endOfAnOutputShouldBeToldAsThatOfOthers() {
		List<String> rests = new ArrayList<>();
		shell("printf 'a,b'").output(() -> Framing.delimited(",".getBytes(StandardCharsets.US_ASCII), 10, TooLong.FAIL),
				new FrameHandler<byte[]>() {

					@Override
					public void frame(byte[] frame, FrameReader<byte[]> reader) {
						rests.add(new String(frame, StandardCharsets.US_ASCII));
					}

					@Override
					public void ended(byte @Nullable [] rest, @Nullable RuntimeException error,
							FrameReader<byte[]> reader) {
						rests.add("rest " + new String(rest, StandardCharsets.US_ASCII));
					}

				})
			.start(this.loop, "child", (status) -> rests.add(status.toString()));
		runUntil(() -> rests.size() == 3);
		assertThat(rests).containsExactly("a", "rest b", "exit 0");
	}

	@Test
	void pipesShouldGoBothWays() {
		ChildProcess child = start(shell("read line; echo \"<$line>\"; exit 4").input(Stdio.PIPE).output(Stdio.PIPE));
		assertThat(child.input().write(ByteBuffer.wrap("text\n".getBytes(StandardCharsets.US_ASCII)))).isEqualTo(5);
		runUntilEvents(1);
		ByteBuffer answer = ByteBuffer.allocate(100);
		assertThat(child.output().read(answer)).isEqualTo(7);
		assertThat(child.output().read(answer)).isEqualTo(-1);
		assertThat(new String(answer.array(), 0, 7, StandardCharsets.US_ASCII)).isEqualTo("<text>\n");
		assertThatIllegalStateException().isThrownBy(child::error).withMessageContaining("error(Stdio.PIPE)");
		child.input().close();
		child.output().close();
	}

	@Test
	void descriptorsShouldBecomeStreams() throws IOException {
		Path file = Files.writeString(this.directory.resolve("in"), "text\n");
		Path written = this.directory.resolve("out");
		try (FileDescriptor in = FileDescriptor.open(file);
				FileDescriptor out = FileDescriptor.open(written, StandardOpenOption.WRITE,
						StandardOpenOption.CREATE)) {
			run(shell("read line; echo \"$line out\"; echo error >&2").input(Stdio.of(in))
				.output(Stdio.of(out))
				.error(Stdio.of(out)));
		}
		assertThat(written).hasContent("text out\nerror\n");
	}

	@Test
	void childShouldBlockAndIgnoreNoSignalAndHaveNoOtherDescriptor() throws IOException {
		ChildProcess child = startReader(
				shell("echo ready >&2; read line").output(Stdio.NULL_DEVICE).error(Stdio.PIPE));
		ByteBuffer ready = ByteBuffer.allocate(100);
		while (child.error().read(ready) == 0) { // it opens its libraries until then
			assertThat(child.isAlive()).isTrue();
		}
		child.error().close();
		assertThat(status(child.pid(), "SigBlk")).isEqualTo("0000000000000000");
		assertThat(status(child.pid(), "SigIgn")).isEqualTo("0000000000000000");
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + child.pid() + "/fd"))) {
			assertThat(descriptors.map((path) -> path.getFileName().toString())).containsExactlyInAnyOrder("0", "1",
					"2");
		}
		assertThat(Files.readSymbolicLink(Path.of("/proc/" + child.pid() + "/fd/1"))).isEqualTo(Path.of("/dev/null"));
		child.input().close();
		runUntilEvents(1);
	}

	@Test
	void environmentShouldBeThatOfThisProcessAndChanges() {
		assertThat(lines(shell("echo \"$PATH\"; echo \"$ADDED\"; echo \"${HOME-none}\"").environment("ADDED", "a=b c")
			.environment("HOME", null))).containsExactly(System.getenv("PATH"), "a=b c", "none", "exit 0");
	}

	@Test
	void environmentShouldBeOwnOnDemand() throws IOException {
		ChildProcess child = startReader(
				shell("read line").onlyOwnEnvironment().environment("A", "1").environment("B", null));
		assertThat(Files.readString(Path.of("/proc/" + child.pid() + "/environ"))).isEqualTo("A=1\0");
		child.input().close();
		runUntilEvents(1);
	}

	@Test
	void textsThatAsciiDoesNotHaveShouldBeUtf8() throws IOException {
		ChildProcess child = startReader(shell("read line", "\u20ac"));
		assertThat(Files.readString(Path.of("/proc/" + child.pid() + "/cmdline"), StandardCharsets.UTF_8))
			.isEqualTo("/bin/sh\0-c\0read line\0sh\0\u20ac\0");
		child.input().close();
		runUntilEvents(1);
	}

	@Test
	void directoryShouldBeTheWorkingDirectory() throws IOException {
		assertThat(lines(shell("pwd -P").directory(this.directory)))
			.containsExactly(this.directory.toRealPath().toString(), "exit 0");
	}

	private Path script(String name, String text, String permissions) throws IOException {
		return Files.setPosixFilePermissions(Files.writeString(this.directory.resolve(name), text),
				PosixFilePermissions.fromString(permissions));
	}

	@Test
	void programShouldBeLookedForInThePathOfTheChild() throws IOException {
		script("tool", "#!/bin/sh\necho tool $1\n", "rwx------");
		Path empty = Files.createDirectory(this.directory.resolve("empty"));
		assertThat(lines(Command.of("tool", "x").environment("PATH", empty + ":" + this.directory)))
			.containsExactly("tool x", "exit 0");
		this.events.clear();
		assertThat(lines(Command.of("tool").environment("PATH", "nothing::/bin").directory(this.directory)))
			.containsExactly("tool", "exit 0");
		this.events.clear();
		assertThat(lines(Command.of("./tool").directory(this.directory))).containsExactly("tool", "exit 0");
	}

	@Test
	void scriptWithoutInterpreterShouldBeThatOfTheShell() throws IOException {
		Path script = script("plain", "echo \"plain $1\"\n", "rwx------");
		assertThat(lines(Command.of(script.toString(), "x"))).containsExactly("plain x", "exit 0");
	}

	@Test
	void programThatCannotBeStartedShouldBeNamed() throws IOException {
		int before = ProcessFiles.withoutPath().size();
		assertFailure(Command.of("no-such-program"), Errno.ENOENT, "posix_spawn(no-such-program)");
		assertFailure(Command.of("/no/such"), Errno.ENOENT, "posix_spawn(/no/such)");
		Path script = script("tool", "#!/bin/sh\n", "rw-------");
		assertFailure(Command.of(script.toString()), Errno.EACCES, "posix_spawn(" + script + ")");
		assertFailure(Command.of("tool").environment("PATH", this.directory + ":/nowhere"), Errno.EACCES,
				"posix_spawn(tool)");
		assertFailure(shell("exit 0").directory(this.directory.resolve("none")), Errno.ENOENT, "chdir(");
		assertThat(ProcessFiles.withoutPath()).hasSizeLessThanOrEqualTo(before);
		assertThat(this.loop.sources()).isEmpty();
		assertThat(this.loop.queues()).isEmpty();
	}

	private void assertFailure(Command command, Errno errno, String message) {
		assertThatExceptionOfType(ErrnoException.class)
			.isThrownBy(
					() -> start(command.input(Stdio.PIPE).outputLines(this.events::add).errorLines(this.events::add)))
			.withMessageContaining(message)
			.matches((ex) -> ex.is(errno));
	}

	@Test
	void impossibleCommandsShouldBeRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> start(Command.of("")));
		assertThatIllegalArgumentException().isThrownBy(() -> start(Command.of("a", "b\0c")));
		assertThatIllegalArgumentException().isThrownBy(() -> start(Command.of("a").environment("A=", "b")));
		assertThatIllegalArgumentException().isThrownBy(() -> start(Command.of("a").environment("", "b")));
		assertThatIllegalArgumentException().isThrownBy(() -> start(Command.of("a").input(Stdio.OUTPUT)));
	}

	@Test
	void childThatIgnoresTermShouldBeKilledAfterTheGrace() {
		ChildProcess child = start(shell("trap '' TERM; echo ready; while :; do read line; done").input(Stdio.PIPE)
			.outputLines(this.events::add));
		runUntilEvents(1);
		long begin = System.nanoTime();
		child.terminate(Duration.ofMillis(200));
		child.terminate(Duration.ZERO);
		runUntilEvents(2);
		assertThat(this.events).containsExactly("ready", "killed by SIGKILL");
		assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(Duration.ofMillis(200).toNanos());
		child.input().close();
	}

	@Test
	void childThatMindsTermShouldNotBeKilled() {
		ChildProcess child = start(
				shell("trap 'exit 7' TERM; echo ready; while :; do read line; done").input(Stdio.PIPE)
					.outputLines(this.events::add));
		runUntilEvents(1);
		child.terminate(Duration.ofHours(1));
		runUntilEvents(2);
		assertThat(this.events).containsExactly("ready", "exit 7");
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 0);
		child.input().close();
	}

	@Test
	void groupShouldEndWithItsLeader() throws IOException {
		Path fifo = this.directory.resolve("gate");
		try (FileDescriptor gate = FileDescriptor.openFifo(fifo)) {
			ChildProcess child = start(
					shell("(trap '' TERM; echo ready; read line < " + fifo + ") & echo $!; read line; wait").ownGroup()
						.input(Stdio.PIPE)
						.outputLines(this.events::add));
			runUntilEvents(2);
			long grandchild = this.events.stream()
				.filter((line) -> !line.equals("ready"))
				.mapToLong(Long::parseLong)
				.findFirst()
				.orElseThrow();
			ProcessHandle handle = ProcessHandle.of(grandchild).orElseThrow();
			assertThat(Files.readString(Path.of("/proc/" + grandchild + "/stat")).split(" ")[4])
				.isEqualTo(Long.toString(child.pid()));
			child.terminate(Duration.ofHours(1));
			runUntilEvents(3);
			assertThat(this.events).endsWith("killed by SIGTERM");
			handle.onExit().join();
			child.input().close();
			assertThat(gate.isOpen()).isTrue();
		}
	}

	@Test
	void sessionShouldBeOwnOnDemand() throws IOException {
		ChildProcess child = startReader(shell("read line").ownSession());
		assertThat(Files.readString(Path.of("/proc/" + child.pid() + "/stat")).split(" ")[5])
			.isEqualTo(Long.toString(child.pid()));
		assertThat(child.signal(Signal.of("KILL"))).isTrue();
		runUntilEvents(1);
		assertThat(this.events).containsExactly("killed by SIGKILL");
		child.input().close();
	}

	@Test
	void childOfAClosedLoopShouldGoOnAndBeTakenByTheNext() throws IOException {
		List<String> before = ProcessFiles.withoutPath();
		ChildProcess child = start(
				shell("trap '' PIPE; echo a; read line; exit 5").input(Stdio.PIPE).outputLines(this.events::add));
		runUntilEvents(1);
		this.loop.close();
		assertThat(status(child.pid(), "State")).doesNotStartWith("Z");
		assertThatIllegalStateException().isThrownBy(() -> child.signal(Signal.of("TERM")));
		ProcessHandle handle = ProcessHandle.of(child.pid()).orElseThrow();
		child.input().close();
		handle.onExit().join();
		assertThat(status(child.pid(), "State")).startsWith("Z");
		try (MainLoop next = MainLoop.builder().build()) {
			shell("exit 0").start(next, "next", (status) -> this.events.add("next"));
			assertThat(exists(child.pid())).isFalse();
			while (this.events.size() < 2) {
				next.runOnce(WAIT);
			}
		}
		assertThat(this.events).containsExactly("a", "next");
		assertThat(ProcessFiles.withoutPath()).hasSizeLessThanOrEqualTo(before.size());
	}

	@Test
	void childShouldBeKilledWithItsLoopOnDemand() {
		ChildProcess child = start(shell("read line").input(Stdio.PIPE).killedWithLoop());
		this.loop.close();
		assertThat(exists(child.pid())).isFalse();
		assertThat(this.events).isEmpty();
		assertThatIllegalStateException().isThrownBy(() -> start(shell("exit 0")));
		child.input().close();
	}

	@Test
	void endWhileTheLoopIsStoppedShouldBeToldLater() {
		ChildProcess child = start(shell("exit 6"));
		ProcessHandle.of(child.pid()).orElseThrow().onExit().join();
		this.loop.stop();
		assertThat(this.events).isEmpty();
		runUntilEvents(1);
		assertThat(this.events).containsExactly("exit 6");
	}

}
