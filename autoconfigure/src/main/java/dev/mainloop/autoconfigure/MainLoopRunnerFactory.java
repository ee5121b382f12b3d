package dev.mainloop.autoconfigure;

import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopRunner;
import dev.mainloop.handler.Placement;

/**
 * Makes what runs the loops of the application other than the main loop, where a thread
 * for each is not what is wanted. For the main loop a {@link MainLoopRunner} bean is
 * taken.
 */
@FunctionalInterface
public interface MainLoopRunnerFactory {

	/**
	 * Makes what runs a loop.
	 * @param place its place among those of the application
	 * @param loop the loop
	 * @return the runner
	 */
	MainLoopRunner runner(Placement place, MainLoop loop);

}
