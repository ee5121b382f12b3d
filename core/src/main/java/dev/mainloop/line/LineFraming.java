package dev.mainloop.line;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lines.
 */
final class LineFraming extends TerminatedFraming<String> {

	private static final byte[] LINE_FEED = { '\n' };

	private static final char CUT = '\u2026';

	/** The longest character of UTF-8 has one byte more. */
	private static final int MAX_CONTINUATION = 3;

	private final Charset charset;

	LineFraming(int maxBytes, Charset charset, TooLong rule) {
		super(LINE_FEED, maxBytes, rule);
		this.charset = requireLineFeed(charset);
	}

	private static Charset requireLineFeed(Charset charset) {
		if (!charset.canEncode() || !Arrays.equals("\n".getBytes(charset), LINE_FEED)) {
			throw new IllegalArgumentException("Lines of the charset %s do not end in the byte 10".formatted(charset));
		}
		return charset;
	}

	@Override
	String noun() {
		return "line";
	}

	@Override
	int contentLength(byte[] bytes, int offset, int length) {
		// Where bytes were left out the line is too long, whatever the last one is.
		int last = offset + length - 1;
		return (length > 0 && last < bytes.length && bytes[last] == '\r') ? length - 1 : length;
	}

	@Override
	String make(byte[] bytes, int offset, int length) {
		return new String(bytes, offset, length, this.charset);
	}

	@Override
	String cut(byte[] bytes, int offset, int length) {
		return make(bytes, offset, wholeCharacters(bytes, offset, length)) + CUT;
	}

	/** Leaves out the beginning of a character that would be cut. */
	private int wholeCharacters(byte[] bytes, int offset, int length) {
		int whole = length;
		while (this.charset == StandardCharsets.UTF_8 && whole > 0 && whole > length - MAX_CONTINUATION
				&& (bytes[offset + whole] & 0xc0) == 0x80) {
			whole--;
		}
		return whole;
	}

}
