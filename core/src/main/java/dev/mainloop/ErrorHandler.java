package dev.mainloop;

/**
 * Is told what the handlers of a {@link MainLoop} throw.
 */
@FunctionalInterface
public interface ErrorHandler {

	/**
	 * Called on the loop's thread when a handler has thrown. The loop goes on whatever it
	 * throws itself.
	 * @param source the event source whose handler it is
	 * @param event the event: a {@link TimerTick}, the message, a
	 * {@link dev.mainloop.fd.SignalInfo}, a {@link dev.mainloop.multiplexer.Readiness}, a
	 * {@link ClockChange}, a {@link Completion}, or the task that was posted
	 * @param error what the handler threw, errors such as {@link OutOfMemoryError} among
	 * it
	 */
	void handleError(EventSource source, Object event, Throwable error);

}
