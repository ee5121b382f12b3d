package dev.mainloop.line;

import dev.mainloop.libc.ErrnoException;
import org.jspecify.annotations.Nullable;

/**
 * Is told by a {@link FrameWriter} what becomes of what it was given, on the loop's
 * thread.
 */
@FunctionalInterface
public interface WriteListener {

	/**
	 * Called after the writer has refused something, once its buffer is half empty.
	 * @param writer the writer
	 * @throws Exception if that cannot be handled
	 */
	void room(FrameWriter writer) throws Exception;

	/**
	 * Called once, when all was written that waited when the writer was to
	 * {@linkplain FrameWriter#finish() finish}, or when a write of the loop has failed.
	 * The writer is closed by then. Unless this is overridden, an error is thrown.
	 * @param error the error, which names the file descriptor, or {@code null} if all was
	 * written
	 * @param writer the writer, whose {@link FrameWriter#size()} is what was not written
	 * @throws Exception if that is an error
	 */
	default void ended(@Nullable ErrnoException error, FrameWriter writer) throws Exception {
		if (error != null) {
			throw error;
		}
	}

}
