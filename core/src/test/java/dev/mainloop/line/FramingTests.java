package dev.mainloop.line;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Framing}. Each input is also given in two pieces, split at each byte,
 * and byte by byte, in heap and in direct buffers, which makes no difference.
 */
class FramingTests {

	private static final String FAILED = "failed";

	@Test
	void linesShouldEndInBothWays() {
		assertLines(8, TooLong.FAIL, "one\ntwo\r\n\n\r\na\rb\nc\r\r\nlast", "one", "two", "", "", "a\rb", "c\r",
				"last");
		assertLines(8, TooLong.FAIL, "one\n", "one");
		assertLines(8, TooLong.FAIL, "");
	}

	@Test
	void lineShouldHaveAsManyBytesAsAllowedBesideItsEnd() {
		assertLines(4, TooLong.FAIL, "abcd\nabcd\r\nabcd", "abcd", "abcd", "abcd");
	}

	@Test
	void lineThatIsTooLongShouldBeCut() {
		assertLines(4, TooLong.CUT, "abcde\nnext\nabcde\r\nabcd\rx\nabcdefghijk\nnext\nabcdef", "abcd\u2026", "next",
				"abcd\u2026", "abcd\u2026", "abcd\u2026", "next", "abcd\u2026");
	}

	@Test
	void lineShouldBeCutBetweenCharacters() {
		assertLines(4, TooLong.CUT, "abcd\u00fc\nabc\u00fc\nab\u20acx\na\ud83d\ude00\n\ud83d\ude00\n", "abcd\u2026",
				"abc\u2026", "ab\u2026", "a\u2026", "\ud83d\ude00");
	}

	@Test
	void lineThatIsTooLongShouldBeSkipped() {
		assertLines(4, TooLong.SKIP, "abcde\nnext\nabcdefghijk\r\n\nabcd\nabcdef", "next", "", "abcd");
	}

	@Test
	void lineThatIsTooLongShouldFail() {
		assertLines(4, TooLong.FAIL, "abcde\nnext\nabcdefghijk\r\n\nabcd\nabcdef", FAILED, "next", FAILED, "", "abcd",
				FAILED);
	}

	@Test
	void linesThatAreTooLongShouldBeCountedAndNamed() {
		Framing<String> framing = Framing.lines(4);
		assertThatExceptionOfType(FrameException.class).isThrownBy(() -> framing.next(bytes("abcdef")))
			.withMessage("A line has more than 4 bytes and is skipped");
		assertThat(framing.next(bytes("gh\nnext\n"))).isEqualTo("next");
		assertThat(framing.tooLong()).isEqualTo(1);
	}

	@Test
	void charactersMayComeInPieces() {
		assertLines(20, TooLong.FAIL, "gr\u00fc\u00df\n\u20ac \ud83d\ude00\n", "gr\u00fc\u00df", "\u20ac \ud83d\ude00");
	}

	@Test
	void bytesThatAreNoCharactersShouldBeReplaced() {
		assertFrames(() -> Framing.lines(8), new byte[] { 'a', (byte) 0xff, 'b', '\n', 'c', '\n' }, "a\ufffdb", "c");
	}

	@Test
	void linesShouldBeOfTheCharset() {
		assertFrames(() -> Framing.lines(4, StandardCharsets.ISO_8859_1, TooLong.CUT),
				"\u00e4\u00f6\u00fc\u00df\r\n\u00e4\u00f6\u00fc\u00dfx\n".getBytes(StandardCharsets.ISO_8859_1),
				"\u00e4\u00f6\u00fc\u00df", "\u00e4\u00f6\u00fc\u00df\u2026");
	}

	@ParameterizedTest
	@ValueSource(strings = { "UTF-16", "UTF-16LE", "UTF-32" })
	void charsetWithAnotherLineFeedShouldBeRefused(String charset) {
		assertThatIllegalArgumentException().isThrownBy(() -> Framing.lines(4, Charset.forName(charset), TooLong.CUT))
			.withMessage("Lines of the charset %s do not end in the byte 10", charset);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1, Integer.MAX_VALUE })
	void boundShouldBePossible(int maxBytes) {
		assertThatIllegalArgumentException().isThrownBy(() -> Framing.lines(maxBytes))
			.withMessageContaining("'maxBytes'");
		assertThatIllegalArgumentException().isThrownBy(() -> Framing.fixedSize(maxBytes))
			.withMessageContaining("'maxBytes'");
	}

	@Test
	void delimiterShouldBeFoundWhereverItBegins() {
		assertDelimited("--", "a--b----c---d-e--rest", "a", "b", "", "c", "-d-e", "rest");
		assertDelimited("aab", "aaabxaabaaaab", "a", "x", "aa");
		assertDelimited("abab", "aabababxababab", "a", "abx", "ab");
		assertDelimited("\r\n\r\n", "h: 1\r\nk: 2\r\n\r\n\r\n\r\n\r", "h: 1\r\nk: 2", "", "\r");
	}

	@Test
	void frameWithDelimiterShouldBeBounded() {
		String input = "abcd--abcde--abc---x--abcd-e--abcdefgh--ok--abcdefgh";
		assertFrames(() -> Framing.delimited(bytes("--").array(), 4, TooLong.CUT), input, "abcd", "abcd", "abc", "-x",
				"abcd", "abcd", "ok", "abcd");
		assertFrames(() -> Framing.delimited(bytes("--").array(), 4, TooLong.SKIP), input, "abcd", "abc", "-x", "ok");
		assertFrames(() -> Framing.delimited(bytes("--").array(), 4, TooLong.FAIL), input, "abcd", FAILED, "abc", "-x",
				FAILED, FAILED, "ok", FAILED);
	}

	@Test
	void delimiterShouldNotBeEmpty() {
		assertThatIllegalArgumentException().isThrownBy(() -> Framing.delimited(new byte[0], 4, TooLong.CUT))
			.withMessage("'delimiter' must not be empty");
	}

	@Test
	void framesShouldFollowTheirLength() {
		assertFrames(() -> Framing.lengthField(1, ByteOrder.BIG_ENDIAN, 8, TooLong.FAIL), "\3abc\0\1d", "abc", "", "d");
		assertFrames(() -> Framing.lengthField(2, ByteOrder.BIG_ENDIAN, 8, TooLong.FAIL), "\0\3abc\0\0\0\1d", "abc", "",
				"d");
		assertFrames(() -> Framing.lengthField(4, ByteOrder.LITTLE_ENDIAN, 8, TooLong.FAIL), "\3\0\0\0abc\1\0\0\0d",
				"abc", "d");
	}

	@Test
	void frameThatIsTooLongByItsLengthShouldBeTreatedByTheRule() {
		String input = "\5abcde\4abcd\12abcdefghij\1x";
		assertFrames(() -> Framing.lengthField(1, ByteOrder.BIG_ENDIAN, 4, TooLong.CUT), input, "abcd", "abcd", "abcd",
				"x");
		assertFrames(() -> Framing.lengthField(1, ByteOrder.BIG_ENDIAN, 4, TooLong.SKIP), input, "abcd", "x");
		assertFrames(() -> Framing.lengthField(1, ByteOrder.BIG_ENDIAN, 4, TooLong.FAIL), input, FAILED, "abcd", FAILED,
				"x");
	}

	@ParameterizedTest
	@EnumSource(TooLong.class)
	void largestLengthShouldNeitherOverflowNorTakeMemory(TooLong rule) {
		Framing<byte[]> framing = Framing.lengthField(8, ByteOrder.LITTLE_ENDIAN, 4, rule);
		byte[] input = new byte[100];
		Arrays.fill(input, (byte) 0xff);
		ByteBuffer bytes = ByteBuffer.wrap(input);
		if (rule == TooLong.FAIL) {
			assertThatExceptionOfType(FrameException.class).isThrownBy(() -> framing.next(bytes));
		}
		assertThat(framing.next(bytes)).isNull();
		assertThat(bytes.hasRemaining()).isFalse();
		assertThat(framing.tooLong()).isEqualTo(1);
	}

	@Test
	void framesShouldHaveTheFixedSize() {
		assertFrames(() -> Framing.fixedSize(3), "abcdef", "abc", "def");
		assertFrames(() -> Framing.fixedSize(1), "abc", "a", "b", "c");
	}

	@Test
	void endWithinAFrameShouldFail() {
		assertFrames(() -> Framing.fixedSize(3), "abcd", "abc", FAILED);
		assertFrames(() -> Framing.lengthField(2, ByteOrder.BIG_ENDIAN, 8, TooLong.SKIP), "\0\3ab", FAILED);
		assertFrames(() -> Framing.lengthField(2, ByteOrder.BIG_ENDIAN, 8, TooLong.SKIP), "\0", FAILED);
		assertFrames(() -> Framing.lengthField(1, ByteOrder.BIG_ENDIAN, 8, TooLong.SKIP), "\12abc", FAILED);
		Framing<byte[]> framing = Framing.fixedSize(3);
		assertThat(framing.next(bytes("ab"))).isNull();
		assertThatExceptionOfType(FrameException.class).isThrownBy(framing::end)
			.withMessage("The stream has ended within a frame, of which 1 bytes or more are missing");
		assertThat(framing.next(bytes("cde"))).asString().isEqualTo("cde");
	}

	/** Lines in pieces, of which none is in one buffer as a whole. */
	@Test
	void nothingShouldBeAllocatedButTheLines() {
		byte[] input = "a line of 20 letters\n".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
		ByteBuffer bytes = ByteBuffer.wrap(input);
		Framing<String> framing = Framing.lines(100);
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		int lines = 0;
		long before = threads.getCurrentThreadAllocatedBytes();
		for (int from = 0; from < input.length; from += 15) {
			bytes.limit(Math.min(from + 15, input.length));
			while (framing.next(bytes) != null) {
				lines++;
			}
		}
		long allocated = threads.getCurrentThreadAllocatedBytes() - before;
		assertThat(lines).isEqualTo(10_000);
		// A string has 24 bytes, its array 16 and the letters.
		assertThat(allocated).isLessThan(10_000 * 72);
	}

	/** A framing that has ended is as new. */
	@Test
	void framingShouldServeAnotherStreamAfterTheEnd() {
		Framing<String> framing = Framing.lines(4, StandardCharsets.UTF_8, TooLong.SKIP);
		assertThat(framing.next(bytes("abcdefgh"))).isNull();
		assertThat(framing.end()).isNull();
		assertThat(framing.next(bytes("abc"))).isNull();
		assertThat(framing.end()).isEqualTo("abc");
		assertThat(framing.next(bytes("d\n"))).isEqualTo("d");
	}

	@ParameterizedTest
	@EnumSource(TooLong.class)
	void randomPiecesShouldGiveWhatSplittingTheWholeGives(TooLong rule) {
		Random random = new Random(15);
		for (int round = 0; round < 300; round++) {
			byte[] input = new byte[random.nextInt(200)];
			for (int i = 0; i < input.length; i++) {
				input[i] = (byte) "ab\r\n\n".charAt(random.nextInt(5));
			}
			int maxBytes = 1 + random.nextInt(12);
			Supplier<Framing<?>> lines = () -> Framing.lines(maxBytes, StandardCharsets.UTF_8, rule);
			List<String> frames = new ArrayList<>();
			Framing<?> framing = lines.get();
			for (int from = 0; from < input.length;) {
				int count = Math.min(input.length - from, 1 + random.nextInt(20));
				take(framing, ByteBuffer.wrap(input, from, count), frames);
				from += count;
			}
			end(framing, frames);
			assertThat(frames).isEqualTo(expected(input, maxBytes, rule));
			assertFrames(lines, input, frames.toArray(String[]::new));
		}
	}

	private static List<String> expected(byte[] input, int maxBytes, TooLong rule) {
		List<String> expected = new ArrayList<>();
		String text = new String(input, StandardCharsets.UTF_8);
		int from = 0;
		while (from < text.length()) {
			int end = text.indexOf('\n', from);
			String line = text.substring(from, (end >= 0) ? end : text.length());
			from = (end >= 0) ? end + 1 : text.length();
			line = (end >= 0 && line.endsWith("\r")) ? line.substring(0, line.length() - 1) : line;
			if (line.length() <= maxBytes) {
				expected.add(line);
			}
			else if (rule != TooLong.SKIP) {
				expected.add((rule == TooLong.CUT) ? line.substring(0, maxBytes) + '\u2026' : FAILED);
			}
		}
		return expected;
	}

	private static void assertLines(int maxBytes, TooLong rule, String input, String... expected) {
		assertFrames(() -> Framing.lines(maxBytes, StandardCharsets.UTF_8, rule), input, expected);
	}

	private static void assertDelimited(String delimiter, String input, String... expected) {
		assertFrames(() -> Framing.delimited(bytes(delimiter).array(), 20, TooLong.FAIL), input, expected);
	}

	private static void assertFrames(Supplier<Framing<?>> framing, String input, String... expected) {
		assertFrames(framing, input.getBytes(StandardCharsets.UTF_8), expected);
	}

	private static void assertFrames(Supplier<Framing<?>> framing, byte[] input, String... expected) {
		for (int split = 0; split <= input.length; split++) {
			assertThat(inTwoPieces(framing.get(), input, split, false)).as("split at %d", split)
				.containsExactly(expected);
			assertThat(inTwoPieces(framing.get(), input, split, true)).as("split at %d", split)
				.containsExactly(expected);
		}
		List<String> frames = new ArrayList<>();
		Framing<?> byteByByte = framing.get();
		for (byte next : input) {
			take(byteByByte, ByteBuffer.wrap(new byte[] { next }), frames);
		}
		end(byteByByte, frames);
		assertThat(frames).as("byte by byte").containsExactly(expected);
	}

	/** The buffer begins and ends with bytes that are none of the input. */
	private static List<String> inTwoPieces(Framing<?> framing, byte[] input, int split, boolean direct) {
		List<String> frames = new ArrayList<>();
		ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(input.length + 3)
				: ByteBuffer.allocate(input.length + 5).slice(2, input.length + 3);
		buffer.put(0, (byte) '\n').put(input.length + 2, (byte) '\n').put(2, input);
		take(framing, buffer.limit(split + 2).position(2), frames);
		take(framing, buffer.limit(input.length + 2), frames);
		end(framing, frames);
		return frames;
	}

	private static void take(Framing<?> framing, ByteBuffer bytes, List<String> frames) {
		int before;
		do {
			before = frames.size();
			add(() -> framing.next(bytes), frames);
		}
		while (frames.size() > before);
		assertThat(bytes.hasRemaining()).isFalse();
	}

	private static void end(Framing<?> framing, List<String> frames) {
		add(framing::end, frames);
	}

	private static void add(Supplier<?> frame, List<String> frames) {
		try {
			Object next = frame.get();
			if (next != null) {
				frames
					.add((next instanceof byte[] bytes) ? new String(bytes, StandardCharsets.UTF_8) : next.toString());
			}
		}
		catch (FrameException ex) {
			frames.add(FAILED);
		}
	}

	private static ByteBuffer bytes(String text) {
		return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
	}

}
