package dev.mainloop.handler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * Calls one handler method with what its parameters want of an event.
 */
@FunctionalInterface
interface HandlerInvoker {

	/**
	 * Calls the method, on the loop's thread or, if it may block, on a worker.
	 * @param bean its bean
	 * @param event the event
	 * @return what it returns, {@code null} if that is nothing
	 * @throws Throwable what it throws
	 */
	@Nullable Object invoke(Object bean, Object event) throws Throwable;

	/**
	 * Makes an invoker of a method. It has a hidden class of its own, in which the method
	 * handle is a constant, as the JIT compiler does not look into others. Where class
	 * files cannot be read, as in a native image, it calls the handle as it is.
	 * @param <E> the type of the events
	 * @param method the method
	 * @param arguments its arguments
	 * @return the invoker
	 */
	static <E> HandlerInvoker of(Method method, List<ArgumentResolver<E>> arguments) {
		ReflectionUtils.makeAccessible(method);
		try (InputStream template = ConstantInvoker.class.getResourceAsStream("ConstantInvoker.class")) {
			MethodHandle handle = handle(method, arguments);
			if (template == null) {
				return (bean, event) -> (Object) handle.invokeExact(bean, event);
			}
			Lookup hidden = MethodHandles.lookup()
				.defineHiddenClassWithClassData(template.readAllBytes(), handle, true);
			return (HandlerInvoker) hidden.lookupClass().getDeclaredConstructor().newInstance();
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("Cannot call " + method, ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Makes a handle that takes the bean and the event. */
	private static <E> MethodHandle handle(Method method, List<ArgumentResolver<E>> arguments)
			throws ReflectiveOperationException {
		Lookup lookup = MethodHandles.lookup();
		MethodHandle handle = lookup.unreflect(method);
		if (Modifier.isStatic(method.getModifiers())) {
			handle = MethodHandles.dropArguments(handle, 0, Object.class);
		}
		handle = handle.asType(MethodType.genericMethodType(1 + arguments.size()));
		MethodHandle resolve = lookup.findVirtual(ArgumentResolver.class, "resolve", MethodType.genericMethodType(1));
		int[] order = new int[1 + arguments.size()];
		for (int i = 1; i < order.length; i++) {
			handle = MethodHandles.filterArguments(handle, i, resolve.bindTo(arguments.get(i - 1)));
			order[i] = 1;
		}
		return MethodHandles.permuteArguments(handle, MethodType.genericMethodType(2), order);
	}

}
