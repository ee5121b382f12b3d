package dev.mainloop.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A Java program of its own, on the class path and the JDK of the tests.
 */
public final class JavaProgram implements AutoCloseable {

	/** An option by which a program prints a line for each class that it loads. */
	public static final String PRINT_CLASSES = "-Xlog:class+load:stdout:none";

	private static final int FIRST_JDK_THAT_WARNS = 24;

	private static final int TIMEOUT_SECONDS = 30;

	private final Process process;

	private final BufferedReader output;

	private JavaProgram(Process process) {
		this.process = process;
		this.output = process.inputReader();
	}

	/**
	 * Starts a program.
	 * @param launcher a command that executes the JVM
	 * @param options options for the JVM
	 * @param main its class
	 * @param arguments its arguments
	 * @return the program
	 */
	public static JavaProgram start(List<String> launcher, List<String> options, Class<?> main, String... arguments) {
		List<String> command = new ArrayList<>(launcher);
		command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
		if (Runtime.version().feature() >= FIRST_JDK_THAT_WARNS) {
			command.add("--enable-native-access=ALL-UNNAMED");
		}
		command.addAll(options);
		command.add(main.getName());
		command.addAll(List.of(arguments));
		try {
			return new JavaProgram(new ProcessBuilder(command).redirectErrorStream(true).start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Counts the classes that a program has loaded.
	 * @param lines of the output of one that {@link #PRINT_CLASSES prints} them
	 * @return how many lines are of classes
	 */
	public static long loadedClasses(List<String> lines) {
		return lines.stream().filter((line) -> line.contains(" source: ")).count();
	}

	/**
	 * Returns its process id.
	 * @return the process id
	 */
	public long pid() {
		return this.process.pid();
	}

	/**
	 * Writes a line to its standard input.
	 * @param line the line
	 * @throws IOException if it fails
	 */
	public void writeLine(String line) throws IOException {
		this.process.outputWriter().write(line + "\n");
		this.process.outputWriter().flush();
	}

	/**
	 * Ends its standard input.
	 * @throws IOException if it fails
	 */
	public void endInput() throws IOException {
		this.process.outputWriter().close();
	}

	/**
	 * Reads the next line of its output that is not of a log.
	 * @return the line
	 * @throws IOException if it fails
	 */
	public String readLine() throws IOException {
		String line;
		do {
			line = this.output.readLine();
			assertThat(line).as("a line of the program").isNotNull();
		}
		while (line.contains(" dev.mainloop."));
		return line;
	}

	/**
	 * Tells whether nothing is left of its output, once it has ended.
	 * @return {@code true} if nothing is
	 * @throws IOException if it fails
	 */
	public boolean endsOutput() throws IOException {
		return this.output.readLine() == null;
	}

	/**
	 * Reads its output up to the end, with that of a log.
	 * @return the lines
	 */
	public List<String> readLines() {
		return this.output.lines().toList();
	}

	/**
	 * Sends it a signal from another process.
	 * @param signal the name of the signal, without {@code SIG}
	 * @return the process id of the sender
	 * @throws Exception if it fails
	 */
	public long send(String signal) throws Exception {
		Process shell = new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + pid()).start();
		assertThat(shell.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
		assertThat(shell.exitValue()).isZero();
		return shell.pid();
	}

	/**
	 * Waits for its end.
	 * @return its exit code
	 * @throws InterruptedException if it is interrupted
	 */
	public int exitCode() throws InterruptedException {
		assertThat(this.process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).as("the program has ended").isTrue();
		return this.process.exitValue();
	}

	/**
	 * Tells whether it has not ended.
	 * @return {@code true} if it runs
	 */
	public boolean isAlive() {
		return this.process.isAlive();
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
		this.process.onExit().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
	}

}
