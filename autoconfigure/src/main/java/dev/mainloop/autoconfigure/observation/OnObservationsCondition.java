package dev.mainloop.autoconfigure.observation;

import io.micrometer.observation.ObservationHandler;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.ClassUtils;

/**
 * Matches as the property says, and without it unless only meters follow observations:
 * the loop has its own for handlers, which cost them less.
 */
final class OnObservationsCondition extends SpringBootCondition implements ConfigurationCondition {

	private static final String PROPERTY = "mainloop.observations.enabled";

	private static final String METER_HANDLER = "io.micrometer.core.instrument.observation.MeterObservationHandler";

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Observations of handlers");
		Boolean enabled = Binder.get(context.getEnvironment()).bind(PROPERTY, Boolean.class).orElse(null);
		if (enabled != null) {
			return new ConditionOutcome(enabled, message.because(PROPERTY + " is " + enabled));
		}
		return isForMetersAlone(context.getBeanFactory(), context.getClassLoader())
				? ConditionOutcome.noMatch(message.because("only meters follow them, and " + PROPERTY + " is not set"))
				: ConditionOutcome.match(message.because("not only meters follow them"));
	}

	private static boolean isForMetersAlone(@Nullable ConfigurableListableBeanFactory beanFactory,
			@Nullable ClassLoader classLoader) {
		if (beanFactory == null || !ClassUtils.isPresent(METER_HANDLER, classLoader)) {
			return false;
		}
		int meters = count(beanFactory, ClassUtils.resolveClassName(METER_HANDLER, classLoader));
		return meters > 0 && meters == count(beanFactory, ObservationHandler.class);
	}

	private static int count(ConfigurableListableBeanFactory beanFactory, Class<?> type) {
		return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, type, true, false).length;
	}

}
