package dev.mainloop;

import java.util.ArrayList;
import java.util.List;

import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A file of which {@code poll(2)} tells a change only once, as {@link MountsProgram}
 * watches it.
 */
@LinuxTest
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class MountsTests {

	private static final List<String> OWN_NAMESPACE = List.of("unshare", "--user", "--map-root-user", "--mount");

	@ParameterizedTest
	@EnumSource(names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
	void changeShouldBeToldOnceToEach(MultiplexerKind kind) throws Exception {
		Assumptions.assumeThat(canUnshare()).as("the process may have a mount namespace of its own").isTrue();
		try (JavaProgram program = JavaProgram.start(OWN_NAMESPACE, List.of(), MountsProgram.class, kind.name())) {
			List<String> lines = program.readLines();
			assertThat(program.exitCode()).as("exit code after %s", lines).isZero();
			assertThat(lines).hasSize(6);
			assertThat(lines.get(0)).isEqualTo("mount 0");
			assertThat(lines.subList(1, 3)).containsExactlyInAnyOrder("changes", "all");
			assertThat(lines.get(3)).isEqualTo("umount 0");
			assertThat(lines.subList(4, 6)).containsExactlyInAnyOrder("changes", "all");
		}
	}

	private static boolean canUnshare() throws Exception {
		List<String> command = new ArrayList<>(OWN_NAMESPACE);
		command.add("true");
		return new ProcessBuilder("sh", "-c", String.join(" ", command)).start().waitFor() == 0;
	}

}
