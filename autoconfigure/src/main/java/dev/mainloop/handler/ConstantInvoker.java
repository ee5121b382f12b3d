package dev.mainloop.handler;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What {@link HandlerInvoker#of} defines once more for each handler method, as a hidden
 * class whose class data is the method handle. It is not used itself.
 */
final class ConstantInvoker implements HandlerInvoker {

	private static final MethodHandle HANDLE = handle();

	private static MethodHandle handle() {
		try {
			return Objects.requireNonNull(MethodHandles.classData(MethodHandles.lookup(), "_", MethodHandle.class));
		}
		catch (IllegalAccessException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	@Override
	public @Nullable Object invoke(Object bean, Object event) throws Throwable {
		return (Object) HANDLE.invokeExact(bean, event);
	}

}
