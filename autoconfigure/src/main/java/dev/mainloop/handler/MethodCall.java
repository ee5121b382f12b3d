package dev.mainloop.handler;

import org.jspecify.annotations.Nullable;

/**
 * Calls a handler method with an event, and hands over what it returns.
 *
 * @param <E> the type of the events
 */
final class MethodCall<E> implements HandlerCall<E> {

	private final BeanReference bean;

	private final HandlerInvoker invoker;

	private final @Nullable Results results;

	/**
	 * Creates the calls of a method.
	 * @param bean its bean
	 * @param invoker calls it
	 * @param results take what it returns, {@code null} if that is of no use to anyone
	 */
	MethodCall(BeanReference bean, HandlerInvoker invoker, @Nullable Results results) {
		this.bean = bean;
		this.invoker = invoker;
		this.results = results;
	}

	@Override
	public void invoke(E event) throws Exception {
		if (this.results == null) {
			call(this.invoker, this.bean.get(), event);
		}
		else {
			invoke(event, this.results.next());
		}
	}

	private void invoke(E event, Result result) throws Exception {
		Object returned;
		try {
			returned = call(this.invoker, this.bean.get(), event);
		}
		catch (Exception | Error ex) {
			result.failed(event, ex);
			throw ex;
		}
		result.returned(event, returned);
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
