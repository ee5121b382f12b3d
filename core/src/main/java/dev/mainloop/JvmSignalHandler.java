package dev.mainloop;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.function.BiConsumer;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.mainloop.fd.Signal;
import org.jspecify.annotations.Nullable;

/**
 * Has the JVM relay one signal: a {@code sun.misc.SignalHandler}, which every JDK has in
 * its module {@code jdk.unsupported} and no compiler lets pass without a warning.
 * <p>
 * The JVM has one handler for each signal. Where several class loaders have this class,
 * as those of several web applications do, each signal goes on from the latest relay to
 * those before it, and each takes itself out of their middle. They know each other by
 * types of the JDK alone: a relay is also a {@code BiConsumer}, which takes the handler
 * that it is to forget and the one that comes in its place. The lock of
 * {@code sun.misc.Signal}, which all of them share, guards their order.
 */
final class JvmSignalHandler implements InvocationHandler {

	private static final Set<String> UNSERVED = Set.of("-Xrs", "-XX:+ReduceSignalUsage");

	private static final String NAME = "relay to the main loop";

	private final Object relay;

	/** What the JVM did before, in a call that needs no memory. */
	private final Object[] before;

	/** Has the JVM wait until it is known what it is to do. */
	private final Object[] pause;

	private volatile @Nullable Runnable action;

	private JvmSignalHandler(Signal signal, Runnable action) {
		this.action = action;
		this.relay = proxy(Api.HANDLER, BiConsumer.class);
		this.before = new Object[] { Api.signal(signal), this.relay };
		this.pause = new Object[] { this.before[0], proxy(Api.HANDLER) };
	}

	private Object proxy(Class<?>... types) {
		return Proxy.newProxyInstance(Api.HANDLER.getClassLoader(), types, this);
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
	 * Has the JVM run an action for a signal, each time on a thread of its own, instead
	 * of what it did before.
	 * @param signal the signal
	 * @param action the action
	 * @return what restores what it did before
	 * @throws IllegalArgumentException if the JVM does not hand the signal out
	 */
	static JvmSignalHandler replace(Signal signal, Runnable action) {
		JvmSignalHandler handler = new JvmSignalHandler(signal, action);
		synchronized (Api.LOCK) {
			handler.before[1] = Api.handle(handler.before);
		}
		return handler;
	}

	/**
	 * Has the JVM do what it does when a signal comes.
	 * @param signal the signal
	 */
	static void raise(Signal signal) {
		Api.raise(Api.signal(signal));
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object[] arguments) {
		switch (method.getName()) {
			case "handle" -> {
				if (proxy == this.relay) {
					received();
				}
				else {
					raiseAgain();
				}
			}
			case "accept" -> forget(arguments[0], arguments[1]);
			case "equals" -> {
				return proxy == arguments[0];
			}
			case "hashCode" -> {
				return System.identityHashCode(proxy);
			}
			case "toString" -> {
				return NAME;
			}
			default -> throw new UnsupportedOperationException(method.toString());
		}
		return null;
	}

	/** Relays the signal, and hands it on to the relays of other class loaders. */
	private void received() {
		Runnable relaying = this.action;
		if (relaying != null) {
			relaying.run();
		}
		Object next;
		synchronized (Api.LOCK) {
			next = this.before[1];
		}
		if (relaying == null || isOfOtherLoader(next)) {
			Api.call(next, this.before[0]);
		}
	}

	private void raiseAgain() {
		synchronized (Api.LOCK) {
			Api.raise(this.before[0]);
		}
	}

	private void forget(Object handler, Object instead) {
		synchronized (Api.LOCK) {
			if (this.before[1] == handler) {
				this.before[1] = instead;
			}
			else if (isRelay(this.before[1])) {
				forgetBy(this.before[1], handler, instead);
			}
		}
	}

	@SuppressWarnings("unchecked")
	private static void forgetBy(Object relay, Object handler, Object instead) {
		((BiConsumer<Object, Object>) relay).accept(handler, instead);
	}

	private static boolean isRelay(Object handler) {
		return handler instanceof BiConsumer && handler.toString().equals(NAME);
	}

	private static boolean isOfOtherLoader(Object handler) {
		return isRelay(handler) && !(Proxy.getInvocationHandler(handler) instanceof JvmSignalHandler);
	}

	/** Has the JVM do again what it did before, or what it was told to do since. */
	void restore() {
		synchronized (Api.LOCK) {
			Object latest = Api.handle(this.pause);
			if (latest == this.relay) {
				Api.handle(this.before);
			}
			else {
				Api.handle(new Object[] { this.before[0], latest });
				if (isRelay(latest)) {
					forgetBy(latest, this.relay, this.before[1]);
				}
			}
			this.action = null;
		}
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

		static final Object LOCK;

		private static final Method HANDLE;

		private static final Method RAISE;

		private static final Method CALL;

		static {
			try {
				Class<?> type = Class.forName("sun.misc.Signal");
				HANDLER = Class.forName("sun.misc.SignalHandler");
				LOCK = type;
				SIGNAL = type.getConstructor(String.class);
				HANDLE = type.getMethod("handle", type, HANDLER);
				RAISE = type.getMethod("raise", type);
				CALL = HANDLER.getMethod("handle", type);
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
			return invoke(HANDLE, null, signalAndHandler);
		}

		static void raise(Object signal) {
			invoke(RAISE, null, signal);
		}

		static void call(Object handler, Object signal) {
			invoke(CALL, handler, signal);
		}

		private static Object invoke(Method method, @Nullable Object target, Object... arguments) {
			try {
				return method.invoke(target, arguments);
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
