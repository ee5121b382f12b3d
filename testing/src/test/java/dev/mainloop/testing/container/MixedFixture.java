package dev.mainloop.testing.container;

import java.util.Map;

import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that end in every way, and one that does not need Linux.
 */
class MixedFixture {

	/** More than one line of a container's log. */
	static final int LONG = 100_000;

	@Test
	@LinuxTest
	void passes(TestReporter reporter) {
		reporter.publishEntry(Map.of("kernel", System.getProperty("os.version")));
	}

	@Test
	@LinuxTest
	void fails() {
		assertThat("x".repeat(LONG)).isEqualTo("one");
	}

	@Test
	@LinuxTest
	void failsWithWhatCannotBeSent() {
		throw new UnsendableException("thread", new IllegalStateException("the cause"));
	}

	@Test
	@LinuxTest
	void isAborted() {
		Assumptions.assumeTrue(false, "io_uring is refused");
	}

	@Test
	@LinuxTest
	@Disabled("for a reason")
	void isSkipped() {
	}

	@LinuxTest
	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void takes(int number) {
		assertThat(number).isPositive();
	}

	@Test
	void needsNoLinux() {
	}

	@Nested
	@LinuxTest
	class Inner {

		@Test
		void passes() {
		}

	}

	/** Has a field that cannot be serialized. */
	@SuppressWarnings("serial")
	static final class UnsendableException extends RuntimeException {

		private final Thread thread = Thread.currentThread();

		UnsendableException(String message, Throwable cause) {
			super(message, cause);
		}

		@Override
		public String toString() {
			return "Unsendable " + getMessage() + " " + this.thread.getName();
		}

	}

}
