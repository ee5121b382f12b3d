package dev.mainloop.log;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.params.provider.Arguments;

/**
 * Characters that must not come into a log from outside, each with what is written for
 * it.
 */
public final class UnfitCharacters {

	private UnfitCharacters() {
	}

	/**
	 * Lists every control character, and one of each other kind.
	 * @return pairs of a character and its escape sequence
	 */
	public static Stream<Arguments> all() {
		IntStream controls = IntStream.rangeClosed(0, 0x9f).filter((some) -> some < 0x20 || some > 0x7e);
		IntStream separators = IntStream.of(0x2028, 0x2029);
		IntStream directions = IntStream.of(0x61c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066,
				0x2067, 0x2068, 0x2069);
		IntStream invisible = IntStream.of(0xad, 0x200b, 0x2060, 0xfeff, 0x1d173, 0xe0041);
		IntStream halves = IntStream.of(0xd800, 0xdfff);
		return Stream.of(controls, separators, directions, invisible, halves)
			.flatMap(IntStream::boxed)
			.map((codePoint) -> Arguments.of(Character.toString(codePoint), escape(codePoint)));
	}

	private static String escape(int codePoint) {
		return Character.toString(codePoint).chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining());
	}

}
