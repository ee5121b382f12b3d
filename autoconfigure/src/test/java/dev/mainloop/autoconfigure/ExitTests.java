package dev.mainloop.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The end of an application by one of its handlers, as {@link ExitProgram} is one.
 */
@LinuxTest
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ExitTests {

	/** Far less than the 30 s that a phase of the shutdown may take. */
	private static final Duration AT_ONCE = Duration.ofSeconds(10);

	@ParameterizedTest
	@EnumSource(ExitProgram.Way.class)
	void handlerShouldEndTheApplicationAtOnceAndWhatWaitsShouldBeCounted(ExitProgram.Way way) throws Exception {
		try (JavaProgram program = JavaProgram.start(List.of(), List.of(), ExitProgram.class, way.name(),
				"--spring.main.banner-mode=off", "--logging.level.root=warn", "--logging.level.dev.mainloop=info",
				"--mainloop.blocked-handler.enabled=false", "--logging.pattern.console=%p %m%n")) {
			String line = program.readLine();
			while (!line.equals("ending")) {
				line = program.readLine();
			}
			Instant ending = Instant.now();
			List<String> output = program.readLines();
			assertThat(program.exitCode()).isEqualTo((way != ExitProgram.Way.CONTEXT) ? ExitProgram.EXIT_CODE : 0);
			assertThat(Duration.between(ending, Instant.now())).isLessThan(AT_ONCE);
			assertThat(output).noneMatch((some) -> some.contains("has not stopped") || some.contains("within timeout"))
				.filteredOn((some) -> some.startsWith("WARN") || some.startsWith("ERROR"))
				.containsExactly("WARN The queue 'EventQueue<%s>' was closed with %d messages that were not handled"
					.formatted(ExitProgram.Way.class.getName(), ExitProgram.MESSAGES));
		}
	}

}
