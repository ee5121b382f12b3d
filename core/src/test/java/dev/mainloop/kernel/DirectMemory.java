package dev.mainloop.kernel;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes direct memory away from the others in this process, which is to be one of its
 * own, with a low {@code -XX:MaxDirectMemorySize}.
 */
public final class DirectMemory {

	private static final List<ByteBuffer> TAKEN = new ArrayList<>();

	private DirectMemory() {
	}

	/**
	 * Takes all that is left, and what the garbage collector frees.
	 * @param limit how much there is in all, in bytes
	 */
	public static void useUp(long limit) {
		try {
			while (true) {
				long free = limit - pool().getTotalCapacity();
				TAKEN.add(ByteBuffer.allocateDirect(Math.max(1, Math.toIntExact(free))));
			}
		}
		catch (OutOfMemoryError ex) {
			// Not a byte is left.
		}
	}

	private static BufferPoolMXBean pool() {
		return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
			.stream()
			.filter((pool) -> "direct".equals(pool.getName()))
			.findFirst()
			.orElseThrow();
	}

}
