package dev.mainloop.libc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory of a file descriptor that the kernel reads and writes, too, see {@code mmap(2)}.
 * It must not be used after it was closed. Not thread-safe.
 */
final class SharedMemory implements AutoCloseable {

	private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

	private final long address;

	private final ByteBuffer buffer;

	/**
	 * Maps memory.
	 * @param fd the number of the file descriptor
	 * @param offset which part of it, in bytes
	 * @param size its size in bytes
	 * @throws ErrnoException if {@code mmap(2)} fails
	 */
	SharedMemory(int fd, long offset, int size) {
		StackReserve.require();
		this.address = LibC.mmap(fd, offset, size);
		if (this.address < 0) {
			throw new ErrnoException((int) this.address, "mmap", size, fd, offset);
		}
		ByteBuffer mapped = null;
		try {
			mapped = NativeFunction.bufferAt(this.address, size);
		}
		finally {
			if (mapped == null) {
				LibC.munmap(this.address, size);
			}
		}
		this.buffer = mapped;
	}

	/**
	 * Returns the memory as a buffer, of which position and limit are not to be changed.
	 */
	ByteBuffer buffer() {
		return this.buffer;
	}

	/** Reads an {@code int} before all that is read or written after it. */
	int getIntAcquire(int offset) {
		return (int) INT.getAcquire(this.buffer, offset);
	}

	/** Writes an {@code int} after all that was read or written before it. */
	void putIntRelease(int offset, int value) {
		INT.setRelease(this.buffer, offset, value);
	}

	/** Unmaps the memory, once. */
	@Override
	public void close() {
		LibC.munmap(this.address, this.buffer.capacity());
	}

}
