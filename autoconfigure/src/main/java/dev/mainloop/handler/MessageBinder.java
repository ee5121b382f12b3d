package dev.mainloop.handler;

import java.util.HashMap;
import java.util.Map;

import dev.mainloop.annotation.OnMessage;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.util.StringUtils;

/**
 * Binds {@link OnMessage} methods to the queues of their payload's type.
 */
final class MessageBinder implements EventBinder<OnMessage> {

	private final ConfigurableListableBeanFactory beanFactory;

	private final EventQueues queues;

	/** Those that are taken after the commit, and those that are taken at once. */
	private final Map<Boolean, ApplicationEvents> applicationEvents = new HashMap<>();

	MessageBinder(ConfigurableListableBeanFactory beanFactory, EventQueues queues) {
		this.beanFactory = beanFactory;
		this.queues = queues;
	}

	@Override
	public Class<OnMessage> annotationType() {
		return OnMessage.class;
	}

	@Override
	public EventBinding bind(HandlerMethod method, OnMessage annotation) {
		if (method.method().getParameterCount() != 1) {
			throw method.invalid("it has %d parameters".formatted(method.method().getParameterCount()),
					"Declare one parameter, the message.");
		}
		if (annotation.afterCommit() && !annotation.applicationEvents()) {
			throw method.invalid("it is to be called after the commit, and takes no application events",
					"Set 'applicationEvents', too, and publish the message as an event.");
		}
		String condition = annotation.condition();
		MessageListener listener = new MessageListener(method, queue(method, annotation.queue()),
				condition.isEmpty() ? null : MessageCondition.parse(method, condition, this.beanFactory));
		this.queues.add(listener);
		if (annotation.applicationEvents()) {
			this.applicationEvents.computeIfAbsent(annotation.afterCommit(), this::openApplicationEvents).add(listener);
		}
		return (loop, opened) -> {
		};
	}

	private String queue(HandlerMethod method, String queue) {
		try {
			String name = this.beanFactory.resolveEmbeddedValue(queue);
			return StringUtils.hasText(name) ? name.trim() : "";
		}
		catch (IllegalArgumentException ex) {
			throw method.invalid("its 'queue' is '%s', which cannot be resolved".formatted(queue),
					"Set the property, or give the placeholder a default.", ex);
		}
	}

	private ApplicationEvents openApplicationEvents(boolean afterCommit) {
		ApplicationEvents events = this.queues.openApplicationEvents(afterCommit);
		this.beanFactory
			.getBean(AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME,
					ApplicationEventMulticaster.class)
			.addApplicationListener(events);
		return events;
	}

}
