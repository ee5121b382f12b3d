package dev.mainloop.line;

import java.util.Arrays;

/**
 * Frames with a delimiter.
 */
final class DelimiterFraming extends TerminatedFraming<byte[]> {

	DelimiterFraming(byte[] delimiter, int maxBytes, TooLong rule) {
		super(delimiter, maxBytes, rule);
	}

	@Override
	String noun() {
		return "frame";
	}

	@Override
	int contentLength(byte[] bytes, int offset, int length) {
		return length;
	}

	@Override
	byte[] make(byte[] bytes, int offset, int length) {
		return Arrays.copyOfRange(bytes, offset, offset + length);
	}

	@Override
	byte[] cut(byte[] bytes, int offset, int length) {
		return make(bytes, offset, length);
	}

}
