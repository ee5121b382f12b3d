package dev.mainloop.test;

import java.util.ArrayList;
import java.util.List;

import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopBuilder;
import dev.mainloop.MainLoopInvoker;
import dev.mainloop.MainLoopRunner;
import dev.mainloop.SignalMode;
import dev.mainloop.autoconfigure.AsyncFilesBuilderCustomizer;
import dev.mainloop.autoconfigure.MainLoopBuilderCustomizer;
import dev.mainloop.autoconfigure.MainLoopRunnerFactory;
import dev.mainloop.file.AsyncFiles;
import dev.mainloop.file.FileCalls;
import dev.mainloop.handler.Placement;

import org.springframework.core.Ordered;

/**
 * Has all loops of the application built in memory, and those other than the main loop
 * run by hand, too. Files are read and written, and what may block is done, by the thread
 * of the test.
 */
final class InMemoryLoops
		implements MainLoopBuilderCustomizer, AsyncFilesBuilderCustomizer, MainLoopRunnerFactory, Ordered {

	private final TestPlatform platform;

	private final FileCalls fileCalls;

	private final TestWorkers workers;

	private final List<TestLoop> others = new ArrayList<>();

	InMemoryLoops(TestPlatform platform, FileCalls fileCalls, TestWorkers workers) {
		this.platform = platform;
		this.fileCalls = fileCalls;
		this.workers = workers;
	}

	@Override
	public void customize(Placement place, MainLoopBuilder builder) {
		builder.platform(this.platform)
			.multiplexer(this.platform::openMultiplexer)
			.signals(SignalMode.AUTO)
			.clock(this.platform.clocks())
			.workers(this.workers::execute)
			.exit(this.platform::exit);
	}

	@Override
	public void customize(Placement place, AsyncFiles.Builder builder) {
		builder.direct(this.fileCalls);
	}

	@Override
	public MainLoopRunner runner(Placement place, MainLoop loop) {
		MainLoopInvoker invoker = new MainLoopInvoker(loop);
		this.others.add(new TestLoop(loop, invoker));
		return invoker;
	}

	/** Returns the loops other than the main loop, in the order of their names. */
	List<TestLoop> others() {
		return this.others;
	}

	/** After the application's own. */
	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	/**
	 * A loop in memory.
	 *
	 * @param loop the loop
	 * @param invoker runs it
	 */
	record TestLoop(MainLoop loop, MainLoopInvoker invoker) {

	}

}
