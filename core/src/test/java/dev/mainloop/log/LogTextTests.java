package dev.mainloop.log;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class LogTextTests {

	@ParameterizedTest
	@MethodSource("dev.mainloop.log.UnfitCharacters#all")
	void unfitCharacterShouldBeEscaped(String character, String escape) {
		assertThat(LogText.of(character)).isEqualTo(escape);
		assertThat(LogText.of("a " + character + character + " z")).isEqualTo("a " + escape + escape + " z");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "plain", "C:\\user\\u000a", "Grüße, 世界, שלום", "😀 ‹› €" })
	void fitTextShouldBeTheSame(String text) {
		assertThat(LogText.of(text)).isSameAs(text);
	}

	@Test
	void longTextShouldBeCut() {
		String longest = "x".repeat(LogText.MAX_LENGTH);
		assertThat(LogText.of(longest)).isSameAs(longest);
		assertThat(LogText.of(longest + "y")).isEqualTo(longest + "...");
		assertThat(LogText.of("abc", 2)).isEqualTo("ab...");
	}

	@Test
	void longTextShouldNotBeCutWithinACharacter() {
		assertThat(LogText.of("a😀b", 2)).isEqualTo("a...");
		assertThat(LogText.of("a😀b", 3)).isEqualTo("a😀...");
	}

	@Test
	void longTextShouldBeEscapedUpToItsEnd() {
		assertThat(LogText.of("\n\r\t", 2)).isEqualTo("\\u000a\\u000d...");
	}

	@Test
	void nullShouldBeWritten() {
		assertThat(LogText.of(null)).isEqualTo("null");
	}

	@Test
	void valueThatCannotBeWrittenShouldBeNamedByItsClass() {
		assertThat(LogText.of(new Throwing(new IllegalStateException()))).isEqualTo(failed(Throwing.class));
		assertThat(LogText.of(new Throwing(new OutOfMemoryError()))).isEqualTo(failed(Throwing.class));
		assertThat(LogText.of(new Endless())).isEqualTo(failed(Endless.class));
		assertThat(LogText.of(new Nameless())).isEqualTo(failed(Nameless.class));
	}

	private static String failed(Class<?> type) {
		return "an object of " + type.getName() + ", whose toString() failed";
	}

	private static final class Throwing {

		private final Throwable thrown;

		Throwing(Throwable thrown) {
			this.thrown = thrown;
		}

		@Override
		public String toString() {
			if (this.thrown instanceof Error error) {
				throw error;
			}
			throw (RuntimeException) this.thrown;
		}

	}

	private static final class Endless {

		@Override
		public String toString() {
			return toString() + ".";
		}

	}

	private static final class Nameless {

		@Override
		@SuppressWarnings("NullAway")
		public String toString() {
			return null;
		}

	}

}
