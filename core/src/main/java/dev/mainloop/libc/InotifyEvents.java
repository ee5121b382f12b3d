package dev.mainloop.libc;

import java.nio.charset.StandardCharsets;

/**
 * A buffer of {@code struct inotify_event}, which have different lengths, see
 * {@code inotify(7)}. It is at one of them after {@link #next()}. Not thread-safe.
 */
public final class InotifyEvents {

	private static final int HEADER = 16;

	private final NativeMemory memory;

	private int limit;

	private int current;

	private int following;

	/**
	 * Allocates a buffer.
	 * @param size its size in bytes, enough for the longest name
	 */
	public InotifyEvents(int size) {
		this.memory = new NativeMemory(size);
	}

	/**
	 * Reads as many events as are there and fit.
	 * @param fd the inotify instance
	 * @return the number of bytes or a negated errno
	 */
	public int readFrom(int fd) {
		int result = LibC.read(fd, this.memory.address(), this.memory.size());
		this.following = 0;
		this.limit = Math.max(0, result);
		return result;
	}

	/**
	 * Goes to the next event.
	 * @return {@code false} if there is none
	 */
	public boolean next() {
		this.current = this.following;
		if (this.current >= this.limit) {
			return false;
		}
		this.following += HEADER + this.memory.getInt(this.current + 12);
		return true;
	}

	/**
	 * Returns {@code wd} of the event.
	 * @return the number of the watch
	 */
	public int watch() {
		return this.memory.getInt(this.current);
	}

	/**
	 * Returns {@code mask} of the event.
	 * @return {@code IN_…} bits
	 */
	public int mask() {
		return this.memory.getInt(this.current + 4);
	}

	/**
	 * Returns {@code name} of the event.
	 * @return the name, of which each character is a byte, empty if there is none
	 */
	public String name() {
		int begin = this.current + HEADER;
		int end = begin;
		while (end < this.following && this.memory.getByte(end) != 0) {
			end++;
		}
		byte[] name = new byte[end - begin];
		this.memory.buffer().get(begin, name);
		return new String(name, StandardCharsets.ISO_8859_1);
	}

}
