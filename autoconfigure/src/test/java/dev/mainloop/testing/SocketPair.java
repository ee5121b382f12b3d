package dev.mainloop.testing;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.NativeMemory;

/**
 * Two connected stream sockets, see {@code socketpair(2)}.
 *
 * @param one the one
 * @param other the other
 */
public record SocketPair(FileDescriptor one, FileDescriptor other) implements AutoCloseable {

	private static final int AF_UNIX = 1;

	private static final int SOCK_STREAM = 1;

	private static final int SHUT_WR = 1;

	/**
	 * Opens two sockets.
	 * @return the sockets, to be closed by the caller
	 */
	public static SocketPair open() {
		NativeMemory fds = new NativeMemory(2 * Integer.BYTES);
		NativeFunctions.check(NativeFunctions.INSTANCE.socketpair(AF_UNIX, SOCK_STREAM, 0, fds.address()),
				"socketpair");
		return new SocketPair(FileDescriptor.adopt(fds.getInt(0), "socket"),
				FileDescriptor.adopt(fds.getInt(Integer.BYTES), "peer"));
	}

	/** Shuts down the writing half of the other one. */
	public void shutDownOther() {
		NativeFunctions.check(NativeFunctions.INSTANCE.shutdown(ProcessFiles.number(this.other), SHUT_WR), "shutdown");
	}

	@Override
	public void close() {
		this.one.close();
		this.other.close();
	}

}
