package dev.mainloop.cost;

import java.util.List;

import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Counts the classes that an application loads more for a main loop with a handler, see
 * {@link ApplicationProgram}.
 */
@LinuxTest
class ApplicationClassesTests {

	/**
	 * 1062 on JDK 17 and 1106 on JDK 25, with all that the auto-configurations know of,
	 * and a little room for other releases.
	 */
	private static final long BOUND = 1130;

	/** What Spring Boot loads on another thread would be counted now and then. */
	private static final String ON_ONE_THREAD = "-Dspring.backgroundpreinitializer.ignore=true";

	@Test
	void mainLoopShouldLoadNoMoreClassesThanTheBound() throws Exception {
		long without = loaded(ApplicationProgram.WITHOUT);
		assertThat(without).isPositive();
		assertThat(loaded() - without).isBetween(1L, BOUND);
	}

	private static long loaded(String... arguments) throws Exception {
		List<String> options = List.of(JavaProgram.PRINT_CLASSES, ON_ONE_THREAD);
		try (JavaProgram program = JavaProgram.start(List.of(), options, ApplicationProgram.class, arguments)) {
			List<String> lines = program.readLines();
			assertThat(program.exitCode()).isZero();
			return JavaProgram.loadedClasses(lines);
		}
	}

}
