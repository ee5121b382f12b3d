package dev.mainloop;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.mainloop.fd.Signal;

/**
 * A program of its own for {@link SignalLoadersTests}, with loops of several class
 * loaders, as several web applications have them, and a handler that was there before.
 */
public final class SignalLoadersProgram {

	private static final Signal USR1 = Signal.of("USR1");

	private static final BlockingQueue<String> received = new LinkedBlockingQueue<>();

	private SignalLoadersProgram() {
	}

	/**
	 * Prints who gets a signal while loops are closed.
	 * @param args the order in which to close the loops, by their numbers
	 * @throws Exception if it fails
	 */
	public static void main(String[] args) throws Exception {
		PrintWriter out = new PrintWriter(System.out, true);
		handleFirst();
		List<AutoCloseable> loops = new ArrayList<>();
		for (int i = 0; i < args.length; i++) {
			loops.add(openApart(String.valueOf(i)));
		}
		out.println(whoReceives(args.length));
		for (int i = 0; i < args.length; i++) {
			loops.get(Integer.parseInt(args[i])).close();
			out.println(whoReceives(Math.max(1, args.length - i - 1)));
		}
	}

	private static void handleFirst() throws Exception {
		Class<?> signal = Class.forName("sun.misc.Signal");
		Class<?> handler = Class.forName("sun.misc.SignalHandler");
		InvocationHandler first = (proxy, method, arguments) -> {
			received.add("first");
			return null;
		};
		signal.getMethod("handle", signal, handler)
			.invoke(null, signal.getConstructor(String.class).newInstance(USR1.bareName()),
					Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] { handler }, first));
	}

	private static AutoCloseable openApart(String name) throws Exception {
		List<URL> path = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(":")) {
			path.add(Path.of(entry).toUri().toURL());
		}
		ClassLoader loader = new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
		Consumer<String> action = received::add;
		return (AutoCloseable) loader.loadClass(Opened.class.getName())
			.getConstructor(String.class, Consumer.class)
			.newInstance(name, action);
	}

	private static String whoReceives(int count) throws Exception {
		JvmSignalHandler.raise(USR1);
		String[] names = new String[count];
		for (int i = 0; i < count; i++) {
			names[i] = received.poll(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS);
		}
		Arrays.sort(names);
		return String.join(" ", names);
	}

	/** A loop that runs, of the class loader that has this class. */
	public static final class Opened implements AutoCloseable {

		private final MainLoop loop = MainLoop.builder().build();

		private final LoopRunner runner = LoopRunner.start(this.loop);

		/**
		 * Opens the loop.
		 * @param name what it is to say when the signal comes
		 * @param received takes that
		 */
		public Opened(String name, Consumer<String> received) {
			this.loop.onSignal(name, Signal.of("USR1"), (info) -> received.accept(name));
		}

		@Override
		public void close() {
			this.runner.close();
			this.loop.close();
		}

	}

}
