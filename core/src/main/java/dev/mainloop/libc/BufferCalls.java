package dev.mainloop.libc;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * The system calls that take a user's buffer, by the convention of {@link LibC}.
 * <p>
 * A call takes the part of the buffer that its caller has found, so that a thread that
 * moves position or limit meanwhile cannot lead the kernel out of the buffer, and leaves
 * both as they are. The memory of a direct buffer goes to the kernel itself. That of a
 * heap buffer, which the garbage collector moves, and of an {@code Arena}, which may be
 * closed during the call, is copied by the JDK, which refuses an arena that is closed or
 * another thread's.
 */
public final class BufferCalls {

	/** How many bytes go to the kernel at once where they are copied. */
	public static final int MAX_COPY = Scratch.SIZE;

	private BufferCalls() {
	}

	/**
	 * Reads into a buffer, see {@code read(2)}.
	 * @param fd the file descriptor
	 * @param buffer a buffer that can be written
	 * @param position where in it to put the bytes
	 * @param length how many there is room for; where they are copied, {@link #MAX_COPY}
	 * are read at most
	 * @return the number of bytes, zero at the end of the file, or a negated errno
	 */
	public static int read(int fd, ByteBuffer buffer, int position, int length) {
		long address = address(buffer, position, length);
		if (address != 0) {
			int result = LibC.read(fd, address, length);
			Reference.reachabilityFence(buffer);
			return result;
		}
		int size = Math.min(length, MAX_COPY);
		try (Scratch copy = Scratch.take(size)) {
			return copied(copy, buffer, position, size, LibC.read(fd, copy.memory().address(), size));
		}
	}

	/**
	 * Receives a message into a buffer, see {@code MSG_TRUNC} in {@code recv(2)}.
	 * @param fd the socket, which must keep messages apart
	 * @param buffer a buffer that can be written
	 * @param position where in it to put the bytes
	 * @param length how many there is room for; the rest of the message is lost
	 * @return the length of the message, or a negated errno
	 */
	public static int receive(int fd, ByteBuffer buffer, int position, int length) {
		long address = address(buffer, position, length);
		if (address != 0) {
			int result = LibC.receive(fd, address, length, LibC.MSG_TRUNC);
			Reference.reachabilityFence(buffer);
			return result;
		}
		int size = length;
		if (length > MAX_COPY) {
			int next = LibC.receive(fd, 0, 0, LibC.MSG_PEEK | LibC.MSG_TRUNC);
			if (next < 0) {
				return next;
			}
			size = Math.min(length, Math.max(next, MAX_COPY));
		}
		try (Scratch copy = Scratch.take(size)) {
			return copied(copy, buffer, position, size,
					LibC.receive(fd, copy.memory().address(), size, LibC.MSG_TRUNC));
		}
	}

	private static int copied(Scratch copy, ByteBuffer buffer, int position, int size, int result) {
		if (result > 0) {
			buffer.put(position, copy.memory().buffer(), 0, Math.min(result, size));
		}
		return result;
	}

	/**
	 * Writes from a buffer, see {@code write(2)}.
	 * @param fd the file descriptor
	 * @param buffer the buffer
	 * @param position where in it the bytes are
	 * @param length how many there are
	 * @param atOnce how many of them go to the kernel at once where they are copied: all
	 * that are of one message
	 * @return the number of bytes taken, or a negated errno
	 */
	public static int write(int fd, ByteBuffer buffer, int position, int length, int atOnce) {
		long address = address(buffer, position, length);
		if (address != 0) {
			int result = LibC.write(fd, address, length);
			Reference.reachabilityFence(buffer);
			return result;
		}
		try (Scratch copy = Scratch.take(Math.min(length, atOnce))) {
			int written = 0;
			int size;
			int result;
			do {
				size = Math.min(length - written, atOnce);
				copy.memory().buffer().put(0, buffer, position + written, size);
				result = LibC.write(fd, copy.memory().address(), size);
				written += Math.max(result, 0);
			}
			while (result == size && written < length);
			return (written > 0) ? written : result;
		}
	}

	/**
	 * Reads from a position of a file into a buffer, see {@code pread(2)}.
	 * @param fd the file descriptor
	 * @param buffer a buffer that can be written
	 * @param position where in it to put the bytes
	 * @param length how many there is room for; where they are copied, {@link #MAX_COPY}
	 * are read at most
	 * @param offset the position in the file
	 * @return the number of bytes, zero at the end of the file, or a negated errno
	 */
	public static int pread(int fd, ByteBuffer buffer, int position, int length, long offset) {
		long address = address(buffer, position, length);
		if (address != 0) {
			int result = LibC.pread(fd, address, length, offset);
			Reference.reachabilityFence(buffer);
			return result;
		}
		int size = Math.min(length, MAX_COPY);
		try (Scratch copy = Scratch.take(size)) {
			return copied(copy, buffer, position, size, LibC.pread(fd, copy.memory().address(), size, offset));
		}
	}

	/**
	 * Writes from a buffer to a position of a file, see {@code pwrite(2)}.
	 * @param fd the file descriptor
	 * @param buffer the buffer
	 * @param position where in it the bytes are
	 * @param length how many there are; where they are copied, {@link #MAX_COPY} are
	 * written at most
	 * @param offset the position in the file
	 * @return the number of bytes taken, or a negated errno
	 */
	public static int pwrite(int fd, ByteBuffer buffer, int position, int length, long offset) {
		long address = address(buffer, position, length);
		if (address != 0) {
			int result = LibC.pwrite(fd, address, length, offset);
			Reference.reachabilityFence(buffer);
			return result;
		}
		int size = Math.min(length, MAX_COPY);
		try (Scratch copy = Scratch.take(size)) {
			copy.memory().buffer().put(0, buffer, position, size);
			return LibC.pwrite(fd, copy.memory().address(), size, offset);
		}
	}

	/**
	 * Returns where the kernel finds a part of a buffer itself.
	 * @param buffer the buffer, which has to stay reachable while the kernel uses it
	 * @param position where in it the part begins
	 * @param length how long it is
	 * @return the address, or 0 if it has to be copied
	 */
	public static long address(ByteBuffer buffer, int position, int length) {
		return isUsedInPlace(buffer, position, length) ? NativeFunction.addressOf(buffer) + position : 0;
	}

	/**
	 * Tells whether the kernel gets the memory of a buffer itself. The JDK throws where
	 * this thread may not use it.
	 */
	private static boolean isUsedInPlace(ByteBuffer buffer, int position, int length) {
		if (!buffer.isDirect()) {
			return false;
		}
		if (length > 0) {
			buffer.get(position);
		}
		try {
			return !ArenaMemory.holds(buffer);
		}
		catch (LinkageError ex) {
			// The stack or the memory was at its end when the class was first needed.
			return false;
		}
	}

}
