package dev.mainloop;

import dev.mainloop.fd.Signal;

/**
 * A way for signals from the process to the loop.
 */
interface SignalReceiver extends AutoCloseable {

	/**
	 * Receives a signal from now on, with one that is pending.
	 * @param signal the signal
	 */
	void receive(Signal signal);

	/**
	 * Need not receive a signal until further notice; one that comes to the loop
	 * nevertheless is kept there.
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
