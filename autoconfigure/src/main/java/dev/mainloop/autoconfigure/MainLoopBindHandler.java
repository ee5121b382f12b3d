package dev.mainloop.autoconfigure;

import java.util.function.Function;

import dev.mainloop.autoconfigure.MainLoopProperties.Loop;
import dev.mainloop.autoconfigure.MainLoopProperties.Queue;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.context.annotation.Role;
import org.springframework.core.convert.ConversionException;
import org.springframework.util.StringUtils;

/**
 * Binds the properties of the main loop as leniently as their sources want it: an empty
 * value is as good as none, and what comes from the environment or the system properties
 * may be meant for others, such as the variables that Kubernetes sets for a service.
 */
final class MainLoopBindHandler extends AbstractBindHandler {

	private static final Logger logger = LoggerFactory.getLogger(MainLoopBindHandler.class);

	/** Tells of a source whether all that it has is meant for the application. */
	private static final Function<ConfigurationPropertySource, Boolean> applicationSources = new UnboundElementsSourceFilter();

	MainLoopBindHandler(BindHandler parent) {
		super(parent);
	}

	@Override
	public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
		Bindable<T> started = super.onStart(name, target, context);
		if (!isEmpty(name, context)) {
			return started;
		}
		super.onSuccess(name, target, context, "");
		return null;
	}

	private static boolean isEmpty(ConfigurationPropertyName name, BindContext context) {
		return MainLoopPropertyNames.PREFIX.isAncestorOf(name) && source(name, context) != null
				&& !StringUtils.hasText(context.getBinder().bind(name, Bindable.of(String.class)).orElse(null));
	}

	@Override
	public @Nullable Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			Object result) {
		if (result instanceof Queue queue && MainLoopPropertyNames.QUEUES.isParentOf(name)) {
			queue.optional(!isOfApplication(name, context));
		}
		if (result instanceof Loop loop && MainLoopPropertyNames.LOOPS.isParentOf(name)) {
			loop.optional(!isOfApplication(name, context));
		}
		return super.onSuccess(name, target, context, result);
	}

	private static boolean isOfApplication(ConfigurationPropertyName name, BindContext context) {
		for (ConfigurationPropertySource source : context.getSources()) {
			if (applicationSources.apply(source)
					&& source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT) {
				return true;
			}
		}
		return false;
	}

	@Override
	public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			Exception error) throws Exception {
		ConfigurationPropertySource source = MainLoopPropertyNames.isNamed(name) ? source(name, context) : null;
		if (source != null && error instanceof ConversionException && !applicationSources.apply(source)) {
			return null;
		}
		return super.onFailure(name, target, context, error);
	}

	/** Returns the source that sets a property, of several the first. */
	private static @Nullable ConfigurationPropertySource source(ConfigurationPropertyName name, BindContext context) {
		for (ConfigurationPropertySource source : context.getSources()) {
			if (source.getConfigurationProperty(name) != null) {
				return source;
			}
		}
		return null;
	}

	@Override
	public void onFinish(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			@Nullable Object result) throws Exception {
		super.onFinish(name, target, context, result);
		if (name.equals(MainLoopPropertyNames.PREFIX) && logger.isDebugEnabled()) {
			for (ConfigurationPropertySource source : context.getSources()) {
				if (!applicationSources.apply(source) && source instanceof IterableConfigurationPropertySource all) {
					all.filter(MainLoopPropertyNames.PREFIX::isAncestorOf).forEach((some) -> logForeign(all, some));
				}
			}
		}
	}

	private static void logForeign(ConfigurationPropertySource source, ConfigurationPropertyName name) {
		ConfigurationProperty property = source.getConfigurationProperty(name);
		if (property != null && !MainLoopPropertyNames.isKnown(name)) {
			logger.debug("The main loop has no property %s, and ignores what sets it: %s".formatted(LogText.of(name),
					LogText.of(property.getOrigin())));
		}
	}

	/** Has all properties bound by such a handler, which leaves others as they are. */
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static final class Advisor implements ConfigurationPropertiesBindHandlerAdvisor {

		@Override
		public BindHandler apply(BindHandler bindHandler) {
			return new MainLoopBindHandler(bindHandler);
		}

	}

}
