package dev.mainloop.autoconfigure;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import dev.mainloop.CpuSet;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopBuilder;
import dev.mainloop.MainLoopGroup;
import dev.mainloop.ThreadContext;
import dev.mainloop.handler.LoopBeans;
import dev.mainloop.handler.Placement;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;

/**
 * Builds loops as the properties say.
 */
final class PropertiesLoopFactory {

	/**
	 * How long SIGTERM waits for its handlers, if a phase of the shutdown may take long.
	 */
	private static final Duration LONGEST_EXIT_TIMEOUT = Duration.ofSeconds(5);

	private final MainLoopProperties properties;

	private final ApplicationErrorHandler errorHandler;

	private final LifecycleProperties lifecycle;

	private final MainLoopGroup group;

	private final Executor workers;

	private final Supplier<? extends @Nullable ThreadContext> threadContext;

	private final ObjectProvider<MainLoopBuilderCustomizer> customizers;

	PropertiesLoopFactory(MainLoopProperties properties, ApplicationErrorHandler errorHandler,
			LifecycleProperties lifecycle, MainLoopGroup group, Executor workers,
			Supplier<? extends @Nullable ThreadContext> threadContext,
			ObjectProvider<MainLoopBuilderCustomizer> customizers) {
		this.properties = properties;
		this.errorHandler = errorHandler;
		this.lifecycle = lifecycle;
		this.group = group;
		this.workers = workers;
		this.threadContext = threadContext;
		this.customizers = customizers;
	}

	/** Called for the definitions of {@link LoopBeans}. */
	MainLoop build(Placement place) {
		return builder(place).build();
	}

	MainLoopBuilder builder(Placement place) {
		MainLoopProperties common = this.properties;
		MainLoopProperties.Loop own = common.loop(place.group());
		CpuSet cpus = own.cpus("mainloop.loops.%s.cpus".formatted(place.group()));
		MainLoopBuilder builder = MainLoop.builder()
			.name(place.loop())
			.group(this.group)
			.workers(this.workers)
			.threadContext(this.threadContext)
			.multiplexer(MainLoopProperties.or(own.getMultiplexer(), common.getMultiplexer()))
			.signals(MainLoopProperties.or(own.getSignals(), common.getSignals()))
			.taskCapacity(MainLoopProperties.or(own.getQueueCapacity(), common.getQueueCapacity()))
			.budget(MainLoopProperties.or(own.getBudget(), common.getBudget()))
			.timeSlice(MainLoopProperties.or(own.getTimeSlice(), common.getTimeSlice()))
			.busyPoll(MainLoopProperties.or(own.getBusyPoll(), common.getBusyPoll()))
			.exitTimeout(exitTimeout())
			.errorPolicy(MainLoopProperties.or(own.getHandlerErrors(), common.getHandlerErrors()),
					MainLoopProperties.or(own.getHandlerErrorLimit(), common.getHandlerErrorLimit()))
			.spinPolicy(MainLoopProperties.or(own.getSpinningHandlers(), common.getSpinningHandlers()))
			.errorHandler(this.errorHandler::handleError);
		if (cpus != null) {
			builder.cpus(cpus);
		}
		this.customizers.orderedStream().forEach((customizer) -> customizer.customize(place, builder));
		return builder;
	}

	/** Leaves as much of a phase to the stop and the end that follow. */
	private Duration exitTimeout() {
		Duration half = this.lifecycle.getTimeoutPerShutdownPhase().dividedBy(2);
		return (half.compareTo(LONGEST_EXIT_TIMEOUT) < 0) ? half : LONGEST_EXIT_TIMEOUT;
	}

}
