package dev.mainloop.handler;

import dev.mainloop.annotation.OnMessage;
import org.jspecify.annotations.Nullable;

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

	private @Nullable ApplicationEvents applicationEvents;

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
		String condition = annotation.condition();
		MessageListener listener = new MessageListener(method, queue(method, annotation.queue()),
				condition.isEmpty() ? null : MessageCondition.parse(method, condition, this.beanFactory));
		this.queues.add(listener);
		if (annotation.applicationEvents()) {
			applicationEvents().add(listener);
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

	private ApplicationEvents applicationEvents() {
		ApplicationEvents events = this.applicationEvents;
		if (events == null) {
			events = this.queues.openApplicationEvents();
			this.applicationEvents = events;
			this.beanFactory
				.getBean(AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME,
						ApplicationEventMulticaster.class)
				.addApplicationListener(events);
		}
		return events;
	}

}
