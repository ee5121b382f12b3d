package dev.mainloop;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

import dev.mainloop.multiplexer.IoMultiplexer;
import dev.mainloop.multiplexer.MultiplexerKind;
import org.jspecify.annotations.Nullable;

/**
 * What a loop is made of and how it works, with the defaults.
 */
final class LoopSettings {

	LoopName name = LoopName.MAIN;

	Supplier<? extends IoMultiplexer> multiplexer = MultiplexerKind.AUTO;

	Platform platform = Platform.LINUX;

	NanoClock clock = NanoClock.SYSTEM;

	SignalMode signals = SignalMode.AUTO;

	@Nullable ErrorHandler errorHandler;

	ErrorPolicy errorPolicy = ErrorPolicy.CONTINUE;

	int errorLimit = 10;

	SpinPolicy spinPolicy = SpinPolicy.WARN;

	IntConsumer exit = LoopSettings::exitFromAnotherThread;

	long exitTimeoutNanos = Duration.ofSeconds(5).toNanos();

	int budget = 256;

	long timeSliceNanos = Duration.ofMillis(1).toNanos();

	long busyPollNanos;

	int taskCapacity = 8192;

	@Nullable Executor workers;

	@Nullable Supplier<? extends @Nullable ThreadContext> threadContext;

	@Nullable CpuSet cpus;

	@Nullable MainLoopGroup group;

	private static void exitFromAnotherThread(int code) {
		Affinity.thread(() -> System.exit(code), "mainloop-exit").start();
	}

}
