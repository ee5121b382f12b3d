package dev.mainloop;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;

import dev.mainloop.fd.Signal;
import org.jspecify.annotations.Nullable;

/**
 * What the JVM does with one signal: {@code sun.misc.SignalHandler}, which every JDK has
 * in its module {@code jdk.unsupported} and no compiler lets pass without a warning.
 */
final class JvmSignalHandler {

	private static final Set<String> UNSERVED = Set.of("-Xrs", "-XX:+ReduceSignalUsage");

	private final Signal signal;

	private final Object handler;

	private JvmSignalHandler(Signal signal, Object handler) {
		this.signal = signal;
		this.handler = handler;
	}

	/**
	 * Tells whether the JVM runs the handlers that it takes: with {@code -Xrs} it has no
	 * thread for them, and a signal is lost.
	 * @return {@code true} if it does
	 */
	static boolean isServed() {
		return ManagementFactory.getRuntimeMXBean().getInputArguments().stream().noneMatch(UNSERVED::contains);
	}

	/**
	 * Has the JVM run an action for a signal, each time on a thread of its own.
	 * @param signal the signal
	 * @param action the action
	 * @return what the JVM did before
	 * @throws IllegalArgumentException if the JVM does not hand the signal out
	 */
	static JvmSignalHandler replace(Signal signal, Runnable action) {
		Object handler = Proxy.newProxyInstance(Api.HANDLER.getClassLoader(), new Class<?>[] { Api.HANDLER },
				(proxy, method, arguments) -> invoke(proxy, method, arguments, action));
		return new JvmSignalHandler(signal, Api.handle(signal, handler));
	}

	private static @Nullable Object invoke(Object proxy, Method method, Object[] arguments, Runnable action) {
		switch (method.getName()) {
			case "handle" -> action.run();
			case "equals" -> {
				return proxy == arguments[0];
			}
			case "hashCode" -> {
				return System.identityHashCode(proxy);
			}
			case "toString" -> {
				return "relay to the main loop";
			}
			default -> throw new UnsupportedOperationException(method.toString());
		}
		return null;
	}

	/** Has the JVM do this again. */
	void restore() {
		Api.handle(this.signal, this.handler);
	}

	private static final class Api {

		static final Class<?> HANDLER;

		private static final Constructor<?> SIGNAL;

		private static final Method HANDLE;

		static {
			try {
				Class<?> type = Class.forName("sun.misc.Signal");
				HANDLER = Class.forName("sun.misc.SignalHandler");
				SIGNAL = type.getConstructor(String.class);
				HANDLE = type.getMethod("handle", type, HANDLER);
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException("The Java runtime lacks the module jdk.unsupported", ex);
			}
		}

		static Object handle(Signal signal, Object handler) {
			try {
				return HANDLE.invoke(null, SIGNAL.newInstance(signal.bareName()), handler);
			}
			catch (InvocationTargetException ex) {
				if (ex.getCause() instanceof IllegalArgumentException refused) {
					throw refused;
				}
				throw new IllegalStateException("The JVM failed to handle " + signal, ex.getCause());
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
