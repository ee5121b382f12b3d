package dev.mainloop.handler;

import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Warns of event handlers in parents and children of the application context of a loop.
 * They get no events where their own context has no loop, as a loop serves the beans of
 * its context alone.
 */
public final class UnservedHandlers implements ApplicationListener<ContextRefreshedEvent> {

	private static final Logger logger = LoggerFactory.getLogger(UnservedHandlers.class);

	private final ApplicationContext context;

	/**
	 * Creates the warnings.
	 * @param context the context of the loop
	 */
	public UnservedHandlers(ApplicationContext context) {
		this.context = context;
	}

	/** Called for this context and for its children, whose events reach it, too. */
	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		ApplicationContext refreshed = event.getApplicationContext();
		if (refreshed != this.context) {
			warnOf(refreshed, "child");
			return;
		}
		for (ApplicationContext parent = refreshed.getParent(); parent != null; parent = parent.getParent()) {
			warnOf(parent, "parent");
		}
	}

	private void warnOf(ApplicationContext other, String relation) {
		if (!(other.getAutowireCapableBeanFactory() instanceof ConfigurableListableBeanFactory beanFactory)
				|| beanFactory.getBeanNamesForType(EventHandlers.class, true, false).length > 0) {
			return;
		}
		List<String> names = new HandlerBeans(beanFactory).eventHandlers().stream().map(HandlerBean::name).toList();
		if (!names.isEmpty()) {
			logger
				.warn(("The event handlers %s get no events: they are beans of the %s context '%s', which has no main loop, "
						+ "and that of '%s' serves the beans of its own context alone. Declare them there, or enable the "
						+ "auto-configuration in their context, too")
					.formatted(names, relation, other.getDisplayName(), this.context.getDisplayName()));
		}
	}

}
