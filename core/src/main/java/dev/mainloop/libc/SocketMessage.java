package dev.mainloop.libc;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Bytes that go through a socket with an address or with file descriptors, a
 * {@code struct msghdr}, see {@code sendmsg(2)}, {@code recvmsg(2)} and {@code cmsg(3)},
 * as 64-bit processes have it. Not thread-safe.
 */
public final class SocketMessage {

	/** How many file descriptors a message can have, {@code SCM_MAX_FD}. */
	public static final int MOST_DESCRIPTORS = 253;

	private static final int SCM_RIGHTS = 1;

	/** Close what was received on exec. */
	private static final int MSG_CMSG_CLOEXEC = 0x40000000;

	private static final int MSG_CTRUNC = 0x08;

	private static final int MSG_NOSIGNAL = 0x4000;

	private static final int NAME = 0;

	private static final int NAME_LENGTH = 8;

	private static final int IOV = 16;

	private static final int IOV_COUNT = 24;

	private static final int CONTROL = 32;

	private static final int CONTROL_LENGTH = 40;

	private static final int FLAGS = 48;

	/** Where in the memory the {@code struct iovec} is, behind the header. */
	private static final int VECTOR = 56;

	private static final int ADDRESS = VECTOR + 16;

	private static final int CONTROL_DATA = ADDRESS + SocketCalls.LONGEST_ADDRESS;

	/** The length, the level and the type of a {@code struct cmsghdr}. */
	private static final int CONTROL_HEADER = 16;

	private final NativeMemory memory;

	private final int controlSize;

	private int addressLength;

	/**
	 * Allocates a message.
	 * @param descriptors how many file descriptors it can have
	 */
	public SocketMessage(int descriptors) {
		this.controlSize = (descriptors > 0) ? CONTROL_HEADER + aligned(descriptors * Integer.BYTES) : 0;
		this.memory = new NativeMemory(CONTROL_DATA + this.controlSize);
	}

	private static int aligned(int size) {
		return (size + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
	}

	/**
	 * Sends.
	 * @param fd the socket
	 * @param buffer the bytes
	 * @param position where in it they are
	 * @param length how many there are
	 * @param address the address to send to, empty for that of the connection
	 * @param descriptors the numbers of file descriptors that the receiver is to get, for
	 * which there has to be a byte at least
	 * @return the number of bytes taken, or a negated errno
	 */
	public int send(int fd, ByteBuffer buffer, int position, int length, byte[] address, int... descriptors) {
		int control = 0;
		if (descriptors.length > 0) {
			control = CONTROL_HEADER + aligned(descriptors.length * Integer.BYTES);
			this.memory.putLong(CONTROL_DATA, CONTROL_HEADER + (long) descriptors.length * Integer.BYTES);
			this.memory.putInt(CONTROL_DATA + Long.BYTES, SocketCalls.SOL_SOCKET);
			this.memory.putInt(CONTROL_DATA + Long.BYTES + Integer.BYTES, SCM_RIGHTS);
			for (int i = 0; i < descriptors.length; i++) {
				this.memory.putInt(descriptor(i), descriptors[i]);
			}
		}
		this.memory.buffer().put(ADDRESS, address);
		prepare(address.length, control);
		long direct = BufferCalls.address(buffer, position, length);
		if (direct != 0) {
			int result = send(fd, direct, length);
			Reference.reachabilityFence(buffer);
			return result;
		}
		try (Scratch copy = Scratch.take(length)) {
			copy.memory().buffer().put(0, buffer, position, length);
			return send(fd, copy.memory().address(), length);
		}
	}

	private int send(int fd, long bytes, int length) {
		vector(bytes, length);
		int result = SocketCalls.sendMessage(fd, this.memory.address(), MSG_NOSIGNAL);
		Reference.reachabilityFence(this.memory);
		return result;
	}

	/**
	 * Receives. The file descriptors of the message are the caller's to close; those that
	 * there is no room for are closed by the kernel.
	 * @param fd the socket
	 * @param buffer a buffer that can be written
	 * @param position where in it to put the bytes
	 * @param length how many there is room for
	 * @param flags {@link LibC#MSG_TRUNC} for the length of the message where there was
	 * less room
	 * @return the number of bytes, or a negated errno
	 */
	public int receive(int fd, ByteBuffer buffer, int position, int length, int flags) {
		prepare(SocketCalls.LONGEST_ADDRESS, this.controlSize);
		long direct = BufferCalls.address(buffer, position, length);
		if (direct != 0) {
			int result = receive(fd, direct, length, flags);
			Reference.reachabilityFence(buffer);
			return result;
		}
		try (Scratch copy = Scratch.take(length)) {
			int result = receive(fd, copy.memory().address(), length, flags);
			if (result > 0) {
				buffer.put(position, copy.memory().buffer(), 0, Math.min(result, length));
			}
			return result;
		}
	}

	private int receive(int fd, long bytes, int length, int flags) {
		vector(bytes, length);
		int result = SocketCalls.receiveMessage(fd, this.memory.address(), MSG_CMSG_CLOEXEC | flags);
		Reference.reachabilityFence(this.memory);
		this.addressLength = Math.min(this.memory.getInt(NAME_LENGTH), SocketCalls.LONGEST_ADDRESS);
		return result;
	}

	private void prepare(int addressLength, int controlLength) {
		long address = this.memory.address();
		this.memory.putLong(NAME, (addressLength > 0) ? address + ADDRESS : 0);
		this.memory.putInt(NAME_LENGTH, addressLength);
		this.memory.putLong(IOV, address + VECTOR);
		this.memory.putLong(IOV_COUNT, 1);
		this.memory.putLong(CONTROL, (controlLength > 0) ? address + CONTROL_DATA : 0);
		this.memory.putLong(CONTROL_LENGTH, controlLength);
		this.memory.putInt(FLAGS, 0);
	}

	private void vector(long bytes, int length) {
		this.memory.putLong(VECTOR, bytes);
		this.memory.putLong(VECTOR + Long.BYTES, length);
	}

	/**
	 * Returns whom the message that was received is from.
	 * @return the address, empty if the socket has a connection
	 */
	public byte[] address() {
		byte[] address = new byte[this.addressLength];
		this.memory.buffer().get(ADDRESS, address);
		return address;
	}

	/**
	 * Returns the file descriptors of the message that was received.
	 * @return their numbers
	 */
	public int[] descriptors() {
		boolean some = this.memory.getLong(CONTROL_LENGTH) > CONTROL_HEADER
				&& this.memory.getInt(CONTROL_DATA + Long.BYTES) == SocketCalls.SOL_SOCKET
				&& this.memory.getInt(CONTROL_DATA + Long.BYTES + Integer.BYTES) == SCM_RIGHTS;
		int count = some ? (int) (this.memory.getLong(CONTROL_DATA) - CONTROL_HEADER) / Integer.BYTES : 0;
		int[] descriptors = new int[count];
		for (int i = 0; i < count; i++) {
			descriptors[i] = this.memory.getInt(descriptor(i));
		}
		return descriptors;
	}

	/**
	 * Tells whether the message that was received had more file descriptors than there
	 * was room for, or than the process may open.
	 * @return {@code true} if some are lost
	 */
	public boolean isTruncated() {
		return (this.memory.getInt(FLAGS) & MSG_CTRUNC) != 0;
	}

	private static int descriptor(int index) {
		return CONTROL_DATA + CONTROL_HEADER + index * Integer.BYTES;
	}

}
