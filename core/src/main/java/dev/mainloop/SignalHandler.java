package dev.mainloop;

import dev.mainloop.fd.SignalInfo;

/**
 * Handles a signal, on the loop's thread and as ordinary code: nothing of what
 * {@code signal-safety(7)} forbids is forbidden here.
 */
@FunctionalInterface
public interface SignalHandler {

	/**
	 * Called when the signal has come. It must not block.
	 * @param signal the signal and what is known of its sender
	 * @throws Exception if it fails, which the loop's {@link ErrorHandler} is told
	 */
	void received(SignalInfo signal) throws Exception;

}
