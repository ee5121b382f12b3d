package dev.mainloop;

import dev.mainloop.fd.ExitStatus;

/**
 * Handles the end of a process, on the loop's thread.
 */
@FunctionalInterface
public interface ExitHandler {

	/**
	 * Called once, when the process has ended. It must not block.
	 * @param status how it has ended
	 * @throws Exception if it fails, which the loop's {@link ErrorHandler} is told
	 */
	void exited(ExitStatus status) throws Exception;

}
