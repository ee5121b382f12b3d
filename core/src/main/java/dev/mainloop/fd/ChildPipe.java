package dev.mainloop.fd;

import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.NativeMemory;
import dev.mainloop.libc.ProcessCalls;

/**
 * A pipe to or from a child: its own end blocks, as programs expect, and that of this
 * process never does.
 */
final class ChildPipe implements AutoCloseable {

	private static final int NONE = -1;

	private final NativeMemory ends = new NativeMemory(2 * Integer.BYTES);

	private final int childEnd;

	private final FileDescriptor parentEnd;

	private ChildPipe(String description, boolean toChild) {
		this.childEnd = toChild ? 0 : 1;
		this.ends.putInt(0, NONE);
		this.ends.putInt(Integer.BYTES, NONE);
		boolean done = false;
		try {
			this.parentEnd = new FileDescriptor(description, this::open);
			done = true;
		}
		finally {
			if (!done) {
				close(0);
				close(1);
			}
		}
	}

	static ChildPipe open(String description, boolean toChild) {
		return new ChildPipe(description, toChild);
	}

	private int open() {
		int result = ProcessCalls.pipe(this.ends.address());
		if (result < 0) {
			throw new ErrnoException(result, "pipe2");
		}
		int number = FileDescriptor.neverBlocking(this.ends.getInt((1 - this.childEnd) * Integer.BYTES));
		this.ends.putInt((1 - this.childEnd) * Integer.BYTES, NONE);
		return number;
	}

	FileDescriptor parentEnd() {
		return this.parentEnd;
	}

	/** Returns the number of the end that the child gets. */
	int childEnd() {
		return this.ends.getInt(this.childEnd * Integer.BYTES);
	}

	/** Closes the end of the child, which has its own then. */
	void closeChildEnd() {
		close(this.childEnd);
	}

	private void close(int end) {
		int number = this.ends.getInt(end * Integer.BYTES);
		if (number != NONE) {
			this.ends.putInt(end * Integer.BYTES, NONE);
			LibC.close(number);
		}
	}

	@Override
	public void close() {
		closeChildEnd();
		this.parentEnd.close();
	}

}
