package dev.mainloop.autoconfigure;

import java.io.PrintStream;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.kernel.ProcessFiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Restarts an application in a class loader of its own each time, as Spring Boot's
 * developer tools do, for {@link RestartTests}.
 */
public final class RestartProgram {

	private static final int RESTARTS = 3;

	private RestartProgram() {
	}

	/**
	 * Fails if something is left of a restarted application. Of the first start, Spring
	 * Boot keeps the class loader in its logging system.
	 * @param args ignored
	 * @throws Exception if the application fails
	 */
	public static void main(String[] args) throws Exception {
		startAndEnd();
		List<String> open = ProcessFiles.anonymous();
		List<Reference<ClassLoader>> loaders = new ArrayList<>();
		for (int i = 0; i < RESTARTS; i++) {
			loaders.add(startAndEnd());
		}
		assertThat(ProcessFiles.anonymous()).isEqualTo(open);
		await().untilAsserted(() -> {
			System.gc();
			assertThat(loaders).allSatisfy((loader) -> assertThat(loader.refersTo(null)).isTrue());
		});
		PrintStream out = System.out;
		out.println("nothing is left");
	}

	private static Reference<ClassLoader> startAndEnd() throws Exception {
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		try (ApplicationLoader loader = new ApplicationLoader()) {
			thread.setContextClassLoader(loader);
			Class<?> application = loader.loadClass(RestartedApplication.class.getName());
			assertThat(application).isNotSameAs(RestartedApplication.class);
			application.getMethod("startAndEnd").invoke(null);
			return new WeakReference<>(loader);
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	/** Loads the classes of the application itself, and all others from its parent. */
	private static final class ApplicationLoader extends URLClassLoader {

		ApplicationLoader() {
			super(new URL[] { RestartedApplication.class.getProtectionDomain().getCodeSource().getLocation() },
					RestartProgram.class.getClassLoader());
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (!name.startsWith(RestartedApplication.class.getName())) {
				return super.loadClass(name, resolve);
			}
			synchronized (getClassLoadingLock(name)) {
				Class<?> loaded = findLoadedClass(name);
				return (loaded != null) ? loaded : findClass(name);
			}
		}

	}

}
