package dev.mainloop.handler;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnMessage;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.context.support.AbstractApplicationContext;

/**
 * Binds {@link OnMessage} methods to the queues of their payload's type.
 */
final class MessageBinder implements EventBinder<OnMessage> {

	private final ConfigurableListableBeanFactory beanFactory;

	private final EventQueues queues;

	/** Those of each group that are taken after the commit, and those taken at once. */
	private final Map<List<?>, ApplicationEvents> applicationEvents = new HashMap<>();

	MessageBinder(ConfigurableListableBeanFactory beanFactory, EventQueues queues) {
		this.beanFactory = beanFactory;
		this.queues = queues;
	}

	@Override
	public Class<OnMessage> annotationType() {
		return OnMessage.class;
	}

	/** Each has methods for messages, whichever gets them. */
	@Override
	public Instances instances(OnMessage annotation) {
		return Instances.EACH;
	}

	@Override
	public EventBinding bind(HandlerMethod method, OnMessage annotation) {
		if (annotation.afterCommit() && !annotation.applicationEvents()) {
			throw method.invalid("it is to be called after the commit, and takes no application events",
					"Set 'applicationEvents', too, and publish the message as an event.");
		}
		String condition = annotation.condition();
		MessageListener listener = new MessageListener(Receiver.of(method, annotation, this.beanFactory),
				condition.isEmpty() ? null : MessageExpression.parse(method, "condition", condition, this.beanFactory));
		this.queues.add(listener);
		if (annotation.applicationEvents()) {
			String group = method.place().group();
			boolean afterCommit = annotation.afterCommit();
			this.applicationEvents
				.computeIfAbsent(List.of(group, afterCommit), (key) -> openApplicationEvents(group, afterCommit))
				.add(listener);
		}
		return (loop, opened) -> {
		};
	}

	private ApplicationEvents openApplicationEvents(String group, boolean afterCommit) {
		ApplicationEvents events = this.queues.openApplicationEvents(group, afterCommit);
		this.beanFactory
			.getBean(AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME,
					ApplicationEventMulticaster.class)
			.addApplicationListener(events);
		return events;
	}

}
