package dev.mainloop.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command that runs a class of the tests in a JVM of its own.
 */
public final class JavaCommand {

	private static final int FIRST_JDK_THAT_WARNS = 24;

	private JavaCommand() {
	}

	/**
	 * Returns the command.
	 * @param program the class
	 * @param options options of the JVM
	 * @param arguments arguments of the program
	 * @return the command and its arguments
	 */
	public static List<String> of(Class<?> program, List<String> options, String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-cp", System.getProperty("java.class.path")));
		if (Runtime.version().feature() >= FIRST_JDK_THAT_WARNS) {
			command.add("--enable-native-access=ALL-UNNAMED");
		}
		command.addAll(options);
		command.add(program.getName());
		command.addAll(List.of(arguments));
		return command;
	}

}
