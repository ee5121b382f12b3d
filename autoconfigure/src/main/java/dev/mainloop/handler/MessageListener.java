package dev.mainloop.handler;

import java.util.Arrays;
import java.util.List;

import dev.mainloop.MessageHandler;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.OrderUtils;
import org.springframework.util.ClassUtils;

/**
 * A method that takes messages of one type.
 */
final class MessageListener implements MessageHandler<Object>, Ordered {

	private final HandlerMethod method;

	private final String queue;

	private final @Nullable MessageCondition condition;

	private final ResolvableType payloadType;

	private final int order;

	private final HandlerCall<Object> call;

	/**
	 * Creates a listener.
	 * @param method the method, which has one parameter
	 * @param queue the name of the queue that it listens to, empty for those without
	 * @param condition which messages it takes, {@code null} for all
	 */
	MessageListener(HandlerMethod method, String queue, @Nullable MessageCondition condition) {
		this.method = method;
		this.queue = queue;
		this.condition = condition;
		this.payloadType = ResolvableType.forMethodParameter(method.method(), 0, method.beanType());
		this.order = order(method);
		this.call = method.call(List.of(new Payload()));
	}

	private static int order(HandlerMethod method) {
		Integer order = OrderUtils.getOrder(method.method());
		return (order != null) ? order : OrderUtils.getOrder(method.beanType(), Ordered.LOWEST_PRECEDENCE);
	}

	@Override
	public int getOrder() {
		return this.order;
	}

	String queue() {
		return this.queue;
	}

	/** Names the type of the messages. */
	String payloadType() {
		return this.payloadType.toString();
	}

	/**
	 * Tells whether it takes a message.
	 * @param sentType the type that the message is sent as
	 * @param messageType the class of the message
	 * @return {@code true} if it does
	 */
	boolean accepts(ResolvableType sentType, Class<?> messageType) {
		return acceptsAll(sentType) || accepts(messageType);
	}

	/**
	 * Tells whether it takes all messages of a type.
	 * @param sentType the type that the messages are sent as
	 * @return {@code true} if it does
	 */
	boolean acceptsAll(ResolvableType sentType) {
		return this.payloadType.isAssignableFrom(sentType);
	}

	/**
	 * Tells whether it takes some messages of a type.
	 * @param sentType the type that the messages are sent as
	 * @return {@code true} if it takes all or those of a subtype
	 */
	boolean mayAccept(ResolvableType sentType) {
		return acceptsAll(sentType) || sentType.isAssignableFrom(this.payloadType);
	}

	private boolean accepts(Class<?> messageType) {
		Class<?> payloadClass = ClassUtils.resolvePrimitiveIfNecessary(this.payloadType.toClass());
		if (!payloadClass.isAssignableFrom(messageType) || isOfAnyGenerics()) {
			return payloadClass.isAssignableFrom(messageType);
		}
		ResolvableType type = ResolvableType.forClass(messageType);
		return !type.as(payloadClass).hasUnresolvableGenerics() && this.payloadType.isAssignableFrom(type);
	}

	private boolean isOfAnyGenerics() {
		return Arrays.stream(this.payloadType.getGenerics()).allMatch((generic) -> generic.resolve() == null);
	}

	@Override
	public void handle(Object message) throws Exception {
		if (this.condition == null || this.condition.isMetBy(message)) {
			this.call.invoke(message);
		}
	}

	@Override
	public String toString() {
		return this.method.toString();
	}

	private static final class Payload implements ArgumentResolver<Object> {

		@Override
		public boolean supports(MethodParameter parameter) {
			return true;
		}

		@Override
		public Object resolve(Object event) {
			return event;
		}

	}

}
