package dev.mainloop.line;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Frames that end in a terminator, which is found by the algorithm of Knuth, Morris and
 * Pratt: how much of it the last bytes are is all that is known of bytes seen before.
 */
abstract class TerminatedFraming<F> implements Framing<F> {

	/** Most lines have less. */
	private static final int FIRST_SIZE = 128;

	private final byte[] terminator;

	/** How much is still matched where the byte after as much does not match. */
	private final int[] fallbacks;

	private final int maxBytes;

	private final TooLong rule;

	/** How many bytes of the terminator the last bytes are. */
	private int matched;

	/** The beginning of a frame, with what may be the beginning of its terminator. */
	private byte[] kept = new byte[0];

	private int length;

	/** Whether the rest of a frame is skipped that was too long. */
	private boolean skipping;

	private long tooLong;

	TerminatedFraming(byte[] terminator, int maxBytes, TooLong rule) {
		if (terminator.length == 0) {
			throw new IllegalArgumentException("'delimiter' must not be empty");
		}
		this.terminator = terminator;
		this.fallbacks = fallbacks(terminator);
		this.maxBytes = Bound.require(maxBytes);
		this.rule = Objects.requireNonNull(rule, "'tooLong' must not be null");
	}

	private static int[] fallbacks(byte[] terminator) {
		int[] fallbacks = new int[terminator.length];
		int matched = 0;
		for (int i = 1; i < terminator.length; i++) {
			while (matched > 0 && terminator[i] != terminator[matched]) {
				matched = fallbacks[matched - 1];
			}
			matched += (terminator[i] == terminator[matched]) ? 1 : 0;
			fallbacks[i] = matched;
		}
		return fallbacks;
	}

	@Override
	public final @Nullable F next(ByteBuffer bytes) {
		F frame = null;
		while (frame == null && bytes.hasRemaining()) {
			int from = bytes.position();
			boolean ended = findEnd(bytes);
			if (this.skipping) {
				this.skipping = !ended;
			}
			else if (ended) {
				frame = complete(bytes, from);
			}
			else {
				frame = keep(bytes, from);
			}
		}
		return frame;
	}

	/** Moves the position behind the next terminator, or to the limit. */
	private boolean findEnd(ByteBuffer bytes) {
		int limit = bytes.limit();
		int matched = this.matched;
		for (int i = bytes.position(); i < limit; i++) {
			byte next = bytes.get(i);
			while (matched > 0 && next != this.terminator[matched]) {
				matched = this.fallbacks[matched - 1];
			}
			if (next == this.terminator[matched] && ++matched == this.terminator.length) {
				bytes.position(i + 1);
				this.matched = 0;
				return true;
			}
		}
		bytes.position(limit);
		this.matched = matched;
		return false;
	}

	private @Nullable F complete(ByteBuffer bytes, int from) {
		int count = bytes.position() - from;
		if (this.length == 0 && bytes.hasArray()) {
			return frame(bytes.array(), bytes.arrayOffset() + from, count - this.terminator.length);
		}
		// The end of a frame that is too long may be left out.
		int all = (int) Math.min((long) this.length + count, Integer.MAX_VALUE);
		append(bytes, from, count);
		this.length = 0;
		return frame(this.kept, 0, all - this.terminator.length);
	}

	private @Nullable F frame(byte[] bytes, int offset, int length) {
		int content = contentLength(bytes, offset, length);
		return (content <= this.maxBytes) ? make(bytes, offset, content) : refuse(bytes, offset);
	}

	/** Keeps the beginning of a frame, as far as it may be one that is not too long. */
	private @Nullable F keep(ByteBuffer bytes, int from) {
		int count = bytes.position() - from;
		boolean fits = count <= mostKept() - this.length;
		append(bytes, from, count);
		if (fits) {
			return null;
		}
		this.skipping = true;
		this.length = 0;
		return refuse(this.kept, 0);
	}

	private int mostKept() {
		return this.maxBytes + this.terminator.length;
	}

	private void append(ByteBuffer bytes, int from, int count) {
		int added = Math.min(count, mostKept() - this.length);
		int needed = this.length + added;
		if (needed > this.kept.length) {
			int size = (int) Math.min(Math.max(2L * needed, FIRST_SIZE), mostKept());
			this.kept = Arrays.copyOf(this.kept, size);
		}
		bytes.get(from, this.kept, this.length, added);
		this.length = needed;
	}

	/** Does with a frame that is too long, by a byte or more, what the rule says. */
	private @Nullable F refuse(byte[] bytes, int offset) {
		this.tooLong++;
		return switch (this.rule) {
			case CUT -> cut(bytes, offset, this.maxBytes);
			case SKIP -> null;
			case FAIL ->
				throw new FrameException("A %s has more than %d bytes and is skipped".formatted(noun(), this.maxBytes));
		};
	}

	@Override
	public final @Nullable F end() {
		int left = this.length;
		this.length = 0;
		this.matched = 0;
		this.skipping = false;
		if (left == 0) {
			return null;
		}
		return (left <= this.maxBytes) ? make(this.kept, 0, left) : refuse(this.kept, 0);
	}

	@Override
	public final long tooLong() {
		return this.tooLong;
	}

	/** Returns what an error calls a frame. */
	abstract String noun();

	/** Returns how much is left without what may come before the terminator. */
	abstract int contentLength(byte[] bytes, int offset, int length);

	abstract F make(byte[] bytes, int offset, int length);

	/** Makes the beginning of a frame that goes on for another byte or more. */
	abstract F cut(byte[] bytes, int offset, int length);

}
