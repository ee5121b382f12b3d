package dev.mainloop;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.multiplexer.Readiness;

/**
 * Handles the readiness of a file descriptor, on the loop's thread.
 */
@FunctionalInterface
public interface ReadinessHandler {

	/**
	 * Called when the file descriptor is ready. It must not block, and must read or write
	 * until nothing more is there where readiness is reported as an edge.
	 * @param fd the file descriptor
	 * @param readiness what it is ready for
	 * @throws Exception if it fails, which the loop's {@link ErrorHandler} is told
	 */
	void ready(FileDescriptor fd, Readiness readiness) throws Exception;

}
