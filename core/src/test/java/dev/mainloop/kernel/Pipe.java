package dev.mainloop.kernel;

import dev.mainloop.fd.FileDescriptor;

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
		int[] ends = Kernel.pipe();
		return new Pipe(FileDescriptor.adopt(ends[0], "pipe, read end"),
				FileDescriptor.adopt(ends[1], "pipe, write end"));
	}

	@Override
	public void close() {
		this.reader.close();
		this.writer.close();
	}

}
