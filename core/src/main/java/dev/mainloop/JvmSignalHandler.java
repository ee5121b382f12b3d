package dev.mainloop;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.mainloop.fd.Signal;
import org.jspecify.annotations.Nullable;

/**
 * What the JVM does with one signal: {@code sun.misc.SignalHandler}, which every JDK has
 * in its module {@code jdk.unsupported} and no compiler lets pass without a warning.
 */
final class JvmSignalHandler {

	private static final Set<String> UNSERVED = Set.of("-Xrs", "-XX:+ReduceSignalUsage");

	/** Made beforehand, so that to restore it needs no memory. */
	private final Object[] arguments;

	private JvmSignalHandler(Object[] arguments) {
		this.arguments = arguments;
	}

	/**
	 * Tells whether the JVM runs the handlers that it takes: with {@code -Xrs} it has no
	 * thread for them, and a signal is lost.
	 * @return {@code true} if it does
	 */
	static boolean isServed() {
		Boolean reduced = reducesSignalUsage();
		return (reduced != null) ? !reduced
				: ManagementFactory.getRuntimeMXBean().getInputArguments().stream().noneMatch(UNSERVED::contains);
	}

	/** Asks the JVM, which answers {@code null} if it knows of no such option. */
	private static @Nullable Boolean reducesSignalUsage() {
		try {
			return HotSpot.reducesSignalUsage();
		}
		catch (IllegalArgumentException | LinkageError ex) {
			return null;
		}
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
		Object[] arguments = { Api.signal(signal), handler };
		JvmSignalHandler before = new JvmSignalHandler(arguments.clone());
		before.arguments[1] = Api.handle(arguments);
		return before;
	}

	/**
	 * Has the JVM do what it does when a signal comes.
	 * @param signal the signal
	 */
	static void raise(Signal signal) {
		Api.raise(signal);
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
		Api.handle(this.arguments);
	}

	/** Its use fails where the runtime lacks the module {@code jdk.management}. */
	private static final class HotSpot {

		static @Nullable Boolean reducesSignalUsage() {
			HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
			return (hotSpot != null) ? Boolean.valueOf(hotSpot.getVMOption("ReduceSignalUsage").getValue()) : null;
		}

	}

	private static final class Api {

		static final Class<?> HANDLER;

		private static final Constructor<?> SIGNAL;

		private static final Method HANDLE;

		private static final Method RAISE;

		static {
			try {
				Class<?> type = Class.forName("sun.misc.Signal");
				HANDLER = Class.forName("sun.misc.SignalHandler");
				SIGNAL = type.getConstructor(String.class);
				HANDLE = type.getMethod("handle", type, HANDLER);
				RAISE = type.getMethod("raise", type);
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException("The Java runtime lacks the module jdk.unsupported", ex);
			}
		}

		/** Throws an {@link IllegalArgumentException} if the JVM does not know it. */
		static Object signal(Signal signal) {
			try {
				return SIGNAL.newInstance(signal.bareName());
			}
			catch (InvocationTargetException ex) {
				throw refusal(ex);
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		}

		static Object handle(Object[] signalAndHandler) {
			return call(HANDLE, signalAndHandler);
		}

		static void raise(Signal signal) {
			call(RAISE, signal(signal));
		}

		private static Object call(Method method, Object... arguments) {
			try {
				return method.invoke(null, arguments);
			}
			catch (InvocationTargetException ex) {
				throw refusal(ex);
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private static RuntimeException refusal(InvocationTargetException ex) {
			return (ex.getCause() instanceof IllegalArgumentException refused) ? refused
					: new IllegalStateException("The JVM failed to handle a signal", ex.getCause());
		}

	}

}
