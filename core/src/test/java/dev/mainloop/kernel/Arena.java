package dev.mainloop.kernel;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;

/**
 * An {@code Arena} of {@code java.lang.foreign}, which JDK 22 has for the first time.
 */
public final class Arena implements AutoCloseable {

	/** The feature number of the first JDK that has it. */
	public static final int FIRST_JDK = 22;

	private final Object arena;

	private Arena(String factory) {
		this.arena = call(type("Arena"), factory, null);
	}

	/**
	 * Opens an arena whose memory its thread alone may use.
	 * @return the arena
	 */
	public static Arena confined() {
		return new Arena("ofConfined");
	}

	/**
	 * Opens an arena whose memory all threads may use.
	 * @return the arena
	 */
	public static Arena shared() {
		return new Arena("ofShared");
	}

	/**
	 * Returns an arena whose memory is freed by the garbage collector.
	 * @return the arena
	 */
	public static Arena automatic() {
		return new Arena("ofAuto");
	}

	/**
	 * Allocates memory.
	 * @param size the size in bytes
	 * @return the memory
	 */
	public ByteBuffer allocate(long size) {
		try {
			Object segment = type("SegmentAllocator").getMethod("allocate", long.class).invoke(this.arena, size);
			return (ByteBuffer) call(type("MemorySegment"), "asByteBuffer", segment);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Class<?> type(String name) {
		try {
			return Class.forName("java.lang.foreign." + name);
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Object call(Class<?> type, String name, Object target) {
		try {
			Method method = type.getMethod(name);
			return method.invoke(target);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		call(type("Arena"), "close", this.arena);
	}

}
