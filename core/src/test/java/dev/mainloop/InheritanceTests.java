package dev.mainloop;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalFd;
import dev.mainloop.fd.TimerFd;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Children that are started while a loop runs inherit none of its file descriptors.
 */
@LinuxTest
class InheritanceTests {

	private static final Pattern LISTED = Pattern.compile("(\\d+) -> (.+)$", Pattern.MULTILINE);

	private static final String LIST = "ls -l /proc/self/fd";

	private final List<AutoCloseable> opened = new ArrayList<>();

	private final Map<Integer, String> ours = new TreeMap<>();

	@TempDir
	private Path directory;

	@BeforeEach
	void open() {
		TreeSet<Integer> before = new TreeSet<>(ProcessFiles.open().keySet());
		int[] pipe = Kernel.pipe();
		int[] sockets = Kernel.unixSockets();
		List<FileDescriptor> descriptors = List.of(EventFd.open(0), EventFd.openSemaphore(0),
				TimerFd.open(ClockId.MONOTONIC), TimerFd.open(ClockId.REALTIME),
				SignalFd.open(List.of(Signal.of("USR1"))), FileDescriptor.openFifo(this.directory.resolve("fifo")),
				adopted(pipe[0]), adopted(pipe[1]), adopted(sockets[0]), adopted(sockets[1]),
				adopted(Kernel.tcpSocket()), adopted(Kernel.openTerminalMaster()), adopted(Kernel.inotify()),
				adopted(Kernel.pidfd(ProcessHandle.current().pid())));
		this.opened.addAll(descriptors);
		for (MultiplexerKind kind : MultiplexerKind.values()) {
			MainLoop loop = MainLoop.builder().multiplexer(kind).build();
			this.opened.add(loop);
			this.opened.add(LoopRunner.start(loop));
			loop.onClockSet("clock", (change) -> {
			});
			loop.timer("timer").clock(ClockId.BOOTTIME).after(Duration.ofHours(1), (timer) -> {
			});
			descriptors.forEach((fd) -> loop.watch("fd", fd, Readiness.PRIORITY, (some, readiness) -> {
			}));
		}
		Map<Integer, String> open = ProcessFiles.open();
		descriptors.stream().map(ProcessFiles::number).forEach((number) -> this.ours.put(number, open.get(number)));
		open.forEach((number, target) -> {
			if (!before.contains(number) && target.startsWith("anon_inode:")) {
				this.ours.put(number, target);
			}
		});
	}

	private static FileDescriptor adopted(int number) {
		return FileDescriptor.adopt(number, "adopted");
	}

	@AfterEach
	void close() throws Exception {
		for (int i = this.opened.size() - 1; i >= 0; i--) {
			this.opened.get(i).close();
		}
	}

	@Test
	void oursShouldBeOfEveryKind() {
		assertThat(this.ours.values()).doesNotContainNull()
			.contains("anon_inode:[eventfd]", "anon_inode:[timerfd]", "anon_inode:[signalfd]", "anon_inode:[eventpoll]",
					"anon_inode:inotify", this.directory.resolve("fifo").toString())
			.anyMatch((target) -> target.endsWith("/ptmx"))
			.hasSizeGreaterThan(20);
	}

	@Test
	void childOfProcessBuilderShouldInheritNone() throws Exception {
		Process child = new ProcessBuilder("sh", "-c", LIST).start();
		Map<Integer, String> inherited = parse(
				new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
		assertThat(inherited).containsKeys(0, 1, 2);
		assertThat(inherited.entrySet()).doesNotContainAnyElementsOf(this.ours.entrySet());
	}

	/** The JDK closes what it has not opened, and native code does not. */
	@Test
	void childOfNativeCodeShouldInheritNone() throws Exception {
		int[] pipe = Kernel.pipe();
		int borrowed = pipe[0];
		FileDescriptor.borrow(borrowed, "borrowed").close();
		Path list = this.directory.resolve("list");
		assertThat(Kernel.system(LIST + " > " + list)).isZero();
		Map<Integer, String> inherited = parse(Files.readString(list));
		assertThat(inherited).as("what is not ours").containsEntry(borrowed, ProcessFiles.open().get(borrowed));
		assertThat(inherited.entrySet()).doesNotContainAnyElementsOf(this.ours.entrySet());
		Kernel.close(pipe[0]);
		Kernel.close(pipe[1]);
	}

	private static Map<Integer, String> parse(String list) {
		Map<Integer, String> descriptors = new TreeMap<>();
		LISTED.matcher(list)
			.results()
			.forEach((match) -> descriptors.put(Integer.valueOf(match.group(1)), match.group(2)));
		return descriptors;
	}

}
