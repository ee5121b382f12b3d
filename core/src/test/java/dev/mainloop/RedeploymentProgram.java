package dev.mainloop;

import java.io.PrintWriter;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

import dev.mainloop.fd.Signal;

/**
 * Runs an application in class loaders of its own, one after the other, as a servlet
 * container does that deploys it again and again. The container has jffi.
 */
public final class RedeploymentProgram {

	private static final int DEPLOYMENTS = 5;

	private RedeploymentProgram() {
	}

	/**
	 * Prints when neither a class loader nor a thread is left. The class loader of the
	 * first may stay, as it is there when jffi is loaded.
	 * @param args the class of the application, a {@link Runnable}
	 * @throws Exception if the application fails
	 */
	public static void main(String[] args) throws Exception {
		ClassLoader container = loader((entry) -> entry.contains("jffi"), ClassLoader.getPlatformClassLoader());
		List<Reference<ClassLoader>> loaders = new ArrayList<>();
		deploy(args[0], container);
		while (threads().stream().anyMatch((thread) -> thread.getContextClassLoader() instanceof URLClassLoader)) {
			Thread.onSpinWait();
		}
		Set<Thread> threads = threads();
		for (int i = 0; i < DEPLOYMENTS; i++) {
			loaders.add(deploy(args[0], container));
		}
		while (!threads.containsAll(threads()) || loaders.stream().anyMatch((loader) -> !loader.refersTo(null))) {
			System.gc();
		}
		new PrintWriter(System.out, true).println("nothing is left");
	}

	private static Set<Thread> threads() {
		return new HashSet<>(Thread.getAllStackTraces().keySet());
	}

	private static Reference<ClassLoader> deploy(String application, ClassLoader container) throws Exception {
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		try (URLClassLoader loader = loader((entry) -> !entry.contains("jffi"), container)) {
			thread.setContextClassLoader(loader);
			((Runnable) loader.loadClass(application).getConstructor().newInstance()).run();
			return new WeakReference<>(loader);
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	private static URLClassLoader loader(Predicate<String> included, ClassLoader parent) throws Exception {
		List<URL> path = new ArrayList<>();
		for (String entry : Arrays.stream(System.getProperty("java.class.path").split(":")).filter(included).toList()) {
			path.add(Path.of(entry).toUri().toURL());
		}
		return new URLClassLoader(path.toArray(URL[]::new), parent);
	}

	/**
	 * Runs a loop until it has had an event of each kind, and closes it as it runs, for
	 * {@link SignalLoadersTests}.
	 */
	public static final class Deployed implements Runnable {

		@Override
		public void run() {
			CountDownLatch events = new CountDownLatch(3);
			MainLoop loop = MainLoop.builder().build();
			loop.onSignal("signal", Signal.of("WINCH"), (info) -> events.countDown());
			loop.after("timer", Duration.ZERO, (timer) -> events.countDown());
			loop.execute(events::countDown);
			new MainLoopThread(loop).start();
			JvmSignalHandler.raise(Signal.of("WINCH"));
			try {
				LoopRunner.await(events);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			if (!loop.close(Duration.ofSeconds(LoopRunner.TIMEOUT_SECONDS))) {
				throw new IllegalStateException("The loop has not been closed");
			}
		}

	}

}
