package dev.mainloop.handler;

import org.jspecify.annotations.Nullable;

/**
 * Calls a handler method with an event, and sends on what it returns.
 *
 * @param <E> the type of the events
 */
final class MethodCall<E> implements HandlerCall<E> {

	private final BeanReference bean;

	private final HandlerInvoker invoker;

	private final @Nullable ReturnedMessages returnedMessages;

	MethodCall(BeanReference bean, HandlerInvoker invoker, @Nullable ReturnedMessages returnedMessages) {
		this.bean = bean;
		this.invoker = invoker;
		this.returnedMessages = returnedMessages;
	}

	@Override
	public void invoke(E event) throws Exception {
		Object returned = call(this.invoker, this.bean.get(), event);
		if (returned != null && this.returnedMessages != null) {
			this.returnedMessages.send(returned);
		}
	}

	static @Nullable Object call(HandlerInvoker invoker, Object bean, Object event) throws Exception {
		try {
			return invoker.invoke(bean, event);
		}
		catch (Exception | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

}
