package dev.mainloop.log;

/**
 * The keys of what log lines tell, for a log that is structured.
 */
public final class LogKeys {

	/** What the loop is called. */
	public static final String LOOP = "mainloop.loop";

	/** What the event source is called, such as a queue or a timer. */
	public static final String SOURCE = "mainloop.source";

	/** What the handler is called. */
	public static final String HANDLER = "mainloop.handler";

	/** The event that the handler was called for. */
	public static final String EVENT = "mainloop.event";

	/** How long something has taken, in milliseconds. */
	public static final String DURATION = "mainloop.duration";

	/** How many lines or errors of a kind were left out, or came in a row. */
	public static final String REPETITIONS = "mainloop.repetitions";

	/** What the loop waits by. */
	public static final String MULTIPLEXER = "mainloop.multiplexer";

	/** How many event sources the application has. */
	public static final String SOURCES = "mainloop.sources";

	/** How signals come. */
	public static final String SIGNALS = "mainloop.signals";

	/** How many events were handled. */
	public static final String EVENTS = "mainloop.events";

	/** How many messages are left in queues. */
	public static final String MESSAGES = "mainloop.messages";

	private LogKeys() {
	}

}
