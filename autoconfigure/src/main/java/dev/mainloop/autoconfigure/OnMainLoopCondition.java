package dev.mainloop.autoconfigure;

import dev.mainloop.MainLoop;
import dev.mainloop.autoconfigure.MainLoopProperties.OnUnsupportedPlatform;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.Unavailability;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches where the main loop is enabled, and can run or is there already, as in a test,
 * or cannot run if that is to be an error.
 */
class OnMainLoopCondition extends SpringBootCondition implements ConfigurationCondition {

	static final String ENABLED = "mainloop.enabled";

	private static final String PROPERTY = "mainloop.on-unsupported-platform";

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Main loop");
		if (!isEnabled(context.getEnvironment())) {
			return ConditionOutcome.noMatch(message.because(ENABLED + " is false"));
		}
		if (hasMainLoop(context.getBeanFactory())) {
			return ConditionOutcome.match(message.found("bean").items(MainLoop.class.getName()));
		}
		Unavailability unavailability = LibC.unavailability();
		if (unavailability == null) {
			return ConditionOutcome.match(message.available("epoll"));
		}
		OnUnsupportedPlatform policy = Binder.get(context.getEnvironment())
			.bind(PROPERTY, OnUnsupportedPlatform.class)
			.orElse(OnUnsupportedPlatform.FAIL);
		return new ConditionOutcome(policy == OnUnsupportedPlatform.FAIL,
				message.because(unavailability.cause() + ", and " + PROPERTY + " is " + policy));
	}

	static boolean isEnabled(Environment environment) {
		return Binder.get(environment).bind(ENABLED, Boolean.class).orElse(true);
	}

	private static boolean hasMainLoop(@Nullable ConfigurableListableBeanFactory beanFactory) {
		return beanFactory != null && beanFactory.getBeanNamesForType(MainLoop.class, true, false).length > 0;
	}

	/** Matches where the other does not. */
	static final class Unavailable extends OnMainLoopCondition {

		@Override
		public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
			ConditionOutcome outcome = super.getMatchOutcome(context, metadata);
			return new ConditionOutcome(!outcome.isMatch(), outcome.getConditionMessage());
		}

	}

}
