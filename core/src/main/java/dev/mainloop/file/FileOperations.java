package dev.mainloop.file;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import dev.mainloop.Completion;
import dev.mainloop.CompletionPort;
import dev.mainloop.MainLoop;
import dev.mainloop.fd.EventFd;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operations that run, of which there is a bounded number, and those that are free to
 * be begun. Belongs to the loop's thread.
 */
final class FileOperations implements CompletionPort {

	private static final Logger logger = LoggerFactory.getLogger(FileOperations.class);

	private final MainLoop loop;

	private final FileEngine engine;

	private final FileCalls calls;

	private final int capacity;

	/** One more than can run, for the one whose handler is called. */
	private final FileOperation[] operations;

	private final boolean[] running;

	private final MemoryInUse memory;

	/** The slots that are free, the last of which is taken first. */
	private final int[] free;

	private int freeCount;

	private int inFlight;

	/** What waits for an operation to be begun, in order. */
	private final Queue<Runnable> waiting = new ArrayDeque<>();

	private final Set<AsyncFile> files = new HashSet<>();

	private boolean closed;

	FileOperations(MainLoop loop, FileEngine engine, FileCalls calls, int capacity) {
		this.loop = loop;
		this.engine = engine;
		this.calls = calls;
		this.capacity = capacity;
		int slots = capacity + 1;
		this.operations = new FileOperation[slots];
		this.running = new boolean[slots];
		this.memory = new MemoryInUse(slots);
		this.free = new int[slots];
		for (int slot = 0; slot < slots; slot++) {
			this.operations[slot] = new FileOperation(this, slot);
			this.free[slots - 1 - slot] = slot;
		}
		this.freeCount = slots;
	}

	/** Whether another operation can be begun. */
	boolean hasRoom() {
		return this.inFlight < this.capacity;
	}

	int inFlight() {
		return this.inFlight;
	}

	/**
	 * Takes a free operation, to be given to {@link #begin} at once.
	 * @throws IllegalStateException if the caller is not a handler of the loop, or the
	 * files are closed
	 * @throws RejectedExecutionException if as many run as may
	 */
	FileOperation take() {
		requireUsable();
		if (!hasRoom()) {
			throw new RejectedExecutionException(
					"%d file operations are in flight already: begin the next one when a handler is called"
						.formatted(this.capacity));
		}
		return this.operations[this.free[this.freeCount - 1]];
	}

	void requireUsable() {
		this.loop.requireLoopThread();
		if (this.closed) {
			throw new IllegalStateException("The files of the main loop '%s' are closed".formatted(this.loop.name()));
		}
	}

	/**
	 * Begins an operation that was described.
	 * @return a token to cancel it by
	 */
	long begin(FileOperation operation) {
		int slot = operation.slot;
		boolean begun = false;
		try {
			if (operation.isTransfer()) {
				this.memory.claim(operation);
			}
			else if (operation.type() == FileOperation.Type.OPEN) {
				this.files.add(operation.opening());
			}
			this.engine.begin(operation);
			begun = true;
		}
		finally {
			if (!begun) {
				this.memory.release(operation);
				forgetUnopened(operation);
				operation.clear();
			}
		}
		this.freeCount--;
		this.running[slot] = true;
		this.inFlight++;
		return (long) operation.generation << Integer.SIZE | slot;
	}

	/**
	 * Begins an operation that is handled by a future.
	 * @param <T> the type of its result
	 * @param result takes the result of the operation
	 * @param begin begins it with a handler, and returns its token
	 * @return the future
	 */
	<T extends @Nullable Object> CompletableFuture<T> future(Function<FileOperation, T> result,
			ToLongFunction<FileHandler> begin) {
		FileFuture<T> future = new FileFuture<>(this, result);
		return future.begun(begin.applyAsLong(future));
	}

	/**
	 * Asks for an operation to end early; may be called by any thread.
	 * @param token the token, which may be of one that has ended
	 */
	void cancelFromAnywhere(long token) {
		if (this.loop.isLoopThread()) {
			cancel(token);
			return;
		}
		try {
			this.loop.execute(() -> cancel(token));
		}
		catch (RejectedExecutionException ex) {
			// It ends by itself.
		}
	}

	/**
	 * Asks for an operation to end early.
	 * @param token the token, which may be of one that has ended
	 */
	void cancel(long token) {
		this.loop.requireLoopThread();
		FileOperation operation = this.operations[(int) token];
		if (this.running[operation.slot] && operation.generation == (int) (token >>> Integer.SIZE)
				&& operation.type() != FileOperation.Type.CLOSE) {
			this.engine.cancel(operation);
		}
	}

	/** Goes on with an operation, or tells of its end. */
	void completed(FileOperation operation) throws Exception {
		if (operation.goesOn() && isBegun(operation)) {
			return;
		}
		int slot = operation.slot;
		this.running[slot] = false;
		this.inFlight--;
		this.memory.release(operation);
		operation.moveBuffer();
		settleFile(operation);
		Throwable thrown = null;
		try {
			operation.tell();
		}
		catch (Throwable ex) {
			thrown = ex;
		}
		operation.clear();
		this.free[this.freeCount++] = slot;
		thrown = runWaiting(thrown);
		if (thrown instanceof Error error) {
			throw error;
		}
		if (thrown instanceof Exception exception) {
			throw exception;
		}
	}

	private void forgetUnopened(FileOperation operation) {
		if (operation.type() == FileOperation.Type.OPEN) {
			this.files.remove(operation.opening());
		}
	}

	private boolean isBegun(FileOperation operation) {
		try {
			this.engine.begin(operation);
			return true;
		}
		catch (Throwable ex) {
			operation.failed(ex);
			return false;
		}
	}

	/** Runs a task when an operation can be begun. */
	void whenRoom(Runnable task) {
		this.loop.requireLoopThread();
		if (hasRoom() && this.waiting.isEmpty()) {
			task.run();
		}
		else {
			this.waiting.add(task);
		}
	}

	/**
	 * Runs what waits for room, all of it whatever is thrown.
	 * @param thrown what was thrown before
	 * @return what was thrown first
	 */
	private @Nullable Throwable runWaiting(@Nullable Throwable thrown) {
		Throwable first = thrown;
		while (hasRoom() && !this.waiting.isEmpty()) {
			try {
				this.waiting.remove().run();
			}
			catch (Throwable ex) {
				if (first == null) {
					first = ex;
				}
				else {
					first.addSuppressed(ex);
				}
			}
		}
		return first;
	}

	@Override
	public void open(Consumer<Completion> completed, EventFd wakeUp) {
		this.engine.open(completed, wakeUp);
	}

	@Override
	public void submit() {
		this.engine.submit();
	}

	@Override
	public boolean hasCompletion() {
		return this.engine.hasCompletion();
	}

	@Override
	public @Nullable Completion next() {
		return this.engine.next();
	}

	@Override
	public boolean isPending() {
		return this.inFlight > 0;
	}

	@Override
	public boolean await() {
		return this.engine.await();
	}

	/** Keeps the file of an operation that has ended up to date. */
	private void settleFile(FileOperation operation) {
		AsyncFile file = operation.target();
		if (file == null) {
			return;
		}
		switch (operation.type()) {
			case OPEN -> {
				if (operation.hasSucceeded()) {
					file.opened(operation.rawResult());
				}
				else {
					this.files.remove(file);
				}
			}
			case CLOSE -> this.files.remove(file);
			default -> file.ended();
		}
	}

	/**
	 * Ends all operations and closes all files. Operations that have not come to their
	 * handlers by then fail, or are counted in the log if nobody would learn that.
	 */
	@Override
	public void close() {
		this.closed = true;
		for (FileOperation operation : this.operations) {
			if (this.running[operation.slot] && operation.type() != FileOperation.Type.CLOSE) {
				this.engine.cancel(operation);
			}
		}
		this.engine.close();
		int lost = this.waiting.size();
		for (FileOperation operation : this.operations) {
			if (this.running[operation.slot]) {
				this.running[operation.slot] = false;
				lost += isAbandoned(operation) ? 0 : 1;
			}
		}
		for (AsyncFile file : this.files) {
			lost += file.closeWithAll() ? 0 : 1;
		}
		this.files.clear();
		if (lost > 0) {
			logger.warn("The files of the main loop '{}' are closed, and {} handlers that wait for them are not called",
					this.loop.name(), lost);
		}
	}

	/** Leaves the file of an operation that has ended to be closed, if it is open. */
	private boolean isAbandoned(FileOperation operation) {
		boolean wasCancelled = operation.goesOn();
		if (operation.type() == FileOperation.Type.OPEN
				|| (operation.type() == FileOperation.Type.CLOSE && !wasCancelled)) {
			settleFile(operation);
		}
		return operation.isAbandoned();
	}

	/** Closes a file for good, on the thread that closes all of them. */
	void close(int descriptor) {
		this.calls.close(descriptor);
	}

}
