package dev.mainloop.file;

import java.util.function.Consumer;

import dev.mainloop.Completion;
import dev.mainloop.fd.EventFd;
import org.jspecify.annotations.Nullable;

/**
 * Carries out file operations for one loop, whose thread calls all methods. An operation
 * that has ended has been told of its {@linkplain FileOperation#ended result} or
 * {@linkplain FileOperation#failed failure}. It comes from {@link #next()}, or from
 * another thread to what {@link #open} was given.
 */
interface FileEngine extends AutoCloseable {

	/** Returns which way it is. */
	FileIo kind();

	/** Returns why it is not the one that was to be tried first, if so. */
	default @Nullable String fallbackReason() {
		return null;
	}

	/** See {@link dev.mainloop.CompletionPort#open}. */
	void open(Consumer<Completion> completed, EventFd wakeUp);

	/**
	 * Begins an operation, which may be put off until {@link #submit()}.
	 * @param operation the operation, whose slot no other has that runs
	 */
	void begin(FileOperation operation);

	/**
	 * Asks for an operation to end early, with {@code ECANCELED}, which may come too
	 * late.
	 */
	void cancel(FileOperation operation);

	/** Hands over what was begun. */
	void submit();

	/** Whether {@link #next()} has something to give. */
	boolean hasCompletion();

	/** Takes an operation that has ended, or returns {@code null} if there is none. */
	@Nullable FileOperation next();

	/** See {@link dev.mainloop.CompletionPort#await()}. */
	boolean await();

	/**
	 * Waits until nothing runs any more, which may take as long as a device takes, and
	 * gives up what it holds. The operations that have ended by then have their results.
	 */
	@Override
	void close();

}
