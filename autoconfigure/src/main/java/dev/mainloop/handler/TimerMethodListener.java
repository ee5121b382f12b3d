package dev.mainloop.handler;

import dev.mainloop.Timer;

/**
 * Is told of all timers of handler methods. Beans of this type are told of each once,
 * before it expires.
 */
@FunctionalInterface
public interface TimerMethodListener {

	/**
	 * Tells of a timer of a method.
	 * @param method the method with its timer
	 * @param call what calls the method
	 * @return what is to be called instead
	 */
	HandlerCall<Timer> found(TimerMethod method, HandlerCall<Timer> call);

}
