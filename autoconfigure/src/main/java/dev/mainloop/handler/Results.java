package dev.mainloop.handler;

/**
 * Tells what takes the outcome of the calls of a handler method.
 */
@FunctionalInterface
interface Results {

	/**
	 * Returns what takes the outcome of a call. To be asked on the loop's thread, when
	 * the call begins; what is returned may be used on that thread at any time later.
	 * @return the result
	 */
	Result next();

}
