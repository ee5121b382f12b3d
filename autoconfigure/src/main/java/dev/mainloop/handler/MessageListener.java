package dev.mainloop.handler;

import java.util.List;

import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.OrderUtils;

/**
 * A method that takes messages of one type.
 */
final class MessageListener implements Ordered {

	private final HandlerMethod method;

	private final ResolvableType payloadType;

	private final int order;

	private final HandlerCall<Object> call;

	MessageListener(HandlerMethod method) {
		this.method = method;
		this.payloadType = ResolvableType.forMethodParameter(method.method(), 0, method.beanType());
		this.order = OrderUtils.getOrder(method.beanType(), Ordered.LOWEST_PRECEDENCE);
		this.call = method.call(List.of(new Payload()));
	}

	@Override
	public int getOrder() {
		return this.order;
	}

	/**
	 * Tells whether it takes a message that is sent through a queue.
	 * @param queueType the type of the queue's messages
	 * @param messageType the type of the message
	 * @return {@code true} if it does
	 */
	boolean accepts(ResolvableType queueType, Class<?> messageType) {
		return this.payloadType.isAssignableFrom(queueType)
				|| (!this.payloadType.hasGenerics() && this.payloadType.isAssignableFrom(messageType));
	}

	/**
	 * Tells whether it takes messages that a queue may carry.
	 * @param queueType the type of the queue's messages
	 * @return {@code true} if it takes all or those of a subtype
	 */
	boolean mayAccept(ResolvableType queueType) {
		return this.payloadType.isAssignableFrom(queueType)
				|| (!this.payloadType.hasGenerics() && queueType.isAssignableFrom(this.payloadType));
	}

	void invoke(Object message) throws Exception {
		this.call.invoke(message);
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
