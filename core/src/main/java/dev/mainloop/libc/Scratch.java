package dev.mainloop.libc;

import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * Native memory for the time of one system call, for the calling thread alone. It is kept
 * for others after that, as what the JVM allocates is zeroed, and freed by the garbage
 * collector.
 */
final class Scratch implements AutoCloseable {

	/** How much of it is kept, in bytes. More is allocated for the call that needs it. */
	static final int SIZE = 64 * 1024;

	/** As many as system calls run at a time, or so. */
	private static final AtomicReferenceArray<@Nullable Scratch> POOL = new AtomicReferenceArray<>(8);

	private final NativeMemory memory;

	private Scratch(int size) {
		this.memory = new NativeMemory(size);
	}

	/**
	 * Takes memory with what the last call has left there.
	 * @param size how much is needed, in bytes
	 * @return memory of that size at least, to be closed by the caller
	 */
	static Scratch take(int size) {
		for (int i = 0; size <= SIZE && i < POOL.length(); i++) {
			Scratch taken = (POOL.getPlain(i) != null) ? POOL.getAndSet(i, null) : null;
			if (taken != null) {
				return taken;
			}
		}
		return new Scratch(Math.max(size, SIZE));
	}

	/**
	 * Takes memory for a path.
	 * @param path its bytes
	 * @return memory that begins with the path and a zero byte, to be closed by the
	 * caller
	 */
	static Scratch of(byte[] path) {
		Scratch scratch = take(path.length + 1);
		scratch.memory.putPath(path);
		return scratch;
	}

	NativeMemory memory() {
		return this.memory;
	}

	/** Gives it back, after which the caller must not use it. */
	@Override
	public void close() {
		for (int i = 0; this.memory.size() == SIZE && i < POOL.length(); i++) {
			if (POOL.getPlain(i) == null && POOL.compareAndSet(i, null, this)) {
				return;
			}
		}
	}

}
