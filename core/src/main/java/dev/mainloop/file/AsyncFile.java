package dev.mainloop.file;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.mainloop.file.FileOperation.Type;
import dev.mainloop.line.Framing;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

/**
 * An open file whose operations run apart from the loop and complete on its thread. All
 * methods are for handlers of the loop and return at once.
 * <p>
 * Each operation comes in two forms: with a {@link FileHandler}, which allocates nothing,
 * and with a future, which completes before the next handler of the loop is called.
 * Operations run side by side: one that needs the result of another is begun when that
 * has completed. All of them throw, and have not begun anything then,
 * {@link IllegalStateException} where the caller is not a handler of the loop, or the
 * file is closed, and {@link RejectedExecutionException} where as many operations are in
 * flight as may, see {@link AsyncFiles#whenRoom}. A system call that fails is told to the
 * handler, or by the future, as an {@link dev.mainloop.libc.ErrnoException} with the
 * path.
 * <p>
 * <b>Buffers.</b> What is read or written is between position and limit of the buffer as
 * they are when the operation begins, and the position has moved when it completes. In
 * between the buffer belongs to the operation. A direct buffer is used by the kernel
 * itself, and an operation that would use memory which another one reads into, or read
 * into memory that another one uses, is refused. A heap buffer is copied.
 */
public final class AsyncFile {

	private static final Function<FileOperation, Integer> RESULT = FileOperation::result;

	/** Stands for the number of a file that is not open. */
	static final int NO_NUMBER = -1;

	private final FileOperations operations;

	private final Path path;

	private int number = NO_NUMBER;

	private int running;

	private boolean closing;

	/** Who waits for it to be closed, until that is begun. */
	private @Nullable FileHandler closeHandler;

	AsyncFile(FileOperations operations, Path path) {
		this.operations = operations;
		this.path = path;
	}

	void opened(int number) {
		this.number = number;
	}

	int number() {
		return this.number;
	}

	/**
	 * Returns the path that it was opened by.
	 * @return the path
	 */
	public Path path() {
		return this.path;
	}

	/**
	 * Tells whether it can be used.
	 * @return {@code false} once {@code close} was called
	 */
	public boolean isOpen() {
		return !this.closing;
	}

	/**
	 * Reads what one call brings, which may be less than there is room for.
	 * @param buffer where to put the bytes
	 * @param position where in the file they are
	 * @param handler asks for the {@linkplain FileOperation#result() number}
	 * @return a token for {@link AsyncFiles#cancel}
	 */
	public long read(ByteBuffer buffer, long position, FileHandler handler) {
		return transfer(Type.READ, buffer, position, false, handler);
	}

	/**
	 * Reads what one call brings, which may be less than there is room for.
	 * @param buffer where to put the bytes
	 * @param position where in the file they are
	 * @return the number of bytes, {@link FileOperation#END_OF_FILE} at the end of the
	 * file
	 */
	public CompletableFuture<Integer> read(ByteBuffer buffer, long position) {
		return this.operations.future(RESULT, (handler) -> read(buffer, position, handler));
	}

	/**
	 * Reads until the buffer is full or the file ends.
	 * @param buffer where to put the bytes
	 * @param position where in the file they are
	 * @param handler asks for the {@linkplain FileOperation#result() number}
	 * @return a token for {@link AsyncFiles#cancel}
	 */
	public long readFully(ByteBuffer buffer, long position, FileHandler handler) {
		return transfer(Type.READ, buffer, position, true, handler);
	}

	/**
	 * Reads until the buffer is full or the file ends.
	 * @param buffer where to put the bytes
	 * @param position where in the file they are
	 * @return the number of bytes, {@link FileOperation#END_OF_FILE} if there are none
	 */
	public CompletableFuture<Integer> readFully(ByteBuffer buffer, long position) {
		return this.operations.future(RESULT, (handler) -> readFully(buffer, position, handler));
	}

	/**
	 * Reads frames, such as lines, up to the end of the file, in pieces of 64 KiB, after
	 * each of which other handlers of the loop have their turn.
	 * @param <F> the type of the frames
	 * @param framing makes the frames, for this call alone
	 * @param position where in the file the first one begins
	 * @param consumer is given each of them, on the loop's thread, and what is left at
	 * the end; if it throws, no more is read
	 * @return complete at the end of the file; it is exceptional with what the consumer
	 * or the framing has thrown, and cancelling it ends the reading
	 */
	public <F> CompletableFuture<@Nullable Void> frames(Framing<F> framing, long position,
			Consumer<? super F> consumer) {
		Objects.requireNonNull(consumer, "'consumer' must not be null");
		return new FramedFile<>(this, Objects.requireNonNull(framing, "'framing' must not be null"), consumer)
			.read(position);
	}

	/**
	 * Writes what one call takes, which may be less than the buffer has.
	 * @param buffer the bytes
	 * @param position where in the file to put them; a file that was opened to append has
	 * them at its end in any case
	 * @param handler asks for the {@linkplain FileOperation#result() number}
	 * @return a token for {@link AsyncFiles#cancel}
	 */
	public long write(ByteBuffer buffer, long position, FileHandler handler) {
		return transfer(Type.WRITE, buffer, position, false, handler);
	}

	/**
	 * Writes what one call takes, which may be less than the buffer has.
	 * @param buffer the bytes
	 * @param position where in the file to put them; a file that was opened to append has
	 * them at its end in any case
	 * @return the number of bytes
	 */
	public CompletableFuture<Integer> write(ByteBuffer buffer, long position) {
		return this.operations.future(RESULT, (handler) -> write(buffer, position, handler));
	}

	/**
	 * Writes all that the buffer has.
	 * @param buffer the bytes
	 * @param position where in the file to put them; a file that was opened to append has
	 * them at its end in any case
	 * @param handler called when all are written, or with a failure after the position of
	 * the buffer has told how many are
	 * @return a token for {@link AsyncFiles#cancel}
	 */
	public long writeFully(ByteBuffer buffer, long position, FileHandler handler) {
		return transfer(Type.WRITE, buffer, position, true, handler);
	}

	/**
	 * Writes all that the buffer has.
	 * @param buffer the bytes
	 * @param position where in the file to put them; a file that was opened to append has
	 * them at its end in any case
	 * @return the number of bytes
	 */
	public CompletableFuture<Integer> writeFully(ByteBuffer buffer, long position) {
		return this.operations.future(RESULT, (handler) -> writeFully(buffer, position, handler));
	}

	/**
	 * Waits until all that was written by operations that have completed is on the
	 * device, see {@code fsync(2)}.
	 * @param handler called when it is
	 * @return a token for {@link AsyncFiles#cancel}
	 */
	public long sync(FileHandler handler) {
		return begin(of(Type.SYNC, handler));
	}

	/**
	 * Waits until all that was written by operations that have completed is on the
	 * device, see {@code fsync(2)}.
	 * @return complete when it is
	 */
	public CompletableFuture<@Nullable Void> sync() {
		return this.operations.future(FileFuture.NONE, (handler) -> sync(handler));
	}

	/**
	 * Waits until the data that was written by operations that have completed is on the
	 * device, and what is needed to read it back, see {@code fdatasync(2)}.
	 * @param handler called when it is
	 * @return a token for {@link AsyncFiles#cancel}
	 */
	public long dataSync(FileHandler handler) {
		return begin(of(Type.DATA_SYNC, handler));
	}

	/**
	 * Waits until the data that was written by operations that have completed is on the
	 * device, and what is needed to read it back, see {@code fdatasync(2)}.
	 * @return complete when it is
	 */
	public CompletableFuture<@Nullable Void> dataSync() {
		return this.operations.future(FileFuture.NONE, (handler) -> dataSync(handler));
	}

	/**
	 * Allocates space, so that a write there does not fail for want of it, see
	 * {@code fallocate(2)}.
	 * @param position where it begins
	 * @param size its size in bytes
	 * @param handler called when it is there
	 * @return a token for {@link AsyncFiles#cancel}
	 */
	public long allocate(long position, long size, FileHandler handler) {
		return begin(of(Type.ALLOCATE, handler).range(position, size));
	}

	/**
	 * Allocates space, so that a write there does not fail for want of it, see
	 * {@code fallocate(2)}.
	 * @param position where it begins
	 * @param size its size in bytes
	 * @return complete when it is there
	 */
	public CompletableFuture<@Nullable Void> allocate(long position, long size) {
		return this.operations.future(FileFuture.NONE, (handler) -> allocate(position, size, handler));
	}

	/**
	 * Sets the size of the file, see {@code ftruncate(2)}.
	 * @param size the size in bytes
	 * @param handler called when it has that size
	 * @return a token for {@link AsyncFiles#cancel}
	 */
	public long truncate(long size, FileHandler handler) {
		return begin(of(Type.TRUNCATE, handler).range(0, size));
	}

	/**
	 * Sets the size of the file, see {@code ftruncate(2)}.
	 * @param size the size in bytes
	 * @return complete when it has that size
	 */
	public CompletableFuture<@Nullable Void> truncate(long size) {
		return this.operations.future(FileFuture.NONE, (handler) -> truncate(size, handler));
	}

	/**
	 * Tells about the file, see {@code fstat(2)}.
	 * @param handler asks for the {@linkplain FileOperation#status() status}
	 * @return a token for {@link AsyncFiles#cancel}
	 */
	public long status(FileHandler handler) {
		return begin(of(Type.STAT_FILE, handler));
	}

	/**
	 * Tells about the file, see {@code fstat(2)}.
	 * @return its status
	 */
	public CompletableFuture<FileStatus> status() {
		return this.operations.future(FileOperation::status, (handler) -> status(handler));
	}

	/**
	 * Closes the file when the operations on it that are in flight have completed. It
	 * takes no further ones. Needs no room among the operations in flight.
	 * @param handler called when it is closed, with the failure that {@code close(2)}
	 * tells of what was written; the file is closed in any case
	 */
	public void close(FileHandler handler) {
		requireOpen();
		this.operations.requireUsable();
		Objects.requireNonNull(handler, "'handler' must not be null");
		this.closing = true;
		this.closeHandler = handler;
		closeIfDone();
	}

	/**
	 * Closes the file when the operations on it that are in flight have completed. It
	 * takes no further ones. Needs no room among the operations in flight.
	 * @return complete when it is closed, exceptionally if {@code close(2)} tells of a
	 * failure of what was written; the file is closed in any case
	 */
	public CompletableFuture<@Nullable Void> close() {
		FileFuture<@Nullable Void> future = new FileFuture<@Nullable Void>(this.operations, FileFuture.NONE);
		close(future);
		return future;
	}

	private void requireOpen() {
		if (this.closing) {
			throw new IllegalStateException("The file '%s' is closed".formatted(this));
		}
	}

	private long transfer(Type type, ByteBuffer buffer, long position, boolean whole, FileHandler handler) {
		if (position < 0) {
			throw new IllegalArgumentException("'position' must not be negative but is " + position);
		}
		if (type == Type.READ && buffer.isReadOnly()) {
			throw new IllegalArgumentException("'buffer' must not be read-only");
		}
		return begin(of(type, handler).buffer(buffer, position, whole));
	}

	private FileOperation of(Type type, FileHandler handler) {
		requireOpen();
		return this.operations.take().of(type, this, null, handler);
	}

	private long begin(FileOperation operation) {
		long token = this.operations.begin(operation);
		this.running++;
		return token;
	}

	/** Notes that an operation on it has ended. */
	void ended() {
		this.running--;
		closeIfDone();
	}

	private void closeIfDone() {
		if (this.running == 0 && this.closeHandler != null) {
			this.operations.whenRoom(this::beginClose);
		}
	}

	private void beginClose() {
		FileHandler handler = this.closeHandler;
		if (handler != null) {
			this.operations.begin(this.operations.take().of(Type.CLOSE, this, null, handler));
			this.closeHandler = null;
		}
	}

	/**
	 * Closes it with all files.
	 * @return {@code false} if the handler that was to be called is not
	 */
	boolean closeWithAll() {
		FileHandler handler = this.closeHandler;
		this.closing = true;
		this.closeHandler = null;
		if (this.number != NO_NUMBER) {
			this.operations.close(this.number);
		}
		return handler == null || FileFuture.fail(handler, this.toString());
	}

	@Override
	public String toString() {
		return LogText.of(this.path);
	}

}
