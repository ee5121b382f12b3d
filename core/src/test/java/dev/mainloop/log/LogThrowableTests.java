package dev.mainloop.log;

import java.io.IOException;

import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LogThrowableTests {

	@Test
	void fitThrowableShouldBeTheSame() {
		IOException thrown = new IOException("plain", new IllegalStateException());
		thrown.addSuppressed(new IllegalArgumentException("suppressed"));
		assertThat(LogThrowable.of(thrown)).isSameAs(thrown);
	}

	@Test
	void unfitThrowableShouldBeReplacedWithItsStackTrace() {
		IOException thrown = new IOException("two\nlines");
		Throwable logged = LogThrowable.of(thrown);
		assertThat(logged).hasToString("java.io.IOException: two\\u000alines").hasMessage(logged.toString());
		assertThat(logged.getStackTrace()).isEqualTo(thrown.getStackTrace());
		assertThat(Throwables.getStackTrace(logged))
			.startsWith("java.io.IOException: two\\u000alines" + System.lineSeparator() + "\tat ");
	}

	@Test
	void unfitCauseAndSuppressedShouldBeReplaced() {
		IOException thrown = new IOException("plain", new IllegalStateException("cause\u202e"));
		thrown.addSuppressed(new IllegalArgumentException("suppressed\u0085", new Error("deep\u009b")));
		assertThat(Throwables.getStackTrace(LogThrowable.of(thrown))).startsWith("java.io.IOException: plain")
			.contains("Caused by: java.lang.IllegalStateException: cause\\u202e")
			.contains("Suppressed: java.lang.IllegalArgumentException: suppressed\\u0085")
			.contains("Caused by: java.lang.Error: deep\\u009b")
			.doesNotContain("\u202e", "\u0085", "\u009b");
	}

	@Test
	void circleShouldBeKept() {
		IOException first = new IOException("first\n");
		IOException second = new IOException("second", first);
		first.initCause(second);
		Throwable logged = LogThrowable.of(first);
		assertThat(logged.getCause()).hasToString("java.io.IOException: second");
		assertThat(logged.getCause().getCause()).isSameAs(logged);
	}

	@Test
	void longMessageShouldBeCut() {
		String longest = "x".repeat(LogThrowable.MAX_LENGTH + 1);
		assertThat(LogThrowable.of(new IOException(longest)).toString()).startsWith("java.io.IOException: xxx")
			.endsWith("x...")
			.hasSize(LogThrowable.MAX_LENGTH + 3);
	}

	@Test
	void chainWithoutEndShouldBeCut() {
		Throwable thrown = new IOException("deepest");
		for (int i = 0; i < 100_000; i++) {
			thrown = new IOException("outer", thrown);
		}
		int depth = 0;
		for (Throwable some = LogThrowable.of(thrown); some != null; some = some.getCause()) {
			depth++;
		}
		assertThat(depth).isEqualTo(LogThrowable.MAX_THROWABLES);
	}

	@Test
	void throwableWhoseMethodsFailShouldBeNamedByItsClass() {
		Throwable logged = LogThrowable.of(new IOException("plain", new Broken()));
		assertThat(Throwables.getStackTrace(logged))
			.contains("Caused by: an object of " + Broken.class.getName() + ", whose toString() failed");
	}

	private static final class Broken extends Exception {

		private static final long serialVersionUID = 1L;

		@Override
		public String getMessage() {
			throw new IllegalStateException("no message");
		}

		@Override
		public synchronized Throwable getCause() {
			throw new IllegalStateException("no cause");
		}

		@Override
		public StackTraceElement[] getStackTrace() {
			throw new IllegalStateException("no stack trace");
		}

	}

}
