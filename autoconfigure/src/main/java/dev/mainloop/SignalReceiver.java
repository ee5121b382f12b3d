package dev.mainloop;

import dev.mainloop.fd.Signal;

/**
 * A way for signals from the process to the loop.
 */
interface SignalReceiver extends AutoCloseable {

	/**
	 * Receives a signal from now on, with those that came while it was held.
	 * @param signal the signal
	 */
	void receive(Signal signal);

	/**
	 * Keeps what comes of a signal until it is received again.
	 * @param signal the signal
	 */
	void hold(Signal signal);

	/**
	 * Leaves a signal to what it did before.
	 * @param signal the signal
	 */
	void release(Signal signal);

	@Override
	void close();

}
