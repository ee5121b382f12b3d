package dev.mainloop.autoconfigure.metrics;

import dev.mainloop.MainLoop;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.handler.MainLoops;
import dev.mainloop.health.BlockedHandlerWatch;
import dev.mainloop.metrics.BlockedHandlerMeters;
import dev.mainloop.metrics.MainLoopMetrics;
import dev.mainloop.metrics.MainLoopTimers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link MainLoopMetrics},
 * {@link MainLoopTimers} and {@link BlockedHandlerMeters}.
 */
@AutoConfiguration(after = MainLoopAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ MainLoop.class, MeterRegistry.class })
public final class MainLoopMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	MainLoopMetrics mainLoopMetrics(MainLoops loops) {
		return new MainLoopMetrics(loops, Tags.empty());
	}

	@Bean
	@ConditionalOnMissingBean
	MainLoopTimers mainLoopTimers(MainLoops loops, MeterRegistry registry) {
		return new MainLoopTimers(loops, registry, Tags.empty());
	}

	@Bean
	@ConditionalOnBean(BlockedHandlerWatch.class)
	@ConditionalOnMissingBean
	BlockedHandlerMeters mainLoopBlockedHandlerMeters(MainLoops loops, BlockedHandlerWatch watch,
			MeterRegistry registry) {
		return new BlockedHandlerMeters(loops, watch::blocked, registry, Tags.empty());
	}

}
