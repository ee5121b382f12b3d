package dev.mainloop.autoconfigure.health;

import dev.mainloop.MainLoop;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.autoconfigure.MainLoopProperties;
import dev.mainloop.health.BlockedHandlerWatch;
import dev.mainloop.health.MainLoopHealthIndicator;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
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
	MainLoopHealthIndicator mainloopHealthIndicator(MainLoop mainLoop, ObjectProvider<BlockedHandlerWatch> watches,
			MainLoopProperties properties) {
		return new MainLoopHealthIndicator(mainLoop, BlockedHandlerWatch.blockedBy(watches.getIfAvailable()),
				properties.getBlockedHandler().getDownAfter());
	}

}
