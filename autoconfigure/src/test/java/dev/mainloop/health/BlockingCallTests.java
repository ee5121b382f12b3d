package dev.mainloop.health;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class BlockingCallTests {

	private static final String[] ASKED = { "dev.mainloop.health.BlockingCallGuard.check",
			"reactor.blockhound.BlockHoundRuntime.checkBlocking" };

	private static final String[] PARKED = { "java.base/jdk.internal.misc.Unsafe.park",
			"java.base/java.util.concurrent.locks.LockSupport.park",
			"java.base/java.util.concurrent.locks.ReentrantLock.lock" };

	@Test
	void callShouldBeTheOneThatTheHandlerMakes() {
		assertThat(call(PARKED, "com.acme.Orders.place")).isEqualTo("java.util.concurrent.locks.ReentrantLock.lock");
		assertThat(call(PARKED, "com.acme.Driver.query", "java.base/java.util.List.forEach", "com.acme.Orders.place"))
			.isEqualTo("java.util.concurrent.locks.ReentrantLock.lock");
	}

	@Test
	void handlerMayBeTheCallItself() {
		assertThat(call(PARKED)).isEqualTo("java.util.concurrent.locks.ReentrantLock.lock");
	}

	@Test
	void taskShouldBeHandedOver() {
		assertThat(call(PARKED, "java.base/java.util.concurrent.LinkedBlockingQueue.offer",
				"java.base/java.util.concurrent.ThreadPoolExecutor.execute", "com.acme.Orders.place"))
			.isNull();
	}

	@Test
	void taskThatAnExecutorHasTheHandlerRunShouldNotBlock() {
		assertThat(call(PARKED, "com.acme.Task.run",
				"java.base/java.util.concurrent.ThreadPoolExecutor$CallerRunsPolicy.rejectedExecution",
				"java.base/java.util.concurrent.ThreadPoolExecutor.execute", "com.acme.Orders.place"))
			.isEqualTo("java.util.concurrent.locks.ReentrantLock.lock");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ch.qos.logback.core.OutputStreamAppender.writeBytes",
			"org.apache.logging.log4j.core.Logger.log", "java.logging/java.util.logging.StreamHandler.publish",
			"java.base/java.io.PrintStream.println", "org.slf4j.simple.SimpleLogger.log", "com.acme.Settings.<clinit>",
			"org.springframework.context.support.AbstractApplicationContext.close", "dev.mainloop.MainLoop.close",
			"dev.mainloop.file.WorkerEngine.submit", "java.base/java.lang.Runtime.exit" })
	void callsOfTheseShouldBeAllowed(String caller) {
		assertThat(call(PARKED, caller, "com.acme.Orders.place")).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "java.lang.Thread.onSpinWait", "java.lang.Thread.yield", "java.lang.Thread.yield0" })
	void spinningShouldBeAllowed(String method) {
		assertThat(call(new String[] { "java.base/" + method }, "com.acme.Orders.place")).isNull();
	}

	/** As the applications of this project are. */
	@Test
	void packagesBesideTheLibraryShouldNotBeItsOwn() {
		assertThat(call(PARKED, "dev.mainloop.pulse.Orders.place")).isNotNull();
	}

	@Test
	void stackWithoutAQuestionShouldHaveNoCall() {
		assertThat(BlockingCall.in(List.of(frame("com.acme.Orders.place")))).isNull();
		assertThat(BlockingCall.in(List.of())).isNull();
	}

	private static String call(String[] called, String... callers) {
		List<StackTraceElement> stack = new ArrayList<>();
		Stream.of(ASKED, called, callers).flatMap(Stream::of).map(BlockingCallTests::frame).forEach(stack::add);
		return BlockingCall.in(stack);
	}

	/** Makes a frame of {@code module/class.method}. */
	private static StackTraceElement frame(String text) {
		int slash = text.indexOf('/');
		int dot = text.lastIndexOf('.');
		return new StackTraceElement(null, (slash > 0) ? text.substring(0, slash) : null, null,
				text.substring(slash + 1, dot), text.substring(dot + 1), null, -1);
	}

}
