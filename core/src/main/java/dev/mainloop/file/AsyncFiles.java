package dev.mainloop.file;

import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import dev.mainloop.CompletionSource;
import dev.mainloop.MainLoop;
import dev.mainloop.file.FileOperation.Type;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a main loop: opens them, and does what is done to paths, as
 * {@link AsyncFile} does what is done to an open file, whose rules hold here, too.
 * Non-blocking mode does nothing for regular files, so that a handler that reads or
 * writes one itself keeps all others waiting for the device.
 * <p>
 * Closing it, or its loop, closes all its files. Operations in flight are cancelled, and
 * waited for as long as the kernel may use their memory.
 */
public final class AsyncFiles implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(AsyncFiles.class);

	/** How many operations can be in flight at most. */
	public static final int MAX_CAPACITY = 4096;

	/** How many workers there can be at most. */
	public static final int MAX_WORKERS = 256;

	private static final int PERMISSIONS = 0666;

	private static final int MAX_BYTES = 1 << 30;

	private final FileOperations operations;

	private final FileEngine engine;

	private final CompletionSource source;

	private final int capacity;

	private AsyncFiles(Builder builder) {
		this.capacity = builder.capacity;
		this.engine = builder.engine();
		boolean opened = false;
		try {
			this.operations = new FileOperations(builder.loop, this.engine, builder.calls, this.capacity);
			this.source = builder.loop.completions("file operations", this.operations);
			opened = true;
		}
		finally {
			if (!opened) {
				this.engine.close();
			}
		}
	}

	/**
	 * Starts to describe the files of a loop.
	 * @param loop the loop
	 * @return a builder with the defaults
	 */
	public static Builder builder(MainLoop loop) {
		return new Builder(loop);
	}

	/**
	 * Returns how operations are carried out.
	 * @return the way that was chosen, never {@link FileIo#AUTO}; may be asked by any
	 * thread
	 */
	public FileIo fileIo() {
		return this.engine.kind();
	}

	/**
	 * Tells why operations are not carried out by {@link FileIo#IO_URING}, where that was
	 * to be tried.
	 * @return the reason, or {@code null} if they are or it was not; may be asked by any
	 * thread
	 */
	public @Nullable String fallbackReason() {
		return this.engine.fallbackReason();
	}

	/**
	 * Returns how many operations can be in flight.
	 * @return the number; may be asked by any thread
	 */
	public int capacity() {
		return this.capacity;
	}

	/**
	 * Returns how many operations are in flight.
	 * @return the number
	 */
	public int inFlight() {
		return this.operations.inFlight();
	}

	/**
	 * Runs a task on the loop's thread as soon as another operation can be begun: at
	 * once, or when some have completed and the tasks before it have run.
	 * @param task begins an operation
	 */
	public void whenRoom(Runnable task) {
		this.operations.whenRoom(Objects.requireNonNull(task, "'task' must not be null"));
	}

	/**
	 * Asks for an operation to end early. Its handler is called in any case, with
	 * {@code ECANCELED} as the failure if it was not too late.
	 * @param token what has begun it has returned; it may have completed meanwhile
	 */
	public void cancel(long token) {
		this.operations.cancel(token);
	}

	/**
	 * Opens a file.
	 * @param path the file
	 * @param permissions those of a file that is made, less the umask, such as 0640
	 * @param handler asks for the {@linkplain FileOperation#file() file}
	 * @param options of {@link StandardOpenOption}, {@link OpenFlag} and
	 * {@link java.nio.file.LinkOption}; it is opened for reading if neither reading nor
	 * writing is asked for
	 * @return a token for {@link #cancel}
	 */
	public long open(Path path, int permissions, FileHandler handler, OpenOption... options) {
		int flags = OpenFlag.flags(options);
		AsyncFile file = new AsyncFile(this.operations, path);
		return this.operations
			.begin(this.operations.take().of(Type.OPEN, file, path, handler).flags(flags, permissions));
	}

	/**
	 * Opens a file, which has the permissions 0666 less the umask if it is made.
	 * @param path the file
	 * @param options of {@link StandardOpenOption}, {@link OpenFlag} and
	 * {@link java.nio.file.LinkOption}; it is opened for reading if neither reading nor
	 * writing is asked for
	 * @return the file
	 */
	public CompletableFuture<AsyncFile> open(Path path, OpenOption... options) {
		return open(path, PERMISSIONS, options);
	}

	/**
	 * Opens a file.
	 * @param path the file
	 * @param permissions those of a file that is made, less the umask, such as 0640
	 * @param options of {@link StandardOpenOption}, {@link OpenFlag} and
	 * {@link java.nio.file.LinkOption}; it is opened for reading if neither reading nor
	 * writing is asked for
	 * @return the file
	 */
	public CompletableFuture<AsyncFile> open(Path path, int permissions, OpenOption... options) {
		return this.operations.future(FileOperation::file, (handler) -> open(path, permissions, handler, options));
	}

	/**
	 * Opens a file, does something with it, and closes it, whatever comes of that.
	 * @param <T> the type of the result
	 * @param path the file
	 * @param permissions those of a file that is made, less the umask, such as 0640
	 * @param use what to do
	 * @param options as those of {@link #open(Path, OpenOption...)}
	 * @return the result, when the file is closed
	 */
	public <T extends @Nullable Object> CompletableFuture<T> use(Path path, int permissions,
			Function<AsyncFile, CompletableFuture<T>> use, OpenOption... options) {
		return open(path, permissions, options).thenCompose((file) -> {
			CompletableFuture<T> used = CompletableFuture.completedFuture(file).thenCompose(use);
			return used.handle((result, failure) -> file.close().thenCompose((closed) -> used))
				.thenCompose(Function.identity());
		});
	}

	/**
	 * Tells about a file, see {@code stat(2)}.
	 * @param path the file; a symbolic link is followed
	 * @param handler asks for the {@linkplain FileOperation#status() status}
	 * @return a token for {@link #cancel}
	 */
	public long status(Path path, FileHandler handler) {
		return this.operations.begin(this.operations.take().of(Type.STAT, null, path, handler));
	}

	/**
	 * Tells about a file, see {@code stat(2)}.
	 * @param path the file; a symbolic link is followed
	 * @return its status
	 */
	public CompletableFuture<FileStatus> status(Path path) {
		return this.operations.future(FileOperation::status, (handler) -> status(path, handler));
	}

	/**
	 * Gives a file another name, see {@code rename(2)}.
	 * @param path the file
	 * @param newPath its path from now on; a file that is there is replaced
	 * @param handler called when that is done
	 * @return a token for {@link #cancel}
	 */
	public long rename(Path path, Path newPath, FileHandler handler) {
		return this.operations.begin(this.operations.take().of(Type.RENAME, null, path, handler).newPath(newPath));
	}

	/**
	 * Gives a file another name, see {@code rename(2)}.
	 * @param path the file
	 * @param newPath its path from now on; a file that is there is replaced
	 * @return complete when that is done
	 */
	public CompletableFuture<@Nullable Void> rename(Path path, Path newPath) {
		return this.operations.future(FileFuture.NONE, (handler) -> rename(path, newPath, handler));
	}

	/**
	 * Removes a name of a file, see {@code unlink(2)}.
	 * @param path the name
	 * @param handler called when that is done
	 * @return a token for {@link #cancel}
	 */
	public long unlink(Path path, FileHandler handler) {
		return this.operations.begin(this.operations.take().of(Type.UNLINK, null, path, handler));
	}

	/**
	 * Removes a name of a file, see {@code unlink(2)}.
	 * @param path the name
	 * @return complete when that is done
	 */
	public CompletableFuture<@Nullable Void> unlink(Path path) {
		return this.operations.future(FileFuture.NONE, (handler) -> unlink(path, handler));
	}

	/**
	 * Reads a whole file.
	 * @param path the file
	 * @param limit how many bytes it may have, up to 2<sup>30</sup>
	 * @param options as those of {@link #open(Path, OpenOption...)}
	 * @return its bytes
	 */
	public CompletableFuture<byte[]> readAllBytes(Path path, int limit, OpenOption... options) {
		requireBetween("limit", limit, MAX_BYTES);
		return use(path, PERMISSIONS, (file) -> new WholeFile(file, limit).read(), options);
	}

	/**
	 * Writes a whole file, step by step: a reader may find part of it, see
	 * {@link #replace}.
	 * @param path the file, which is made or cut to what is written
	 * @param bytes its bytes
	 * @param permissions those of a file that is made, less the umask, such as 0640
	 * @return complete when they are written
	 */
	public CompletableFuture<@Nullable Void> write(Path path, byte[] bytes, int permissions) {
		return use(path, permissions, (file) -> file.writeFully(ByteBuffer.wrap(bytes), 0), StandardOpenOption.WRITE,
				StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)
			.thenApply((count) -> null);
	}

	/**
	 * Replaces a whole file, of which a reader finds the old bytes or the new ones at any
	 * time, also after a loss of power. They are written to a file beside it, which then
	 * gets its name.
	 * @param path the file
	 * @param bytes its bytes
	 * @param permissions those of the file, less the umask, such as 0640
	 * @return complete when the file has the bytes, and they are on the device
	 */
	public CompletableFuture<@Nullable Void> replace(Path path, byte[] bytes, int permissions) {
		return new Replacement(this, path).write(bytes, permissions);
	}

	private static int requireBetween(String name, int value, int most) {
		if (value < 1 || value > most) {
			throw new IllegalArgumentException("'%s' must be from 1 to %d but is %d".formatted(name, most, value));
		}
		return value;
	}

	/**
	 * Closes all files. If the loop runs on another thread, that is done by it soon.
	 */
	@Override
	public void close() {
		this.source.close();
	}

	/**
	 * Describes the files of a loop. To be used by one thread.
	 */
	public static final class Builder {

		private final MainLoop loop;

		private FileIo fileIo = FileIo.AUTO;

		private int capacity = 256;

		private int workers = 4;

		private FileCalls calls = FileCalls.LINUX;

		private boolean direct;

		private Builder(MainLoop loop) {
			this.loop = Objects.requireNonNull(loop, "'loop' must not be null");
		}

		/**
		 * Sets how operations are carried out, {@link FileIo#AUTO} by default.
		 * @param fileIo the way
		 * @return this builder
		 */
		public Builder fileIo(FileIo fileIo) {
			this.fileIo = Objects.requireNonNull(fileIo, "'fileIo' must not be null");
			return this;
		}

		/**
		 * Sets how many operations can be in flight, 256 by default.
		 * @param capacity the number, from 1 to {@value AsyncFiles#MAX_CAPACITY}
		 * @return this builder
		 */
		public Builder capacity(int capacity) {
			this.capacity = requireBetween("capacity", capacity, MAX_CAPACITY);
			return this;
		}

		/**
		 * Sets how many threads {@link FileIo#WORKERS} has, 4 by default. They are made
		 * as they are needed.
		 * @param workers the number, from 1 to {@value AsyncFiles#MAX_WORKERS}
		 * @return this builder
		 */
		public Builder workers(int workers) {
			this.workers = requireBetween("workers", workers, MAX_WORKERS);
			return this;
		}

		/**
		 * Has operations carried out in another way, by the loop's own thread, which they
		 * block: each when it is begun, so that they complete in that order. Meant for
		 * tests.
		 * @param calls carries them out
		 * @return this builder
		 */
		public Builder direct(FileCalls calls) {
			this.calls = Objects.requireNonNull(calls, "'calls' must not be null");
			this.direct = true;
			return this;
		}

		private FileEngine engine() {
			if (this.direct) {
				return new DirectEngine(this.calls);
			}
			int slots = this.capacity + 1;
			WorkerEngine workerEngine = new WorkerEngine(this.calls, slots, this.workers,
					(worker) -> this.loop.newThread("file", worker));
			return (this.fileIo == FileIo.WORKERS) ? workerEngine : uringEngine(slots, workerEngine);
		}

		private FileEngine uringEngine(int slots, WorkerEngine workerEngine) {
			try {
				return new UringEngine(slots, workerEngine);
			}
			catch (ErrnoException | UnsupportedOperationException ex) {
				if (this.fileIo == FileIo.IO_URING || !isRefusal(ex)) {
					throw ex;
				}
				String reason = "io_uring is refused: " + ex.getMessage();
				logger.info("The files of the main loop '{}' are read and written by workers, as {}", this.loop.name(),
						reason);
				return workerEngine.insteadOf(reason);
			}
		}

		/**
		 * Whether a kernel or a sandbox does not have it, or too little locked memory.
		 */
		private static boolean isRefusal(RuntimeException ex) {
			return !(ex instanceof ErrnoException error) || error.is(Errno.ENOSYS) || error.is(Errno.EPERM)
					|| error.is(Errno.EACCES) || error.is(Errno.ENOMEM);
		}

		/**
		 * Makes the files.
		 * @return the files, to be closed by the caller, or with the loop
		 * @throws IllegalStateException if the loop has failed or is closed
		 * @throws ErrnoException if {@link FileIo#IO_URING} is asked for and refused, or
		 * a resource is used up
		 * @throws UnsupportedOperationException if {@link FileIo#IO_URING} is asked for
		 * and the kernel is older than Linux 5.12
		 */
		public AsyncFiles build() {
			return new AsyncFiles(this);
		}

	}

}
