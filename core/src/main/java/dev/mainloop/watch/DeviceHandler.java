package dev.mainloop.watch;

import dev.mainloop.fd.FileDescriptor;

/**
 * Is given the file descriptors of a {@link Device}, on the loop's thread.
 */
@FunctionalInterface
public interface DeviceHandler {

	/**
	 * Called each time that the device was opened.
	 * @param fd its file descriptor, to be closed by the handler at its end or after an
	 * error, upon which the device is opened again once that can be done; it is closed if
	 * the handler throws
	 * @throws Exception if it cannot be used
	 */
	void opened(FileDescriptor fd) throws Exception;

}
