package dev.mainloop.libc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A piece of zeroed memory whose address system calls take. It is freed with this object,
 * which therefore has to stay reachable while the kernel may use the address. Not
 * thread-safe.
 */
public final class NativeMemory {

	private final ByteBuffer buffer;

	private final long address;

	/**
	 * Allocates memory.
	 * @param size the size in bytes; none has the address 0 and needs no C library
	 */
	public NativeMemory(int size) {
		this.buffer = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
		this.address = (size > 0) ? NativeFunction.addressOf(this.buffer) : 0;
	}

	/**
	 * Returns the address of the first byte.
	 * @return the address
	 */
	public long address() {
		return this.address;
	}

	/**
	 * Returns the size.
	 * @return the size in bytes
	 */
	public int size() {
		return this.buffer.capacity();
	}

	/**
	 * Returns the memory as a buffer, of which position and limit are not to be changed.
	 * @return the buffer
	 */
	ByteBuffer buffer() {
		return this.buffer;
	}

	/**
	 * Reads a {@code byte}.
	 * @param offset its offset in bytes
	 * @return the value
	 */
	public byte getByte(int offset) {
		return this.buffer.get(offset);
	}

	/**
	 * Writes a {@code byte}.
	 * @param offset its offset in bytes
	 * @param value the value
	 */
	public void putByte(int offset, byte value) {
		this.buffer.put(offset, value);
	}

	/**
	 * Reads a {@code short}.
	 * @param offset its offset in bytes
	 * @return the value
	 */
	public short getShort(int offset) {
		return this.buffer.getShort(offset);
	}

	/**
	 * Writes a {@code short}.
	 * @param offset its offset in bytes
	 * @param value the value
	 */
	public void putShort(int offset, short value) {
		this.buffer.putShort(offset, value);
	}

	/**
	 * Reads an {@code int}.
	 * @param offset its offset in bytes
	 * @return the value
	 */
	public int getInt(int offset) {
		return this.buffer.getInt(offset);
	}

	/**
	 * Writes an {@code int}.
	 * @param offset its offset in bytes
	 * @param value the value
	 */
	public void putInt(int offset, int value) {
		this.buffer.putInt(offset, value);
	}

	/**
	 * Reads a {@code long}.
	 * @param offset its offset in bytes
	 * @return the value
	 */
	public long getLong(int offset) {
		return this.buffer.getLong(offset);
	}

	/**
	 * Writes a {@code long}.
	 * @param offset its offset in bytes
	 * @param value the value
	 */
	public void putLong(int offset, long value) {
		this.buffer.putLong(offset, value);
	}

	/**
	 * Writes a path to its beginning, and a zero byte.
	 * @param path the bytes of the path
	 */
	public void putPath(byte[] path) {
		this.buffer.put(0, path).put(path.length, (byte) 0);
	}

}
