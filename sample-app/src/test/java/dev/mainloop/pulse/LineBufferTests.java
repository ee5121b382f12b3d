package dev.mainloop.pulse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LineBuffer}.
 */
class LineBufferTests {

	private final LineBuffer buffer = new LineBuffer();

	private final List<String> lines = new ArrayList<>();

	@Test
	void linesShouldBeSplit() {
		append("one\ntwo\n\nthree");
		assertThat(this.lines).containsExactly("one", "two", "");
	}

	@Test
	void partialLineShouldBeKept() {
		append("thres");
		append("hold cpu");
		append(" 80\nsnap");
		append("shot\n");
		assertThat(this.lines).containsExactly("threshold cpu 80", "snapshot");
	}

	@Test
	void charactersMayComeInPieces() {
		for (byte next : "gr\u00fc\u00df\n".getBytes(StandardCharsets.UTF_8)) {
			this.buffer.append(ByteBuffer.wrap(new byte[] { next }), this.lines::add);
		}
		assertThat(this.lines).containsExactly("gr\u00fc\u00df");
	}

	@Test
	void longLineShouldBeCut() {
		append("x".repeat(256) + "\n");
		append("y".repeat(200));
		append("y".repeat(1000));
		append("y\nnext\n");
		assertThat(this.lines).containsExactly("x".repeat(256), "y".repeat(256) + "\u2026", "next");
	}

	private void append(String text) {
		this.buffer.append(StandardCharsets.UTF_8.encode(text), this.lines::add);
	}

}
