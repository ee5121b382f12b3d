package dev.mainloop.line;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Frames whose size is known before their first byte, from a field or from the start.
 */
final class SizedFraming implements Framing<byte[]> {

	private final int fieldBytes;

	private final boolean bigEndian;

	private final int maxBytes;

	private final TooLong rule;

	/** How many bytes of the field were taken, and what they say. */
	private int fieldTaken;

	private long size;

	/** What is being filled, or {@code null} between frames and while one is skipped. */
	private byte @Nullable [] frame;

	private int filled;

	/** How many bytes of the frame were not taken yet. */
	private long left;

	private long tooLong;

	private SizedFraming(int fieldBytes, boolean bigEndian, int maxBytes, TooLong rule) {
		this.fieldBytes = fieldBytes;
		this.bigEndian = bigEndian;
		this.maxBytes = Bound.require(maxBytes);
		this.rule = Objects.requireNonNull(rule, "'tooLong' must not be null");
	}

	static SizedFraming withField(int fieldBytes, ByteOrder order, int maxBytes, TooLong rule) {
		if (fieldBytes < 1 || fieldBytes > Long.BYTES) {
			throw new IllegalArgumentException("'fieldBytes' must be between 1 and 8 but is " + fieldBytes);
		}
		Objects.requireNonNull(order, "'order' must not be null");
		return new SizedFraming(fieldBytes, order == ByteOrder.BIG_ENDIAN, maxBytes, rule);
	}

	static SizedFraming ofSize(int bytes) {
		return new SizedFraming(0, true, bytes, TooLong.FAIL);
	}

	@Override
	public byte @Nullable [] next(ByteBuffer bytes) {
		while (isWithinFrame() || begin(bytes)) {
			take(bytes);
			if (this.left > 0) {
				return null;
			}
			byte[] complete = this.frame;
			this.frame = null;
			if (complete != null) {
				return complete;
			}
		}
		return null;
	}

	private boolean isWithinFrame() {
		return this.frame != null || this.left > 0;
	}

	/**
	 * Begins with the next frame.
	 * @return {@code false} if there are too few bytes
	 */
	private boolean begin(ByteBuffer bytes) {
		while (this.fieldTaken < this.fieldBytes && bytes.hasRemaining()) {
			long next = Byte.toUnsignedLong(bytes.get());
			this.size = this.bigEndian ? this.size << Byte.SIZE | next
					: this.size | next << Byte.SIZE * this.fieldTaken;
			this.fieldTaken++;
		}
		if (this.fieldTaken < this.fieldBytes || this.fieldBytes == 0 && !bytes.hasRemaining()) {
			return false;
		}
		long size = (this.fieldBytes > 0) ? this.size : this.maxBytes;
		if (size < 0) {
			size = Long.MAX_VALUE; // more than any stream has
		}
		boolean whole = size <= this.maxBytes;
		if (whole || this.rule == TooLong.CUT) {
			this.frame = new byte[(int) Math.min(size, this.maxBytes)];
		}
		this.filled = 0;
		this.left = size;
		this.fieldTaken = 0;
		this.size = 0;
		if (!whole) {
			this.tooLong++;
			if (this.rule == TooLong.FAIL) {
				throw new FrameException(
						"A frame of %d bytes has more than %d and is skipped".formatted(size, this.maxBytes));
			}
		}
		return true;
	}

	/**
	 * Takes what is there of a frame, of which one that is too long has room for less.
	 */
	private void take(ByteBuffer bytes) {
		int count = (int) Math.min(this.left, bytes.remaining());
		if (this.frame != null) {
			int kept = Math.min(count, this.frame.length - this.filled);
			bytes.get(bytes.position(), this.frame, this.filled, kept);
			this.filled += kept;
		}
		bytes.position(bytes.position() + count);
		this.left -= count;
	}

	@Override
	public byte @Nullable [] end() {
		boolean within = isWithinFrame() || this.fieldTaken > 0;
		long missing = (this.fieldTaken > 0) ? this.fieldBytes - this.fieldTaken : this.left;
		this.frame = null;
		this.left = 0;
		this.fieldTaken = 0;
		this.size = 0;
		if (within) {
			throw new FrameException(
					"The stream has ended within a frame, of which %d bytes or more are missing".formatted(missing));
		}
		return null;
	}

	@Override
	public long tooLong() {
		return this.tooLong;
	}

}
