package dev.mainloop.fd;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;

/**
 * Lets operations of an io_uring complete, and prints how many bytes each allocates, for
 * {@link IoUringTests}.
 */
public final class IoUringAllocationProgram {

	private static final int OPERATIONS = 64;

	/** After which the JIT compiler has compiled all that there is. */
	private static final int ROUNDS = 2000;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private IoUringAllocationProgram() {
	}

	/**
	 * Prints the bytes of the last round.
	 * @param args none
	 */
	public static void main(String[] args) {
		PrintStream out = System.out;
		long allocated = 0;
		try (EventFd eventFd = EventFd.open(0); IoUring ring = IoUring.open(OPERATIONS)) {
			ring.register(eventFd);
			for (int i = 0; i < ROUNDS; i++) {
				long before = THREADS.getCurrentThreadAllocatedBytes();
				round(ring);
				allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
			}
		}
		out.println((double) allocated / OPERATIONS);
	}

	private static void round(IoUring ring) {
		for (int i = 0; ring.prepare(IoUringOpcode.NOP, 0, -1, 0, 0, 0, 0, i); i++) {
			if (i == OPERATIONS) {
				throw new IllegalStateException("there is no end of the queue");
			}
		}
		ring.submit();
		while (ring.inFlight() > 0) {
			ring.await(-1);
			ring.next();
		}
	}

}
