package dev.mainloop.test;

import java.nio.file.Path;
import java.util.List;

import dev.mainloop.testing.AheadOfTime;
import dev.mainloop.testing.JavaProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests tests that Spring has processed ahead of time.
 */
class TestAotTests {

	@Test
	void processedTestsShouldRun(@TempDir Path directory) throws Exception {
		AheadOfTime processed = AheadOfTime.processTests(DescriptorSliceTests.class, directory);
		List<String> options = List.of("-cp", processed.classPath(), "-Dspring.aot.enabled=true");
		try (JavaProgram program = JavaProgram.start(List.of(), options, TestAotProgram.class)) {
			assertThat(program.readLines()).contains("AOT: true, succeeded: 1, failures: []");
			assertThat(program.exitCode()).isZero();
		}
	}

}
