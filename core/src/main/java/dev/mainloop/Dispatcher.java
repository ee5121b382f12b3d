package dev.mainloop;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Calls the handlers of a loop: every event of every kind comes through here, and what is
 * to happen around each handler happens here alone. Belongs to the loop's thread.
 */
final class Dispatcher {

	private final Errors errors;

	/** The source whose handler runs, or ran last. */
	private @Nullable EventSource latest;

	Dispatcher(Errors errors) {
		this.errors = errors;
	}

	/**
	 * Calls the handler of a source. What it throws goes to the {@link Errors}, and an
	 * interrupt of the thread that it leaves behind is cleared, so that neither reaches
	 * the handlers that follow.
	 * @param source the source
	 * @param event the event, in the form in which the source takes it
	 */
	void dispatch(EventSource source, Object event) {
		if (this.latest != source) {
			this.latest = source;
		}
		try {
			source.handle(event);
			source.succeeded();
		}
		catch (Throwable ex) {
			this.errors.happened(source, event, ex);
		}
		finally {
			Thread.interrupted();
		}
	}

	/** Whether a handler, which asks, is that of a source. */
	boolean isRunning(EventSource source) {
		return this.latest == source;
	}

	/**
	 * Finds the handler that runs. May be asked by any thread, which sees the latest
	 * source as the thread that runs the loop is stopped for a look at its stack.
	 * @param owner the thread that runs the loop
	 */
	@Nullable RunningHandler running(Thread owner) {
		StackTraceElement[] stack = owner.getStackTrace();
		EventSource source = this.latest;
		for (int i = 0; i < stack.length && source != null; i++) {
			if (stack[i].getClassName().equals(Dispatcher.class.getName())
					&& stack[i].getMethodName().equals("dispatch")) {
				return new RunningHandler(source.toString(), List.of(stack).subList(0, i));
			}
		}
		return null;
	}

}
