package dev.mainloop.benchmarks.peer;

/**
 * A number of operations that are in flight on a file: where one has ended, the next is
 * begun.
 */
public interface FileLoad extends AutoCloseable {

	/**
	 * Returns how many operations have ended.
	 * @return the number; may be asked by any thread
	 */
	long ended();

	@Override
	void close();

}
