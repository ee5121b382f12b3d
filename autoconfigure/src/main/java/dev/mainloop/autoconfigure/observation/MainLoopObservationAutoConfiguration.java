package dev.mainloop.autoconfigure.observation;

import dev.mainloop.MainLoop;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.observation.HandlerObservationConvention;
import dev.mainloop.observation.HandlerObservations;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link HandlerObservations}.
 */
@AutoConfiguration(after = MainLoopAutoConfiguration.class,
		afterName = { "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
				"org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
				"org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration" })
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({ MainLoop.class, ObservationRegistry.class })
@Conditional(OnObservationsCondition.class)
public final class MainLoopObservationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	HandlerObservations mainLoopHandlerObservations(ObservationRegistry registry,
			ObjectProvider<HandlerObservationConvention> convention) {
		return new HandlerObservations(registry, convention.getIfAvailable());
	}

}
