package dev.mainloop.watch;

import org.jspecify.annotations.Nullable;

/**
 * What is watched at the end of a {@link Route}.
 */
interface Contents {

	/**
	 * Begins, as nothing is known yet.
	 * @param status what is there, {@code null} if nothing is
	 * @param tell whether it is told that it was found
	 */
	void begin(@Nullable Status status, boolean tell);

	/**
	 * Compares what is there with what is known, as the route was followed again.
	 * @param status what is there, {@code null} if nothing is
	 * @param mask what has happened on the route
	 * @param isAtPlace whether that was at the end of the route, which has stayed
	 */
	void followed(@Nullable Status status, int mask, boolean isAtPlace);

	/**
	 * Follows up on what has happened to a file, not on the route.
	 * @param watch what is watched
	 * @param mask what has happened
	 * @param name to which file in it, empty if to itself
	 */
	void event(Watch watch, int mask, String name);

	/**
	 * Compares all that is there with all that is known, as events were dropped.
	 * @param status what is there, {@code null} if nothing is
	 */
	void recheck(@Nullable Status status);

	/**
	 * Goes on with what takes longer.
	 * @return {@code true} if something is left of that
	 */
	boolean goOn();

}
