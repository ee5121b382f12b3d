package dev.mainloop;

import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.multiplexer.Readiness;

/**
 * A program of its own for {@link BorrowTests}, which writes to its standard input.
 */
public final class BorrowProgram {

	private static final PrintWriter out = new PrintWriter(System.out, true);

	private BorrowProgram() {
	}

	/**
	 * Prints its standard input until that ends.
	 * @param args none
	 */
	public static void main(String[] args) {
		int flags = ProcessFiles.flags(0);
		FileDescriptor input = FileDescriptor.borrow(0, "standard input");
		try (input; MainLoop loop = MainLoop.builder().build()) {
			loop.watch("input", input, Readiness.READABLE, (fd, readiness) -> {
				ByteBuffer buffer = ByteBuffer.allocate(256);
				if (fd.read(buffer) < 0) {
					loop.stop();
				}
				out.print(StandardCharsets.US_ASCII.decode(buffer.flip()));
				out.flush();
			});
			out.println("ready");
			loop.run();
		}
		out.println("open " + ProcessFiles.isOpen(0) + ", flags as before " + (ProcessFiles.flags(0) == flags));
	}

}
