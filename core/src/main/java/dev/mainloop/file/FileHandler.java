package dev.mainloop.file;

/**
 * Called on the loop's thread when a file operation has ended.
 */
@FunctionalInterface
public interface FileHandler {

	/**
	 * Takes the result of an operation, or its failure. Whoever asks for neither
	 * {@link FileOperation#result()} nor {@link FileOperation#failure()} of one that has
	 * failed has the failure told to the error handler of the loop.
	 * @param operation the operation, which is used again for another one once this has
	 * returned
	 * @throws Exception what the error handler of the loop is to be told
	 */
	void completed(FileOperation operation) throws Exception;

}
