package dev.mainloop.health;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import dev.mainloop.MainLoop;
import dev.mainloop.RunningHandler;
import dev.mainloop.handler.MainLoops;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Has calls of handlers fail that would block their loop, with a
 * {@link BlockingCallError}, from when all singletons are made until the application
 * context ends. What tells of such calls is installed by {@link LoopThreadsIntegration}
 * for the whole process, and asks the guards of all application contexts.
 */
public final class BlockingCallGuard implements SmartInitializingSingleton, DisposableBean {

	private static final List<BlockingCallGuard> guards = new CopyOnWriteArrayList<>();

	private final List<MainLoop> loops = new ArrayList<>();

	private final Function<RunningHandler, String> names;

	/**
	 * Creates the guard of the loops of an application.
	 * @param loops its loops
	 * @param names what a handler is called
	 */
	public BlockingCallGuard(MainLoops loops, Function<RunningHandler, String> names) {
		loops.forEach((place, loop) -> this.loops.add(loop));
		this.names = names;
	}

	@Override
	public void afterSingletonsInstantiated() {
		guards.add(this);
	}

	@Override
	public void destroy() {
		guards.remove(this);
	}

	/**
	 * Tells that the calling thread, which may be any, is about to block.
	 * @throws BlockingCallError if it is that of a guarded loop, in a handler
	 */
	static void check() {
		for (BlockingCallGuard guard : guards) {
			for (MainLoop loop : guard.loops) {
				if (loop.isLoopThread()) {
					guard.check(loop);
				}
			}
		}
	}

	private void check(MainLoop loop) {
		RunningHandler running = loop.runningHandler();
		String call = (running != null) ? BlockingCall.in(running.stack()) : null;
		if (running != null && call != null) {
			throw new BlockingCallError(this.names.apply(running), call);
		}
	}

}
