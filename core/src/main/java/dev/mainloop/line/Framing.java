package dev.mainloop.line;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Makes frames, such as lines, of the bytes of one stream, in whatever pieces they come.
 * It does no I/O: the bytes may be those of a {@link FrameReader}, of a file, of a test.
 * <p>
 * It keeps the beginning of a frame whose end has not come, and so belongs to one stream
 * and one thread. Each byte is looked at once. Nothing is allocated but the frames, which
 * are the caller's, and memory for the beginning of one, which is kept.
 *
 * @param <F> the type of the frames
 */
public interface Framing<F> {

	/**
	 * Takes bytes until a frame is complete.
	 * @param bytes the bytes that come next, whose position is moved behind those that
	 * were taken: behind the frame, or to the limit
	 * @return the frame, or {@code null} once all bytes are taken
	 * @throws FrameException if a frame is too long and that is to {@link TooLong#FAIL};
	 * the next call goes on behind it
	 */
	@Nullable F next(ByteBuffer bytes);

	/**
	 * Tells that the stream has ended.
	 * @return the last frame if it has no end of its own, as that of a line, or
	 * {@code null} if nothing is left
	 * @throws FrameException if the stream has ended within a frame that knows its size
	 */
	@Nullable F end();

	/**
	 * Returns how many frames were longer than the bound.
	 * @return the number so far
	 */
	long tooLong();

	/**
	 * Makes lines of UTF-8, of which one that is too long is an error.
	 * @param maxBytes how many bytes a line may have
	 * @return a framing for one stream
	 * @see #lines(int, Charset, TooLong)
	 */
	static Framing<String> lines(int maxBytes) {
		return lines(maxBytes, StandardCharsets.UTF_8, TooLong.FAIL);
	}

	/**
	 * Makes lines, which end in {@code \n} or {@code \r\n} and are given without. Bytes
	 * that the charset does not know become {@code U+FFFD}, as those of a {@link String}.
	 * @param maxBytes how many bytes a line may have, its end not counted
	 * @param charset the charset, one in which the byte 10 is the end of a line
	 * @param tooLong what to do with a line that has more
	 * @return a framing for one stream
	 * @throws IllegalArgumentException if the charset is another, such as UTF-16
	 */
	static Framing<String> lines(int maxBytes, Charset charset, TooLong tooLong) {
		return new LineFraming(maxBytes, charset, tooLong);
	}

	/**
	 * Makes frames that end in a delimiter, and are given without.
	 * @param delimiter the bytes of the delimiter, one or more
	 * @param maxBytes how many bytes a frame may have, the delimiter not counted
	 * @param tooLong what to do with a frame that has more
	 * @return a framing for one stream
	 */
	static Framing<byte[]> delimited(byte[] delimiter, int maxBytes, TooLong tooLong) {
		return new DelimiterFraming(delimiter.clone(), maxBytes, tooLong);
	}

	/**
	 * Makes frames that follow a field with their length, and are given without. The
	 * field is an unsigned number and does not count itself.
	 * @param fieldBytes how many bytes the field has, 1 to 8
	 * @param order which of them comes first
	 * @param maxBytes how many bytes a frame may have, the field not counted
	 * @param tooLong what to do with a frame that has more
	 * @return a framing for one stream
	 */
	static Framing<byte[]> lengthField(int fieldBytes, ByteOrder order, int maxBytes, TooLong tooLong) {
		return SizedFraming.withField(fieldBytes, order, maxBytes, tooLong);
	}

	/**
	 * Makes frames that all have the same size.
	 * @param bytes how many bytes each has
	 * @return a framing for one stream
	 */
	static Framing<byte[]> fixedSize(int bytes) {
		return SizedFraming.ofSize(bytes);
	}

}
