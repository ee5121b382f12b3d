package dev.mainloop.autoconfigure;

import dev.mainloop.MainLoop;
import dev.mainloop.handler.MainLoops;
import dev.mainloop.health.BlockedHandlerWatch;
import dev.mainloop.health.MainLoopLiveness;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link MainLoopLiveness}.
 */
@AutoConfiguration(after = { MainLoopAutoConfiguration.class, ApplicationAvailabilityAutoConfiguration.class })
@ConditionalOnBooleanProperty("mainloop.liveness.enabled")
@ConditionalOnBean({ MainLoop.class, ApplicationAvailability.class })
public final class MainLoopLivenessAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	MainLoopLiveness mainLoopLiveness(MainLoops loops, ObjectProvider<BlockedHandlerWatch> watches,
			MainLoopProperties properties, ApplicationAvailability availability, ApplicationEventPublisher publisher) {
		return new MainLoopLiveness(loops, BlockedHandlerWatch.blockedBy(watches.getIfAvailable()),
				properties::downAfter, availability, publisher);
	}

}
