package dev.mainloop.benchmarks.peer;

/**
 * A loop that the caller runs and that watches the reading ends of pipes. It reads a byte
 * whenever one is readable, and tells which.
 */
public interface PipeLoop extends AutoCloseable {

	/**
	 * Writes a byte.
	 * @param pipe the pipe's index
	 */
	void write(int pipe);

	/** Waits until some are readable, and reads. */
	void runOnce();

	@Override
	void close();

}
