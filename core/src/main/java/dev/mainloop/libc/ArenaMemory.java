package dev.mainloop.libc;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.Buffer;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/**
 * Tells the direct buffers whose memory is of an {@code Arena} of
 * {@code java.lang.foreign} from those that keep their memory themselves. An arena may be
 * closed, by another thread, too, while the kernel uses its memory.
 */
final class ArenaMemory {

	/** From a buffer to the scope of its memory; none before the JDK has arenas. */
	private static final @Nullable MethodHandle SCOPE = scope();

	/** What the JDK has for the scope of a buffer that keeps its memory itself. */
	private static final @Nullable Class<?> KEPT = (SCOPE != null) ? scopeType(SCOPE, ByteBuffer.allocateDirect(1))
			: null;

	private ArenaMemory() {
	}

	private static @Nullable MethodHandle scope() {
		try {
			Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
			MethodHandles.Lookup lookup = MethodHandles.publicLookup();
			MethodHandle ofBuffer = lookup.unreflect(segment.getMethod("ofBuffer", Buffer.class));
			MethodHandle scope = lookup.unreflect(segment.getMethod("scope"));
			return MethodHandles.filterReturnValue(ofBuffer, scope)
				.asType(MethodType.methodType(Object.class, ByteBuffer.class));
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

	/**
	 * Tells whether the memory of a buffer is of an arena. The JIT compiler leaves out
	 * the objects that this makes.
	 * @param direct a direct buffer
	 * @return {@code false} if the memory is there as long as the buffer is
	 */
	static boolean holds(ByteBuffer direct) {
		return SCOPE != null && scopeType(SCOPE, direct) != KEPT;
	}

	private static Class<?> scopeType(MethodHandle scope, ByteBuffer direct) {
		try {
			return ((Object) scope.invokeExact(direct)).getClass();
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

}
