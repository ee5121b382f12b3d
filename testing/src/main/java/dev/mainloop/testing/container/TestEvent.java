package dev.mainloop.testing.container;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestIdentifier;

/**
 * What happened to a test in the container, as a line of text on its way to the host.
 */
sealed interface TestEvent extends Serializable {

	/** What the lines begin with. */
	String PREFIX = "##test-event ";

	/**
	 * Writes it as a line.
	 * @return the line
	 * @throws IOException if a part of it cannot be serialized
	 */
	default String toLine() throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
			out.writeObject(this);
		}
		return PREFIX + Base64.getEncoder().encodeToString(bytes.toByteArray());
	}

	/**
	 * Reads a line.
	 * @param line the line
	 * @return the event, or {@code null} if the line is none
	 */
	static @Nullable TestEvent fromLine(String line) {
		if (!line.startsWith(PREFIX)) {
			return null;
		}
		byte[] bytes = Base64.getDecoder().decode(line.substring(PREFIX.length()).strip());
		try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
			return (TestEvent) in.readObject();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A test was found during the run.
	 *
	 * @param test the test
	 */
	record Registered(TestIdentifier test) implements TestEvent {
	}

	/**
	 * A test was skipped.
	 *
	 * @param test the test
	 * @param reason why
	 */
	record Skipped(TestIdentifier test, String reason) implements TestEvent {
	}

	/**
	 * A test began.
	 *
	 * @param test the test
	 */
	record Started(TestIdentifier test) implements TestEvent {
	}

	/**
	 * A test ended.
	 *
	 * @param test the test
	 * @param status how it ended
	 * @param throwable what it threw, or {@code null}
	 */
	record Finished(TestIdentifier test, Status status, @Nullable Throwable throwable) implements TestEvent {

		TestExecutionResult result() {
			return switch (this.status) {
				case SUCCESSFUL -> TestExecutionResult.successful();
				case ABORTED -> TestExecutionResult.aborted(this.throwable);
				case FAILED -> TestExecutionResult.failed(this.throwable);
			};
		}

	}

	/**
	 * A test published something.
	 *
	 * @param test the test
	 * @param entry the keys and values
	 */
	record Published(TestIdentifier test, Map<String, String> entry) implements TestEvent {
	}

	/** The run ended, and nothing is missing. */
	record Completed() implements TestEvent {
	}

}
