package dev.mainloop.cost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.mainloop.MainLoop;
import dev.mainloop.file.AsyncFiles;
import dev.mainloop.file.FileIo;
import dev.mainloop.multiplexer.IoMultiplexer;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Counts the system calls that an event costs, as {@code strace(1)} sees them in
 * {@link SystemCallProgram}. A count that fewer than one in fifty events has, as one wait
 * for a batch of messages, is not one of each event.
 */
@LinuxTest
class SystemCallTests {

	/** What the JVM itself calls at any time on any thread. */
	private static final String OF_THE_JVM = "futex,mmap,mprotect,munmap,madvise,sched_yield,rt_sigprocmask,rt_sigreturn";

	private static final int SHARED = 50;

	@TempDir
	private Path directory;

	@BeforeEach
	void assumeStrace() throws InterruptedException {
		String refusal;
		try {
			List<String> command = new ArrayList<>(strace(Path.of("/dev/null")));
			command.add("true");
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			String output = new String(process.getInputStream().readAllBytes());
			refusal = (process.waitFor() == 0) ? "" : output;
		}
		catch (IOException ex) {
			refusal = String.valueOf(ex.getMessage());
		}
		Assumptions.assumeThat(refusal).as("what keeps strace(1) from running").isEmpty();
	}

	private static List<String> strace(Path output) {
		return List.of("strace", "-f", "--seccomp-bpf", "-qq", "-o", output.toString(), "-e", "trace=!" + OF_THE_JVM);
	}

	/**
	 * The wake-up is a write of the sender and a wait of the loop; the tick a wait, where
	 * the kernel has {@code epoll_pwait2(2)}.
	 */
	@ParameterizedTest
	@CsvSource({ "message, 0", "wake-up, 2", "tick, 1", "readiness, 1" })
	void eventShouldCostNoMoreSystemCallsThan(String event, int bound) throws Exception {
		try (IoMultiplexer epoll = MultiplexerKind.EPOLL.get()) {
			Assumptions.assumeThat(epoll.isExact() || !event.equals("tick")).as("the wait is exact").isTrue();
		}
		Map<String, Integer> calls = calls(event);
		int count = calls.values().stream().mapToInt(Integer::intValue).sum();
		assertThat(count).as("the system calls of %d events, %s", SystemCallProgram.EVENTS, calls)
			.isLessThanOrEqualTo(SystemCallProgram.EVENTS * bound + SystemCallProgram.EVENTS / SHARED);
	}

	/**
	 * Whether the kernel does them at once depends on the file system. What it does later
	 * wakes the loop, one by one or together.
	 */
	@Test
	void fileOperationsInFlightShouldBeBegunByOneSystemCall() throws Exception {
		try (MainLoop loop = MainLoop.builder().build(); AsyncFiles files = AsyncFiles.builder(loop).build()) {
			Assumptions.assumeThat(files.fileIo()).isEqualTo(FileIo.IO_URING);
		}
		assertThat(calls("file read")).hasEntrySatisfying("io_uring_enter", (count) -> assertThat(count)
			.isLessThanOrEqualTo(SystemCallProgram.EVENTS / SystemCallProgram.IN_FLIGHT + 1));
	}

	private Map<String, Integer> calls(String event) throws Exception {
		Path trace = this.directory.resolve("trace");
		try (JavaProgram program = JavaProgram.start(strace(trace), List.of("-Xint"), SystemCallProgram.class, event)) {
			assertThat(program.readLines()).isEmpty();
			assertThat(program.exitCode()).isZero();
		}
		return callsBetweenMarks(Files.readAllLines(trace));
	}

	/** Counts by name what the threads that are marked call between the other marks. */
	private static Map<String, Integer> callsBetweenMarks(List<String> trace) {
		Set<String> threads = new HashSet<>();
		Map<String, Integer> calls = new TreeMap<>();
		boolean begun = false;
		for (String line : trace) {
			String[] words = line.split("[ (]+", 3);
			if (line.contains(SystemCallProgram.END)) {
				assertThat(begun).isTrue();
				return calls;
			}
			if (line.contains(SystemCallProgram.THREAD)) {
				threads.add(words[0]);
			}
			if (begun && threads.contains(words[0]) && line.contains("(") && !line.contains(" resumed>")) {
				calls.merge(words[1], 1, Integer::sum);
			}
			begun |= line.contains(SystemCallProgram.BEGIN);
		}
		throw new AssertionError("There is no mark of the end in\n" + String.join("\n", trace));
	}

}
