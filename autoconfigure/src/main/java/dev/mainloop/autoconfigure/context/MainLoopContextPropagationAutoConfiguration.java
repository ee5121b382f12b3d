package dev.mainloop.autoconfigure.context;

import java.util.Set;

import dev.mainloop.MainLoop;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.autoconfigure.observation.MainLoopObservationAutoConfiguration;
import dev.mainloop.observation.ContextPropagation;
import io.micrometer.context.ContextRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link ContextPropagation}.
 */
@AutoConfiguration(after = { MainLoopAutoConfiguration.class, MainLoopObservationAutoConfiguration.class })
@ConditionalOnClass(ContextRegistry.class)
@ConditionalOnBean(MainLoop.class)
@Conditional(OnContextPropagationCondition.class)
public final class MainLoopContextPropagationAutoConfiguration {

	private static final String OBSERVATIONS = "dev.mainloop.observation.HandlerObservations";

	/** Where calls are observed, messages carry the observation without it. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(type = OBSERVATIONS)
	static class ObservedConfiguration {

		private static final String OBSERVATION = "micrometer.observation";

		@Bean
		@ConditionalOnMissingBean
		ContextPropagation mainLoopContextPropagation() {
			return new ContextPropagation(ContextRegistry.getInstance(), Set.of(OBSERVATION));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(type = OBSERVATIONS)
	static class UnobservedConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ContextPropagation mainLoopContextPropagation() {
			return new ContextPropagation(ContextRegistry.getInstance(), Set.of());
		}

	}

}
