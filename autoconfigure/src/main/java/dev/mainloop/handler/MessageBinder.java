package dev.mainloop.handler;

import dev.mainloop.annotation.OnMessage;

/**
 * Binds {@link OnMessage} methods to the queues of their payload's type.
 */
final class MessageBinder implements EventBinder<OnMessage> {

	private final EventQueues queues;

	MessageBinder(EventQueues queues) {
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
		this.queues.add(new MessageListener(method));
		return (loop, opened) -> {
		};
	}

}
