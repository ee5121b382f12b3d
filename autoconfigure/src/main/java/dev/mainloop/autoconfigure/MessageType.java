package dev.mainloop.autoconfigure;

import dev.mainloop.EventQueue;

import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.core.ResolvableType;

/**
 * The type of the messages that an injection point for an {@link EventQueue} asks for.
 */
final class MessageType {

	private MessageType() {
	}

	static ResolvableType of(DependencyDescriptor injectionPoint) {
		ResolvableType type = injectionPoint.getResolvableType().as(EventQueue.class).getGeneric();
		if (type.resolve() == null || type.hasUnresolvableGenerics()) {
			throw new IllegalStateException(injectionPoint
					+ " asks for an EventQueue without the type of its messages: declare it as in EventQueue<Invoice>");
		}
		return type;
	}

}
