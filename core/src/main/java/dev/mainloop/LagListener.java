package dev.mainloop;

/**
 * Is told how long events have waited, one by one, as whoever keeps a histogram wants to
 * be. Called by the thread of the loop between two events: it must be fast. What it
 * throws ends its being told.
 */
@FunctionalInterface
public interface LagListener {

	/**
	 * Takes how long an event has waited, see {@link SourceStatistics#lag()}.
	 * @param source the source of the event
	 * @param nanos the time, in nanoseconds
	 */
	void lagged(EventSource source, long nanos);

}
