package dev.mainloop.multiplexer;

import java.util.StringJoiner;

/**
 * What a file descriptor is ready for, in the bits of {@code poll(2)}, which are those of
 * {@code epoll_ctl(2)}.
 *
 * @param bits the bits
 */
public record Readiness(int bits) {

	/** There is data to read, a connection to accept, or the end of the file. */
	public static final int READABLE = 0x001;

	/**
	 * There is an exceptional condition: out-of-band data, a GPIO edge in sysfs, a
	 * pressure trigger.
	 */
	public static final int PRIORITY = 0x002;

	/** A write takes at least one byte. */
	public static final int WRITABLE = 0x004;

	/**
	 * An error is pending, which the next read or write throws; always reported. Without
	 * {@link #HANG_UP}, at the end of a pipe or FIFO that is written, all readers have
	 * left, and a write throws {@code EPIPE}.
	 */
	public static final int ERROR = 0x008;

	/**
	 * The other end hung up; always reported. Data may still be there to read, up to the
	 * end that a read tells.
	 */
	public static final int HANG_UP = 0x010;

	/**
	 * The file descriptor is not open, as other code has closed its number. Multiplexers
	 * report it to the loop, which tells no handler of it.
	 */
	public static final int NOT_OPEN = 0x020;

	/** The peer of a stream socket shut down its writing half. */
	public static final int PEER_CLOSED = 0x2000;

	private static final int LOW_BITS = 0x1f;

	private static final Readiness[] CACHE = new Readiness[2 * (LOW_BITS + 1)];

	static {
		for (int low = 0; low <= LOW_BITS; low++) {
			CACHE[low] = new Readiness(low);
			CACHE[low + LOW_BITS + 1] = new Readiness(low | PEER_CLOSED);
		}
	}

	/**
	 * Returns the object for some bits, without creating one.
	 * @param bits the bits
	 * @return the object for those of the bits that have a name here
	 */
	public static Readiness of(int bits) {
		int low = bits & LOW_BITS;
		return CACHE[((bits & PEER_CLOSED) != 0) ? low + LOW_BITS + 1 : low];
	}

	/**
	 * Tells whether a read would not block.
	 * @return {@code true} for {@link #READABLE}
	 */
	public boolean isReadable() {
		return has(READABLE);
	}

	/**
	 * Tells whether a write would not block.
	 * @return {@code true} for {@link #WRITABLE}
	 */
	public boolean isWritable() {
		return has(WRITABLE);
	}

	/**
	 * Tells whether an exceptional condition is there.
	 * @return {@code true} for {@link #PRIORITY}
	 */
	public boolean isPriority() {
		return has(PRIORITY);
	}

	/**
	 * Tells whether an error is pending.
	 * @return {@code true} for {@link #ERROR}
	 */
	public boolean isError() {
		return has(ERROR);
	}

	/**
	 * Tells whether the other end is gone, wholly or for writing. A pipe or FIFO that is
	 * written tells of an {@linkplain #isError() error} instead.
	 * @return {@code true} for {@link #HANG_UP} or {@link #PEER_CLOSED}
	 */
	public boolean isHangUp() {
		return has(HANG_UP | PEER_CLOSED);
	}

	private boolean has(int bit) {
		return (this.bits & bit) != 0;
	}

	@Override
	public String toString() {
		StringJoiner names = new StringJoiner("|");
		names.setEmptyValue("nothing");
		add(names, READABLE, "readable");
		add(names, PRIORITY, "priority");
		add(names, WRITABLE, "writable");
		add(names, ERROR, "error");
		add(names, HANG_UP, "hang-up");
		add(names, PEER_CLOSED, "peer closed");
		return names.toString();
	}

	private void add(StringJoiner names, int bit, String name) {
		if (has(bit)) {
			names.add(name);
		}
	}

}
