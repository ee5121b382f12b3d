package dev.mainloop.autoconfigure.health;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

import dev.mainloop.BlockedHandler;
import dev.mainloop.MainLoop;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.autoconfigure.MainLoopProperties;
import dev.mainloop.handler.LoopFiles;
import dev.mainloop.handler.MainLoops;
import dev.mainloop.health.BlockedHandlerWatch;
import dev.mainloop.health.MainLoopHealthIndicator;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link MainLoopHealthIndicator}.
 */
@AutoConfiguration(after = MainLoopAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
@ConditionalOnBean(MainLoop.class)
@ConditionalOnEnabledHealthIndicator("mainloop")
public final class MainLoopHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "mainloopHealthIndicator", "mainloopHealthContributor" })
	HealthContributor mainloopHealthContributor(MainLoops loops, ObjectProvider<BlockedHandlerWatch> watches,
			MainLoopProperties properties, LoopFiles files) {
		Function<MainLoop, @Nullable BlockedHandler> blocked = BlockedHandlerWatch.blockedBy(watches.getIfAvailable());
		Map<String, HealthContributor> indicators = new LinkedHashMap<>();
		loops.forEach((place, loop) -> indicators.put(place.loop(), new MainLoopHealthIndicator(loop,
				() -> blocked.apply(loop), properties.downAfter(place), () -> files.made(loop))));
		return loops.areSeveral() ? CompositeHealthContributor.fromMap(indicators)
				: indicators.values().iterator().next();
	}

}
