package dev.mainloop.handler;

import java.util.List;

import dev.mainloop.MessageHandler;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.OrderUtils;

/**
 * A method that takes messages of one type.
 */
final class MessageListener implements MessageHandler<Object>, Ordered {

	private final Receiver receiver;

	private final @Nullable MessageExpression condition;

	private final int order;

	private final HandlerCall<Object> call;

	private final HandlerCall<Object> measuredCall;

	/**
	 * Creates a listener.
	 * @param receiver what is declared of the method
	 * @param condition which messages it takes, {@code null} for all
	 */
	MessageListener(Receiver receiver, @Nullable MessageExpression condition) {
		this.receiver = receiver;
		this.condition = condition;
		this.order = order(receiver.method());
		this.call = receiver.method().unmeasuredCall(List.of(new Payload()));
		this.measuredCall = receiver.method().measured(this.call);
	}

	private static int order(HandlerMethod method) {
		Integer order = OrderUtils.getOrder(method.method());
		return (order != null) ? order : OrderUtils.getOrder(method.beanType(), Ordered.LOWEST_PRECEDENCE);
	}

	@Override
	public int getOrder() {
		return this.order;
	}

	Receiver receiver() {
		return this.receiver;
	}

	String queue() {
		return this.receiver.queue();
	}

	PayloadType payload() {
		return this.receiver.payload();
	}

	@Override
	public void handle(Object message) throws Exception {
		if (takes(message)) {
			this.call.invoke(message);
		}
	}

	@Override
	public void handleMeasured(Object message) throws Exception {
		if (takes(message)) {
			this.measuredCall.invoke(message);
		}
	}

	private boolean takes(Object message) {
		return this.condition == null || Boolean.TRUE.equals(this.condition.value(message, Boolean.class));
	}

	@Override
	public String toString() {
		return this.receiver.method().toString();
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
