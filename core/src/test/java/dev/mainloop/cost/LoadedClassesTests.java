package dev.mainloop.cost;

import java.util.List;

import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Counts the classes that a program loads for its first loop, of the library and of all
 * that it uses, the JDK too, where a log is there already, see {@link StartProgram}.
 */
@LinuxTest
class LoadedClassesTests {

	/** 452 on JDK 17 and 410 on JDK 25 at most, and a little room for other releases. */
	private static final long BOUND = 460;

	@Test
	void firstLoopShouldLoadNoMoreClassesThanTheBound() throws Exception {
		try (JavaProgram program = JavaProgram.start(List.of(), List.of(JavaProgram.PRINT_CLASSES),
				StartProgram.class)) {
			List<String> lines = program.readLines();
			assertThat(program.exitCode()).isZero();
			long loaded = JavaProgram
				.loadedClasses(lines.subList(lines.indexOf(StartProgram.BEGIN), lines.indexOf(StartProgram.END)));
			assertThat(loaded).isBetween(1L, BOUND);
		}
	}

}
