package dev.mainloop.pulse;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs commands in a process of their own.
 */
final class Shell {

	private Shell() {
	}

	/**
	 * Runs a script to its end.
	 * @param script the script, with its arguments as {@code $1} and so on
	 * @param arguments the arguments
	 * @throws Exception if it cannot be run
	 */
	static void run(String script, Object... arguments) throws Exception {
		List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
		for (Object argument : arguments) {
			command.add(argument.toString());
		}
		Process process = new ProcessBuilder(command).inheritIO().start();
		assertThat(process.waitFor(10, TimeUnit.SECONDS)).as(script).isTrue();
		assertThat(process.exitValue()).as(script).isZero();
	}

}
