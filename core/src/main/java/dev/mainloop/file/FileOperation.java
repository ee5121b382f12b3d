package dev.mainloop.file;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;

import dev.mainloop.Completion;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

/**
 * An operation on a file. What completes is told of it by a {@link FileHandler}, and may
 * use it only until that returns. Belongs to the loop's thread, and while it runs to what
 * carries it out.
 */
public final class FileOperation extends Completion {

	/** The result of a read at the end of the file. */
	public static final int END_OF_FILE = -1;

	private final FileOperations operations;

	/** Its place among the operations, from 0 on. */
	final int slot;

	/** Counts how often it was begun. */
	int generation;

	private @Nullable FileHandler handler;

	private Type type = Type.CLOSE;

	private @Nullable AsyncFile file;

	private @Nullable Path path;

	private @Nullable Path newPath;

	int fd;

	@Nullable ByteBuffer buffer;

	/** Where in the buffer it begins, and how much of it is used. */
	int start;

	/** Where the kernel finds that, or 0 if it has to be copied. */
	long address;

	private int length;

	/** How much of that is done. */
	private int done;

	private boolean whole;

	private long offset;

	/** The size of what is allocated. */
	private long size;

	private int flags;

	private int mode;

	private @Nullable FileStatus status;

	private int result;

	private @Nullable Throwable thrown;

	private boolean asked;

	FileOperation(FileOperations operations, int slot) {
		this.operations = operations;
		this.slot = slot;
	}

	/** Begins to describe an operation. */
	FileOperation of(Type type, @Nullable AsyncFile file, @Nullable Path path, FileHandler handler) {
		this.type = type;
		this.file = file;
		this.fd = (file != null) ? file.number() : AsyncFile.NO_NUMBER;
		this.path = path;
		this.handler = Objects.requireNonNull(handler, "'handler' must not be null");
		this.done = 0;
		this.length = 0;
		this.offset = 0;
		this.size = 0;
		this.flags = 0;
		this.mode = 0;
		this.result = 0;
		this.asked = false;
		return this;
	}

	FileOperation flags(int flags, int mode) {
		this.flags = flags;
		this.mode = mode;
		return this;
	}

	FileOperation newPath(Path newPath) {
		this.newPath = newPath;
		return this;
	}

	FileOperation range(long offset, long size) {
		this.offset = offset;
		this.size = size;
		return this;
	}

	FileOperation buffer(ByteBuffer buffer, long offset, boolean whole) {
		this.buffer = buffer;
		this.start = buffer.position();
		this.length = buffer.remaining();
		this.offset = offset;
		this.whole = whole;
		return this;
	}

	/** Forgets what others have given it, but for what the log calls it by. */
	void clear() {
		this.generation++;
		this.handler = null;
		this.buffer = null;
		this.status = null;
		this.thrown = null;
	}

	/**
	 * Notes how it has ended, or a part of it.
	 * @param result what the system call returns
	 */
	void ended(int result) {
		this.result = result;
	}

	/**
	 * Notes what has kept it from being carried out.
	 * @param thrown what was thrown
	 */
	void failed(Throwable thrown) {
		this.thrown = thrown;
	}

	/**
	 * Whether a part of it is done and the rest is to follow, or it was not to be
	 * cancelled, as it is when the thread ends that has begun it.
	 */
	boolean goesOn() {
		if (this.type == Type.CLOSE) {
			return Errno.ECANCELED.is(this.result);
		}
		if (this.result <= 0 || !isTransfer()) {
			return false;
		}
		this.done += this.result;
		return this.whole && this.done < this.length && this.thrown == null;
	}

	boolean isTransfer() {
		return this.type == Type.READ || this.type == Type.WRITE;
	}

	boolean asksForStatus() {
		return this.type == Type.STAT || this.type == Type.STAT_FILE;
	}

	/**
	 * Moves the position of its buffer by what was read or written, unless somebody else
	 * has moved it.
	 */
	void moveBuffer() {
		if (this.buffer == null) {
			return;
		}
		if (this.buffer.position() != this.start || this.buffer.remaining() != this.length) {
			this.thrown = new IllegalStateException(
					"The buffer of %s was used while that ran: leave it alone until the handler is called"
						.formatted(this));
			return;
		}
		this.buffer.position(this.start + this.done);
	}

	@Override
	protected void completed() throws Exception {
		this.operations.completed(this);
	}

	/** Tells its handler. */
	void tell() throws Exception {
		FileHandler called = Objects.requireNonNull(this.handler);
		called.completed(this);
		Throwable failure = (this.asked && !FileFuture.isIgnored(called)) ? null : failure();
		if (failure instanceof Error error) {
			throw error;
		}
		if (failure instanceof Exception exception) {
			throw exception;
		}
	}

	/**
	 * Returns what it is.
	 * @return the type
	 */
	public Type type() {
		return this.type;
	}

	/**
	 * Returns the file that it is on, which {@link Type#OPEN} has opened.
	 * @return the file
	 * @throws ErrnoException if it has failed to open one
	 */
	public AsyncFile file() {
		if (this.type == Type.OPEN) {
			requireSuccess();
		}
		return Objects.requireNonNull(this.file, "The operation is on a path");
	}

	/** Returns the file that it opens. */
	AsyncFile opening() {
		return Objects.requireNonNull(this.file);
	}

	/** Returns the file that it is on, or opens, or {@code null} if it is on a path. */
	@Nullable AsyncFile target() {
		return this.file;
	}

	boolean hasSucceeded() {
		return this.thrown == null && this.result >= 0;
	}

	/**
	 * Has whoever waits for it learn that it does not come to its handler.
	 * @return {@code false} if nobody can
	 */
	boolean isAbandoned() {
		return FileFuture.fail(Objects.requireNonNull(this.handler), toString());
	}

	/**
	 * Returns the path that it is on.
	 * @return the path, also that of the file
	 */
	public Path path() {
		return Objects.requireNonNull((this.file != null) ? this.file.path() : this.path);
	}

	/**
	 * Returns the path that {@link Type#RENAME} gives the file.
	 * @return the path
	 */
	public Path newPath() {
		return Objects.requireNonNull(this.newPath);
	}

	/**
	 * Returns the file descriptor that it is on.
	 * @return its number, or -1 if it is on a path
	 */
	public int descriptor() {
		return this.fd;
	}

	/**
	 * Returns the buffer that is read into or written from.
	 * @return the buffer; what it is to use of that is told by {@link #bufferPosition()}
	 * and {@link #length()}, not by the buffer's own position and limit
	 */
	public ByteBuffer buffer() {
		return Objects.requireNonNull(this.buffer);
	}

	/**
	 * Returns where in the buffer the next byte is.
	 * @return the index
	 */
	public int bufferPosition() {
		return this.start + this.done;
	}

	/** Where the kernel finds the next byte, if the buffer has an address. */
	long nextAddress() {
		return this.address + this.done;
	}

	/**
	 * Returns how many bytes of the buffer are left to read or write.
	 * @return the number
	 */
	public int length() {
		return this.length - this.done;
	}

	/**
	 * Returns the position in the file at which the next byte is, or the range begins.
	 * @return the position in bytes
	 */
	public long offset() {
		return this.offset + this.done;
	}

	/**
	 * Returns the size of the range to allocate, or the size that the file is to have.
	 * @return the size in bytes
	 */
	public long size() {
		return this.size;
	}

	/**
	 * Returns the flags of {@code open(2)} or {@code fallocate(2)}.
	 * @return the flags
	 */
	public int flags() {
		return this.flags;
	}

	/**
	 * Returns the permissions of a file that is made.
	 * @return the mode
	 */
	public int mode() {
		return this.mode;
	}

	/**
	 * Returns what {@link Type#STAT} has found.
	 * @return the status
	 * @throws ErrnoException if it has failed
	 */
	public FileStatus status() {
		requireSuccess();
		return Objects.requireNonNull(this.status, "No status was asked for");
	}

	/**
	 * Sets what {@link Type#STAT} has found, for what carries it out.
	 * @param status the status
	 */
	public void status(FileStatus status) {
		this.status = status;
	}

	/**
	 * Returns how many bytes were read or written.
	 * @return the number, {@link #END_OF_FILE} for a read of which the end of the file
	 * has come first, and 0 for what has no number
	 * @throws ErrnoException if it has failed
	 * @throws IllegalStateException if its buffer was used while it ran
	 */
	public int result() {
		requireSuccess();
		if (!isTransfer()) {
			return 0;
		}
		return (this.type == Type.READ && this.done == 0 && this.length > 0) ? END_OF_FILE : this.done;
	}

	private void requireSuccess() {
		Throwable failure = failure();
		if (failure instanceof Error error) {
			throw error;
		}
		if (failure instanceof RuntimeException exception) {
			throw exception;
		}
	}

	/** What the system call has returned last. */
	int rawResult() {
		return this.result;
	}

	/**
	 * Returns why it has failed. What a read or write of a whole buffer has done before
	 * that is told by the position of the buffer.
	 * @return an {@link ErrnoException} in most cases, or {@code null} if it has not
	 * failed
	 */
	public @Nullable Throwable failure() {
		this.asked = true;
		if (this.thrown == null && this.result < 0) {
			this.thrown = new ErrnoException(this.result, this.type.call, arguments());
		}
		return this.thrown;
	}

	private Object[] arguments() {
		return switch (this.type) {
			case OPEN -> new Object[] { path(), "0" + Integer.toOctalString(this.flags) };
			case READ, WRITE -> new Object[] { path(), length(), offset() };
			case ALLOCATE -> new Object[] { path(), this.flags, this.offset, this.size };
			case TRUNCATE -> new Object[] { path(), this.size };
			case RENAME -> new Object[] { path(), newPath() };
			default -> new Object[] { path() };
		};
	}

	@Override
	public String toString() {
		Object[] arguments = arguments();
		StringBuilder text = new StringBuilder(this.type.call).append('(');
		for (int i = 0; i < arguments.length; i++) {
			text.append((i > 0) ? ", " : "").append(LogText.of(arguments[i]));
		}
		return text.append(')').toString();
	}

	/** The types of operations. */
	public enum Type {

		/** Opens a file, see {@code open(2)}. */
		OPEN("open"),

		/** Closes a file, see {@code close(2)}. */
		CLOSE("close"),

		/** Reads at a position, see {@code pread(2)}. */
		READ("pread"),

		/** Writes at a position, see {@code pwrite(2)}. */
		WRITE("pwrite"),

		/** Waits until all of a file is on the device, see {@code fsync(2)}. */
		SYNC("fsync"),

		/** Waits until the data of a file is on the device, see {@code fdatasync(2)}. */
		DATA_SYNC("fdatasync"),

		/** Allocates or frees space, see {@code fallocate(2)}. */
		ALLOCATE("fallocate"),

		/** Sets the size, see {@code ftruncate(2)}. */
		TRUNCATE("ftruncate"),

		/** Tells about a file that is open, see {@code fstat(2)}. */
		STAT_FILE("fstat"),

		/** Tells about a path, see {@code stat(2)}. */
		STAT("stat"),

		/** Gives a file another name, see {@code rename(2)}. */
		RENAME("rename"),

		/** Removes a name of a file, see {@code unlink(2)}. */
		UNLINK("unlink");

		private final String call;

		Type(String call) {
			this.call = call;
		}

	}

}
