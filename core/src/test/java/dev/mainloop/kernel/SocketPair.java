package dev.mainloop.kernel;

import dev.mainloop.fd.FileDescriptor;

/**
 * Two connected stream sockets, see {@code socketpair(2)}.
 *
 * @param one the one
 * @param other the other
 */
public record SocketPair(FileDescriptor one, FileDescriptor other) implements AutoCloseable {

	/**
	 * Opens two sockets.
	 * @return the sockets, to be closed by the caller
	 */
	public static SocketPair open() {
		int[] sockets = Kernel.unixSockets();
		return new SocketPair(FileDescriptor.adopt(sockets[0], "socket"), FileDescriptor.adopt(sockets[1], "peer"));
	}

	/** Shuts down the writing half of the other one. */
	public void shutDownOther() {
		Kernel.shutDownWriting(ProcessFiles.number(this.other));
	}

	@Override
	public void close() {
		this.one.close();
		this.other.close();
	}

}
