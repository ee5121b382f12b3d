package dev.mainloop.pulse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Makes lines of bytes that come in pieces. A line that is too long is cut and ends in
 * {@code …} instead.
 */
class LineBuffer {

	private static final int MAX_BYTES = 256;

	private static final char CUT = '\u2026';

	private final byte[] line = new byte[MAX_BYTES];

	private int length;

	private boolean cut;

	/**
	 * Takes bytes, of which those after the last end of a line are kept for the next
	 * time.
	 * @param bytes the bytes
	 * @param lines given each line that they complete
	 */
	void append(ByteBuffer bytes, Consumer<String> lines) {
		while (bytes.hasRemaining()) {
			byte next = bytes.get();
			if (next == '\n') {
				lines.accept(take());
			}
			else if (this.length < this.line.length) {
				this.line[this.length++] = next;
			}
			else {
				this.cut = true;
			}
		}
	}

	private String take() {
		String text = new String(this.line, 0, this.length, StandardCharsets.UTF_8);
		String taken = this.cut ? text + CUT : text;
		this.length = 0;
		this.cut = false;
		return taken;
	}

}
