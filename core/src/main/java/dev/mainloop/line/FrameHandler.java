package dev.mainloop.line;

import dev.mainloop.libc.ErrnoException;
import org.jspecify.annotations.Nullable;

/**
 * Is given the frames of a {@link FrameReader}, on the loop's thread. What it throws for
 * one does not keep the next ones from it.
 *
 * @param <F> the type of the frames
 */
@FunctionalInterface
public interface FrameHandler<F> {

	/**
	 * Called for each frame.
	 * @param frame the frame
	 * @param reader the reader, to be paused or closed
	 * @throws Exception if the frame cannot be handled
	 */
	void frame(F frame, FrameReader<F> reader) throws Exception;

	/**
	 * Called once, after all frames, when no more will come: at the end of the file, or
	 * if a read fails. The reader is closed after that. Unless this is overridden, a last
	 * frame without an end is given as the others are, and an error is thrown.
	 * @param rest what came after the end of the last frame, or {@code null} if nothing
	 * did or there was an error
	 * @param error an {@link ErrnoException} of the read, a {@link FrameException} if the
	 * file ended within a frame that knows its size, or {@code null} at the end of the
	 * file
	 * @param reader the reader
	 * @throws Exception if that is an error
	 */
	default void ended(@Nullable F rest, @Nullable RuntimeException error, FrameReader<F> reader) throws Exception {
		if (error != null) {
			throw error;
		}
		if (rest != null) {
			frame(rest, reader);
		}
	}

}
