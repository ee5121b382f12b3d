package dev.mainloop.handler;

import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Calls a handler method with what its parameters want of an event, and sends on what it
 * returns. Used by the loop's thread alone, and so with one array for all calls.
 *
 * @param <E> the type of the events
 */
final class HandlerCall<E> {

	private final BeanReference bean;

	private final MethodHandle method;

	private final List<ArgumentResolver<E>> resolvers;

	private final Object[] arguments;

	private final @Nullable ReturnedMessages returnedMessages;

	HandlerCall(BeanReference bean, MethodHandle method, List<ArgumentResolver<E>> resolvers,
			@Nullable ReturnedMessages returnedMessages) {
		this.bean = bean;
		this.method = method;
		this.resolvers = resolvers;
		this.arguments = new Object[resolvers.size()];
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
		for (int i = 0; i < this.arguments.length; i++) {
			this.arguments[i] = this.resolvers.get(i).resolve(event);
		}
		try {
			return (Object) this.method.invokeExact(this.bean.get(), this.arguments);
		}
		catch (Exception | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			Arrays.fill(this.arguments, null);
		}
	}

}
