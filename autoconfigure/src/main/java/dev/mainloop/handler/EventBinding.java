package dev.mainloop.handler;

import java.util.function.Consumer;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;

/**
 * The event sources of a handler method.
 */
@FunctionalInterface
interface EventBinding {

	/**
	 * Opens them on a loop.
	 * @param loop the loop
	 * @param opened told of each source once it is open
	 */
	void open(MainLoop loop, Consumer<EventSource> opened);

}
