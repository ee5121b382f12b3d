package dev.mainloop.handler;

import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.StringUtils;

/**
 * A method that takes messages, by what its declaration says.
 *
 * @param method the method, which has one parameter
 * @param queue the name of the queue that it listens to, empty for those without
 * @param payload the type of its messages
 * @param key the key by which an instance is chosen, {@code null} if it has none
 * @param each whether each instance of the bean takes all of them
 * @param replies whether it replies to requests
 */
record Receiver(HandlerMethod method, String queue, PayloadType payload, @Nullable MessageKey key, boolean each,
		boolean replies) {

	/**
	 * Reads the declaration.
	 * @param method the method
	 * @param annotation its annotation
	 * @param beanFactory resolves placeholders, and has the beans of expressions
	 * @return the receiver
	 * @throws InvalidHandlerException if the method cannot take messages so
	 */
	static Receiver of(HandlerMethod method, OnMessage annotation, ConfigurableListableBeanFactory beanFactory) {
		if (method.method().getParameterCount() != 1) {
			throw method.invalid("it has %d parameters".formatted(method.method().getParameterCount()),
					"Declare one parameter, the message.");
		}
		boolean each = annotation.instances() == Instances.EACH;
		if (each && !annotation.key().isEmpty()) {
			throw method.invalid("it has a key, and each instance is to take every message",
					"Leave out 'key' or 'instances'.");
		}
		if (each && annotation.replies()) {
			throw method.invalid("it is to reply to requests, and each instance is to take every message",
					"Leave out 'replies' or 'instances', as a request has one reply.");
		}
		return new Receiver(method, queue(method, annotation.queue(), beanFactory), PayloadType.of(method),
				annotation.key().isEmpty() ? null : MessageKey.parse(method, annotation.key(), beanFactory), each,
				annotation.replies());
	}

	private static String queue(HandlerMethod method, String queue, ConfigurableListableBeanFactory beanFactory) {
		try {
			String name = beanFactory.resolveEmbeddedValue(queue);
			return StringUtils.hasText(name) ? name.trim() : "";
		}
		catch (IllegalArgumentException ex) {
			throw method.invalid("its 'queue' is '%s', which cannot be resolved".formatted(queue),
					"Set the property, or give the placeholder a default.", ex);
		}
	}

	Placement place() {
		return this.method.place();
	}

}
