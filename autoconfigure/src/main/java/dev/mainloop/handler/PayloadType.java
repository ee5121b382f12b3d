package dev.mainloop.handler;

import java.util.Arrays;

import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * The type of the messages that a method takes.
 *
 * @param type the type of its parameter
 */
record PayloadType(ResolvableType type) {

	static PayloadType of(HandlerMethod method) {
		return new PayloadType(ResolvableType.forMethodParameter(method.method(), 0, method.beanType()));
	}

	/**
	 * Tells whether it is that of a message.
	 * @param sentType the type that the message is sent as
	 * @param messageType the class of the message
	 * @return {@code true} if it is
	 */
	boolean accepts(ResolvableType sentType, Class<?> messageType) {
		return acceptsAll(sentType) || accepts(messageType);
	}

	/**
	 * Tells whether it is that of all messages of a type.
	 * @param sentType the type that the messages are sent as
	 * @return {@code true} if it is
	 */
	boolean acceptsAll(ResolvableType sentType) {
		return this.type.isAssignableFrom(sentType);
	}

	/**
	 * Tells whether it is that of some messages of a type.
	 * @param sentType the type that the messages are sent as
	 * @return {@code true} if it is that of all or a subtype
	 */
	boolean mayAccept(ResolvableType sentType) {
		return acceptsAll(sentType) || sentType.isAssignableFrom(this.type);
	}

	private boolean accepts(Class<?> messageType) {
		Class<?> payloadClass = ClassUtils.resolvePrimitiveIfNecessary(this.type.toClass());
		if (!payloadClass.isAssignableFrom(messageType) || isOfAnyGenerics()) {
			return payloadClass.isAssignableFrom(messageType);
		}
		ResolvableType message = ResolvableType.forClass(messageType);
		return !message.as(payloadClass).hasUnresolvableGenerics() && this.type.isAssignableFrom(message);
	}

	private boolean isOfAnyGenerics() {
		return Arrays.stream(this.type.getGenerics()).allMatch((generic) -> generic.resolve() == null);
	}

	@Override
	public String toString() {
		return this.type.toString();
	}

}
