package dev.mainloop.file;

import java.nio.ByteBuffer;
import java.util.Arrays;

import dev.mainloop.file.FileOperation.Type;
import dev.mainloop.libc.BufferCalls;
import org.jspecify.annotations.Nullable;

/**
 * The memory that operations in flight use, in arrays without gaps, as each operation
 * that is begun is compared with all of them. Belongs to the loop's thread.
 */
final class MemoryInUse {

	/** Stands for all memory that the kernel uses itself. */
	private static final Object KERNELS = new Object();

	private static final int NONE = -1;

	private int count;

	private final @Nullable FileOperation[] operations;

	/** An array, or {@link #KERNELS} for what has an address. */
	private final @Nullable Object[] memory;

	/** Where in that each begins and ends. */
	private final long[] starts;

	private final long[] ends;

	/** Where in these arrays the operation of each slot is. */
	private final int[] places;

	MemoryInUse(int slots) {
		this.operations = new @Nullable FileOperation[slots];
		this.memory = new @Nullable Object[slots];
		this.starts = new long[slots];
		this.ends = new long[slots];
		this.places = new int[slots];
		Arrays.fill(this.places, NONE);
	}

	/** Refuses memory into which another operation reads, or that another uses. */
	void claim(FileOperation operation) {
		ByteBuffer buffer = operation.buffer();
		long address = BufferCalls.address(buffer, operation.start, operation.length());
		operation.address = address;
		Object memory = (address != 0) ? KERNELS : buffer.hasArray() ? buffer.array() : buffer;
		long start = (address != 0) ? address : operation.start + (buffer.hasArray() ? buffer.arrayOffset() : 0);
		long end = start + operation.length();
		if (mayOverlap(start, end)) {
			requireUnused(operation, memory, start, end);
		}
		int place = this.count;
		this.operations[place] = operation;
		this.memory[place] = memory;
		this.starts[place] = start;
		this.ends[place] = end;
		this.places[operation.slot] = place;
		this.count++;
	}

	/**
	 * Compares numbers alone, and by their signs, so that the loop has no branches and
	 * the JIT compiler lets the processor compare several at once.
	 */
	private boolean mayOverlap(long start, long end) {
		long[] starts = this.starts;
		long[] ends = this.ends;
		long overlaps = 0;
		for (int i = 0; i < this.count; i++) {
			overlaps |= (start - ends[i]) & (starts[i] - end);
		}
		return overlaps < 0;
	}

	private void requireUnused(FileOperation operation, Object memory, long start, long end) {
		boolean reads = operation.type() == Type.READ;
		for (int i = 0; i < this.count; i++) {
			FileOperation other = operation(i);
			if (this.memory[i] == memory && start < this.ends[i] && this.starts[i] < end
					&& (reads || other.type() == Type.READ)) {
				throw new IllegalStateException(
						"The buffer of %s is in use by %s: wait for that to complete, or use another"
							.formatted(operation, other));
			}
		}
	}

	private FileOperation operation(int place) {
		FileOperation operation = this.operations[place];
		assert operation != null;
		return operation;
	}

	/** Gives up the memory of an operation, if it has any. */
	void release(FileOperation operation) {
		int place = this.places[operation.slot];
		if (place == NONE) {
			return;
		}
		this.places[operation.slot] = NONE;
		this.count--;
		if (place < this.count) {
			FileOperation last = operation(this.count);
			this.operations[place] = last;
			this.memory[place] = this.memory[this.count];
			this.starts[place] = this.starts[this.count];
			this.ends[place] = this.ends[this.count];
			this.places[last.slot] = place;
		}
		this.operations[this.count] = null;
		this.memory[this.count] = null;
	}

}
