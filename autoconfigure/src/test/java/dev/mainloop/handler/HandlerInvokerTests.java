package dev.mainloop.handler;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.core.OverridingClassLoader;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class HandlerInvokerTests {

	private static final ArgumentResolver<String> TEXT = ArgumentResolver.ofType(String.class, (event) -> event);

	private static final ArgumentResolver<String> LENGTH = ArgumentResolver.ofType(Integer.class, String::length);

	@Test
	void eachArgumentShouldBeTakenFromTheEvent() throws Throwable {
		assertThat(invoke("none", List.of())).isEqualTo("none");
		assertThat(invoke("length", List.of(LENGTH))).isEqualTo(5);
		assertThat(invoke("both", List.of(LENGTH, TEXT))).isEqualTo("5 event");
	}

	@Test
	void methodThatReturnsNothingShouldReturnNull() throws Throwable {
		assertThat(invoke("nothing", List.of(TEXT))).isNull();
	}

	@Test
	void methodMayBeStaticOrOfAnInterface() throws Throwable {
		assertThat(invoke("constant", List.of(LENGTH))).isEqualTo("constant 5");
		assertThat(HandlerInvoker.of(method(Greeter.class, "greet"), List.of(TEXT)).invoke(new Bean(), "event"))
			.isEqualTo("hello event");
	}

	@Test
	void beanMayBeOfAClassLoaderThatDoesNotKnowOfMainloop() throws Throwable {
		Class<?> type = new StrangersLoader().loadClass(Stranger.class.getName());
		assertThat(type).isNotSameAs(Stranger.class);
		var constructor = ReflectionUtils.accessibleConstructor(type);
		assertThat(HandlerInvoker.of(method(type, "say"), List.of(TEXT)).invoke(constructor.newInstance(), "event"))
			.isEqualTo("stranger event");
	}

	@Test
	void errorShouldComeAsItWasThrownAndShowTheMethodAndItsCaller() {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> invoke("fail", List.of()))
			.satisfies((ex) -> assertThat(Arrays.stream(ex.getStackTrace()).limit(2))
				.extracting((frame) -> frame.getClassName() + "." + frame.getMethodName())
				.containsExactly(Bean.class.getName() + ".fail", getClass().getName() + ".invoke"));
	}

	@Test
	void invokersThatAreNotUsedShouldBeUnloaded() {
		List<Reference<Class<?>>> classes = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			classes.add(new WeakReference<>(invoker("both", List.of(LENGTH, TEXT)).getClass()));
		}
		assertThat(invoker("both", List.of(LENGTH, TEXT)).getClass().getName())
			.startsWith(ConstantInvoker.class.getName() + "/");
		await().untilAsserted(() -> {
			System.gc();
			assertThat(classes).allSatisfy((type) -> assertThat(type.refersTo(null)).isTrue());
		});
	}

	@Test
	void withoutClassFilesTheMethodShouldBeCalledAllTheSame() throws Exception {
		Object called = ReflectionUtils
			.accessibleConstructor(new NoClassFiles().loadClass(WithoutClassFiles.class.getName()))
			.newInstance();
		assertThat(((Callable<?>) called).call()).isEqualTo("5 event");
	}

	private static @Nullable Object invoke(String name, List<ArgumentResolver<String>> arguments) throws Throwable {
		return invoker(name, arguments).invoke(new Bean(), "event");
	}

	private static HandlerInvoker invoker(String name, List<ArgumentResolver<String>> arguments) {
		return HandlerInvoker.of(method(Bean.class, name), arguments);
	}

	private static Method method(Class<?> type, String name) {
		return Arrays.stream(type.getDeclaredMethods())
			.filter((method) -> method.getName().equals(name))
			.findFirst()
			.orElseThrow();
	}

	interface Greeter {

		default String greet(CharSequence name) {
			return "hello " + name;
		}

	}

	static class Bean implements Greeter {

		static String constant(int length) {
			return "constant " + length;
		}

		String none() {
			return "none";
		}

		int length(int length) {
			return length;
		}

		String both(Integer length, String text) {
			return length + " " + text;
		}

		void nothing(String text) {
		}

		void fail() throws IOException {
			throw new IOException("expected");
		}

	}

	static class Stranger {

		String say(String text) {
			return "stranger " + text;
		}

	}

	/** Loads test classes, and what they need from the JDK. */
	private static final class StrangersLoader extends ClassLoader {

		StrangersLoader() {
			super(ClassLoader.getPlatformClassLoader());
		}

		@Override
		protected Class<?> findClass(String name) throws ClassNotFoundException {
			try (InputStream file = HandlerInvokerTests.class
				.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
				byte[] bytes = Objects.requireNonNull(file).readAllBytes();
				return defineClass(name, bytes, 0, bytes.length);
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

	/** Runs in a {@link NoClassFiles}. */
	static class WithoutClassFiles implements Callable<Object> {

		@Override
		public @Nullable Object call() throws Exception {
			HandlerInvoker invoker = invoker("both", List.of(LENGTH, TEXT));
			assertThat(invoker.getClass().getName()).contains("Lambda");
			try {
				return invoker.invoke(new Bean(), "event");
			}
			catch (Throwable ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	/** Loads the classes of this package anew, and has none of their files. */
	private static final class NoClassFiles extends OverridingClassLoader {

		NoClassFiles() {
			super(HandlerInvokerTests.class.getClassLoader());
		}

		@Override
		protected boolean isEligibleForOverriding(String className) {
			return className.startsWith("dev.mainloop.handler.");
		}

		@Override
		public @Nullable InputStream getResourceAsStream(String name) {
			return null;
		}

	}

}
