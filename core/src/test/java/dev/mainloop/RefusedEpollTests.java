package dev.mainloop;

import java.util.List;

import dev.mainloop.multiplexer.IoMultiplexer;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of {@link MultiplexerKind#AUTO} where no epoll instance can be opened, as
 * in {@link RefusedEpollProgram}.
 */
@LinuxTest
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class RefusedEpollTests {

	private static final List<String> FEW_DESCRIPTORS = List.of("sh", "-c", "ulimit -n 256; exec \"$@\"", "sh");

	@ParameterizedTest
	@CsvSource({ "ENOSYS, Function not implemented", "EPERM, Operation not permitted", "EACCES, Permission denied" })
	void autoWhenSandboxRefusesEpollShouldFallBackToPollAndSaySo(String errno, String description) throws Exception {
		String refusal = "epoll_create1(EPOLL_CLOEXEC): %s (%s)".formatted(errno, description);
		List<String> output = run(List.of(), errno);
		assertThat(output).filteredOn((line) -> line.contains(" WARN "))
			.singleElement()
			.asString()
			.endsWith("The loop waits by poll, as epoll is refused: " + refusal);
		assertThat(output).filteredOn((line) -> !line.contains(" dev.mainloop."))
			.satisfiesExactly((line) -> assertThat(line).isEqualTo("poll, epoll is refused: " + refusal),
					(line) -> assertThat(line).isEqualTo("/proc/self/exe is refused"),
					(line) -> assertThat(line).isEqualTo("/tmp is refused"),
					(line) -> assertThat(line).isEqualTo("/proc/self/mounts is watched"),
					(line) -> assertThat(line).isEqualTo("timer"), (line) -> assertThat(line).isEqualTo("stopped"),
					(line) -> assertThat(line).isEqualTo(refusal));
	}

	@Test
	void autoWhenNoDescriptorIsLeftShouldFailAsEpollDoes() throws Exception {
		String refusal = "epoll_create1(EPOLL_CLOEXEC): EMFILE (Too many open files)";
		assertThat(run(FEW_DESCRIPTORS, "EMFILE")).containsExactly("eventfd(0, 0): EMFILE (Too many open files)",
				refusal, refusal);
	}

	@Test
	void autoShouldBeEpollForNoReason() {
		try (MainLoop loop = MainLoop.builder().build();
				MainLoop auto = MainLoop.builder().multiplexer(MultiplexerKind.AUTO).build()) {
			assertThat(List.of(loop, auto)).allSatisfy((each) -> {
				assertThat(each.multiplexerName()).isEqualTo("epoll");
				assertThat(each.multiplexerFallbackReason()).isNull();
			});
		}
	}

	@ParameterizedTest
	@EnumSource(names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
	void otherKindsShouldBeWhatTheyAreCalled(MultiplexerKind kind) {
		try (MainLoop loop = MainLoop.builder().multiplexer(kind).build(); IoMultiplexer multiplexer = kind.get()) {
			assertThat(loop.multiplexerName()).isEqualTo(kind.toString()).isEqualTo(multiplexer.name());
			assertThat(loop.multiplexerFallbackReason()).isNull();
		}
	}

	private static List<String> run(List<String> limits, String errno) throws Exception {
		try (JavaProgram program = JavaProgram.start(limits, List.of(), RefusedEpollProgram.class, errno)) {
			List<String> lines = program.readLines();
			assertThat(program.exitCode()).as("exit code after %s", lines).isZero();
			return lines;
		}
	}

}
