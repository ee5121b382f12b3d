package dev.mainloop.file;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;

import dev.mainloop.Completion;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.IoUring;
import dev.mainloop.fd.IoUringOpcode;
import dev.mainloop.fd.PathBytes;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.NativeMemory;
import dev.mainloop.libc.StatX;
import org.jspecify.annotations.Nullable;

/**
 * Carries out file operations by an {@link IoUring}. Workers have those that the kernel
 * does not have, and those whose buffer has to be copied, which keeps that off the loop's
 * thread.
 */
final class UringEngine implements FileEngine {

	/** The user data of what cancels an operation; an operation has its slot. */
	private static final int CANCELLATION = -1;

	/** {@code IORING_FSYNC_DATASYNC}. */
	private static final int DATA_ONLY = 1;

	/** How long one wait takes at most while the loop is stopping. */
	private static final int WAIT_MILLIS = 10;

	private final WorkerEngine workers;

	private final IoUring ring;

	private final Request[] requests;

	/** Whether the kernel has left some operations for want of memory. */
	private boolean left;

	/**
	 * Creates an engine.
	 * @param capacity how many operations run or wait at most
	 * @param workers has the other operations, and is closed with this
	 * @throws ErrnoException if io_uring is refused
	 * @throws UnsupportedOperationException if the kernel is too old
	 */
	UringEngine(int capacity, WorkerEngine workers) {
		this.workers = workers;
		this.requests = new Request[capacity];
		Arrays.setAll(this.requests, (slot) -> new Request());
		this.ring = IoUring.open(capacity);
	}

	@Override
	public FileIo kind() {
		return FileIo.IO_URING;
	}

	@Override
	public void open(Consumer<Completion> completed, EventFd wakeUp) {
		this.workers.open(completed, wakeUp);
		this.ring.register(wakeUp);
	}

	@Override
	public void begin(FileOperation operation) {
		Request request = this.requests[operation.slot];
		int fd = operation.descriptor();
		switch (operation.type()) {
			case OPEN -> begin(operation, IoUringOpcode.OPENAT, LibC.AT_FDCWD, 0,
					request.path(PathBytes.of(operation.path())), operation.mode(), operation.flags());
			case CLOSE -> begin(operation, IoUringOpcode.CLOSE, fd, 0, 0, 0, 0);
			case READ -> transfer(operation, IoUringOpcode.READ);
			case WRITE -> transfer(operation, IoUringOpcode.WRITE);
			case SYNC -> begin(operation, IoUringOpcode.FSYNC, fd, 0, 0, 0, 0);
			case DATA_SYNC -> begin(operation, IoUringOpcode.FSYNC, fd, 0, 0, 0, DATA_ONLY);
			case ALLOCATE -> begin(operation, IoUringOpcode.FALLOCATE, fd, operation.offset(), operation.size(),
					operation.flags(), 0);
			case TRUNCATE -> begin(operation, IoUringOpcode.FTRUNCATE, fd, operation.size(), 0, 0, 0);
			case STAT_FILE -> begin(operation, IoUringOpcode.STATX, fd, request.status(), request.path(new byte[0]),
					StatX.BASIC_STATS, LibC.AT_EMPTY_PATH);
			case STAT -> begin(operation, IoUringOpcode.STATX, LibC.AT_FDCWD, request.status(),
					request.path(PathBytes.of(operation.path())), StatX.BASIC_STATS, 0);
			case RENAME -> begin(operation, IoUringOpcode.RENAMEAT, LibC.AT_FDCWD,
					request.newPath(PathBytes.of(operation.newPath())), request.path(PathBytes.of(operation.path())),
					LibC.AT_FDCWD, 0);
			case UNLINK -> begin(operation, IoUringOpcode.UNLINKAT, LibC.AT_FDCWD, 0,
					request.path(PathBytes.of(operation.path())), 0, 0);
		}
	}

	private void transfer(FileOperation operation, IoUringOpcode opcode) {
		if (operation.address == 0) {
			this.workers.begin(operation);
		}
		else {
			begin(operation, opcode, operation.descriptor(), operation.offset(), operation.nextAddress(),
					operation.length(), 0);
		}
	}

	private void begin(FileOperation operation, IoUringOpcode opcode, int fd, long offset, long address, int length,
			int flags) {
		if (!this.ring.supports(opcode)) {
			this.workers.begin(operation);
			return;
		}
		Request request = this.requests[operation.slot];
		boolean prepared = false;
		try {
			request.operation = operation;
			request.cancelled = false;
			prepared = prepare(opcode, fd, offset, address, length, flags, operation.slot);
			if (!prepared) {
				throw new ErrnoException(-Errno.EAGAIN.number(), "io_uring_enter", this.ring);
			}
		}
		finally {
			if (!prepared) {
				request.operation = null;
			}
		}
	}

	/** Makes room, where there is none for what is to be prepared. */
	private boolean prepare(IoUringOpcode opcode, int fd, long offset, long address, int length, int flags,
			int userData) {
		if (this.ring.prepare(opcode, 0, fd, offset, address, length, flags, userData)) {
			return true;
		}
		submit();
		return this.ring.prepare(opcode, 0, fd, offset, address, length, flags, userData);
	}

	@Override
	public void cancel(FileOperation operation) {
		Request request = this.requests[operation.slot];
		if (request.operation == null) {
			this.workers.cancel(operation);
		}
		else if (!request.cancelled) {
			request.cancelled = prepare(IoUringOpcode.ASYNC_CANCEL, -1, 0, operation.slot, 0, 0, CANCELLATION);
		}
	}

	@Override
	public void submit() {
		this.left = !this.ring.submit();
	}

	@Override
	public boolean hasCompletion() {
		return this.left || this.ring.hasCompletion();
	}

	@Override
	public @Nullable FileOperation next() {
		while (this.ring.next()) {
			if (this.ring.userData() != CANCELLATION) {
				return this.requests[(int) this.ring.userData()].end(this.ring.result());
			}
		}
		return null;
	}

	@Override
	public boolean await() {
		if (this.ring.inFlight() == 0) {
			return this.workers.await();
		}
		this.ring.await(WAIT_MILLIS);
		return true;
	}

	@Override
	public void close() {
		try {
			while (this.ring.inFlight() > 0) {
				this.ring.await(-1);
				next();
			}
		}
		finally {
			this.workers.close();
			this.ring.close();
		}
	}

	/** An operation that the ring has, and memory for its arguments, which is kept. */
	private static final class Request {

		private static final int PATH_SIZE = 256;

		@Nullable FileOperation operation;

		boolean cancelled;

		private @Nullable NativeMemory path;

		private @Nullable NativeMemory newPath;

		private @Nullable StatX status;

		long path(byte[] path) {
			this.path = put(this.path, path);
			return this.path.address();
		}

		long newPath(byte[] path) {
			this.newPath = put(this.newPath, path);
			return this.newPath.address();
		}

		private static NativeMemory put(@Nullable NativeMemory memory, byte[] path) {
			NativeMemory large = (memory != null && memory.size() > path.length) ? memory
					: new NativeMemory(Math.max(path.length + 1, PATH_SIZE));
			large.putPath(path);
			return large;
		}

		long status() {
			if (this.status == null) {
				this.status = new StatX();
			}
			return this.status.address();
		}

		FileOperation end(int result) {
			FileOperation ended = Objects.requireNonNull(this.operation);
			this.operation = null;
			ended.ended(resultOf(ended, result));
			try {
				if (result >= 0 && ended.asksForStatus()) {
					ended.status(FileStatus.of(Objects.requireNonNull(this.status)));
				}
			}
			catch (Throwable ex) {
				ended.failed(ex);
			}
			return ended;
		}

		/** The kernel interrupts what is cancelled. A file is closed all the same. */
		private static int resultOf(FileOperation operation, int result) {
			if (!Errno.EINTR.is(result)) {
				return result;
			}
			return (operation.type() == FileOperation.Type.CLOSE) ? 0 : -Errno.ECANCELED.number();
		}

	}

}
