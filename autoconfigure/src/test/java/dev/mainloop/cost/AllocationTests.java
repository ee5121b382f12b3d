package dev.mainloop.cost;

import java.util.List;

import dev.mainloop.MainLoop;
import dev.mainloop.file.AsyncFiles;
import dev.mainloop.file.FileIo;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Counts the bytes that an event allocates on the loop's thread, or on its sender's, see
 * {@link AllocationProgram}. It is compiled by the JVM's optimizing compiler alone, which
 * is waited for, so that the result does not depend on how busy the machine is.
 */
@LinuxTest
class AllocationTests {

	private static final List<String> COMPILED = List.of("-XX:TieredStopAtLevel=4", "-XX:-TieredCompilation",
			"-Xbatch");

	/**
	 * The {@code TimerTick} is made, and left out by the compiler.
	 */
	@ParameterizedTest
	@CsvSource({ "message, 0", "annotated message, 0", "annotated message with metrics, 0",
			"annotated message with Prometheus, 0", "send with a key, 0", "tick, 0", "annotated tick, 0",
			"annotated tick with TimerTick, 0", "readiness, 0", "annotated readiness, 0", "signal, 0",
			"100 cancelled timers, 6400" })
	void eventShouldAllocate(String event, double bytes) throws Exception {
		try (JavaProgram program = JavaProgram.start(List.of(), COMPILED, AllocationProgram.class, event)) {
			assertThat(Double.parseDouble(program.readLine())).isEqualTo(bytes);
		}
	}

	/**
	 * With workers the JDK's queue between the threads allocates where both want it at
	 * once.
	 */
	@Test
	void fileReadByIoUringShouldAllocateNothing() throws Exception {
		try (MainLoop loop = MainLoop.builder().build(); AsyncFiles files = AsyncFiles.builder(loop).build()) {
			Assumptions.assumeThat(files.fileIo()).isEqualTo(FileIo.IO_URING);
		}
		eventShouldAllocate("file read", 0);
	}

}
