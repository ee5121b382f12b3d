package dev.mainloop.autoconfigure;

import dev.mainloop.MainLoopBuilder;
import dev.mainloop.handler.Placement;

/**
 * Changes what a loop of the application is built with, after the properties. Beans of
 * this type are called in their order for the main loop and each of the others, by the
 * thread that starts the application context.
 */
@FunctionalInterface
public interface MainLoopBuilderCustomizer {

	/**
	 * Changes a builder.
	 * @param place the place of the loop among those of the application
	 * @param builder builds the loop
	 */
	void customize(Placement place, MainLoopBuilder builder);

}
