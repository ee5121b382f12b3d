package dev.mainloop.fd;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;

import com.sun.management.ThreadMXBean;
import dev.mainloop.kernel.Pipe;

/**
 * Writes to a pipe and reads from it, and prints how many bytes each pair of calls
 * allocates, for {@link BufferTests}.
 */
public final class BufferAllocationProgram {

	private static final int CALLS = 100;

	/** After which the JIT compiler has compiled all that there is. */
	private static final int ROUNDS = 1000;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private BufferAllocationProgram() {
	}

	/**
	 * Prints the bytes of the last round.
	 * @param args the kind of the buffer
	 */
	public static void main(String[] args) {
		PrintStream out = System.out;
		ByteBuffer buffer = args[0].equals("heap") ? ByteBuffer.allocate(8) : ByteBuffer.allocateDirect(8);
		long allocated = 0;
		try (Pipe pipe = Pipe.open()) {
			for (int i = 0; i < ROUNDS; i++) {
				long before = THREADS.getCurrentThreadAllocatedBytes();
				round(pipe, buffer);
				allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
			}
		}
		out.println((double) allocated / CALLS);
	}

	private static void round(Pipe pipe, ByteBuffer buffer) {
		for (int i = 0; i < CALLS; i++) {
			int count = pipe.writer().write(buffer.clear()) + pipe.reader().read(buffer.clear());
			if (count != 2 * buffer.capacity()) {
				throw new IllegalStateException("moved " + count + " bytes");
			}
		}
	}

}
