package dev.mainloop.libc;

import java.time.Instant;

/**
 * A {@code struct statx}, see {@code statx(2)}. Not thread-safe.
 */
public final class StatX {

	/** The fields that {@code stat(2)} has. */
	public static final int BASIC_STATS = 0x7ff;

	private static final int SIZE = 256;

	private static final int BLOCK = 512;

	private final NativeMemory memory = new NativeMemory(SIZE);

	/**
	 * Returns where the kernel is to put it.
	 * @return the address
	 */
	public long address() {
		return this.memory.address();
	}

	/**
	 * Returns how many names the file has.
	 * @return the number
	 */
	public int links() {
		return this.memory.getInt(16);
	}

	/**
	 * Returns the user of the file.
	 * @return the id
	 */
	public int owner() {
		return this.memory.getInt(20);
	}

	/**
	 * Returns the group of the file.
	 * @return the id
	 */
	public int group() {
		return this.memory.getInt(24);
	}

	/**
	 * Returns the type and permissions of the file.
	 * @return the mode
	 */
	public int mode() {
		return this.memory.getShort(28) & 0xffff;
	}

	/**
	 * Returns the number of the file on its device.
	 * @return the number
	 */
	public long inode() {
		return this.memory.getLong(32);
	}

	/**
	 * Returns the size of the file.
	 * @return the size in bytes
	 */
	public long size() {
		return this.memory.getLong(40);
	}

	/**
	 * Returns how much of the device the file takes.
	 * @return the size in bytes
	 */
	public long allocated() {
		return this.memory.getLong(48) * BLOCK;
	}

	/**
	 * Returns when the file was read last.
	 * @return the time
	 */
	public Instant accessed() {
		return time(64);
	}

	/**
	 * Returns when anything of the file was changed last.
	 * @return the time
	 */
	public Instant changed() {
		return time(96);
	}

	/**
	 * Returns when the contents of the file were changed last.
	 * @return the time
	 */
	public Instant modified() {
		return time(112);
	}

	/**
	 * Returns the device that the file is on, as {@code makedev(3)} makes it of its two
	 * numbers.
	 * @return the device
	 */
	public long device() {
		long major = this.memory.getInt(136) & 0xffffffffL;
		long minor = this.memory.getInt(140) & 0xffffffffL;
		return (major & 0xfff) << 8 | (major & ~0xfffL) << 32 | minor & 0xff | (minor & ~0xffL) << 12;
	}

	private Instant time(int offset) {
		return Instant.ofEpochSecond(this.memory.getLong(offset), this.memory.getInt(offset + Long.BYTES));
	}

}
