package dev.mainloop.testing;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.NativeMemory;

/**
 * A pipe, see {@code pipe(2)}.
 *
 * @param reader the end to read from
 * @param writer the end to write to
 */
public record Pipe(FileDescriptor reader, FileDescriptor writer) implements AutoCloseable {

	/**
	 * Opens a pipe.
	 * @return the pipe, to be closed by the caller
	 */
	public static Pipe open() {
		NativeMemory fds = new NativeMemory(2 * Integer.BYTES);
		NativeFunctions.check(NativeFunctions.INSTANCE.pipe2(fds.address(), LibC.O_NONBLOCK | LibC.O_CLOEXEC), "pipe2");
		return new Pipe(FileDescriptor.adopt(fds.getInt(0), "pipe, read end"),
				FileDescriptor.adopt(fds.getInt(Integer.BYTES), "pipe, write end"));
	}

	@Override
	public void close() {
		this.reader.close();
		this.writer.close();
	}

}
