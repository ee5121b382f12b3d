package dev.mainloop.handler;

import org.jspecify.annotations.Nullable;

/**
 * Calls a handler method with an event, and sends on what it returns. Used by the loop's
 * thread alone.
 *
 * @param <E> the type of the events
 */
final class HandlerCall<E> {

	private final BeanReference bean;

	private final HandlerInvoker invoker;

	private final @Nullable ReturnedMessages returnedMessages;

	HandlerCall(BeanReference bean, HandlerInvoker invoker, @Nullable ReturnedMessages returnedMessages) {
		this.bean = bean;
		this.invoker = invoker;
		this.returnedMessages = returnedMessages;
	}

	/**
	 * Calls the method.
	 * @param event the event
	 * @throws Exception what the method throws, or that what it returned was refused
	 */
	void invoke(E event) throws Exception {
		Object returned = call(event);
		if (returned != null && this.returnedMessages != null) {
			this.returnedMessages.send(returned);
		}
	}

	private @Nullable Object call(E event) throws Exception {
		try {
			return this.invoker.invoke(this.bean.get(), event);
		}
		catch (Exception | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

}
