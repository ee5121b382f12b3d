package dev.mainloop.autoconfigure;

import java.nio.file.Path;
import java.util.List;

import dev.mainloop.annotation.OnClockSet;
import dev.mainloop.annotation.OnEventFd;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnReadable;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.annotation.OnWritable;
import dev.mainloop.kernel.NotifySocket;
import dev.mainloop.testing.AheadOfTime;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests applications that Spring has processed ahead of time.
 */
class AotTests {

	@Test
	@LinuxTest
	void processedApplicationShouldRun(@TempDir Path directory) throws Exception {
		AheadOfTime processed = AheadOfTime.process(AotProgram.class, directory);
		assertThat(processed.metadata()).contains(AotProgram.class.getName() + "$Last", "\"end\"");
		List<String> options = List.of("-cp", processed.classPath(), "-Dspring.aot.enabled=true");
		try (NotifySocket socket = new NotifySocket();
				JavaProgram program = JavaProgram.start(List.of("env", "NOTIFY_SOCKET=" + socket.address()), options,
						AotProgram.class)) {
			assertThat(program.readLines()).contains("AOT: true, messages: 1");
			assertThat(program.exitCode()).isZero();
			// It may end before it is ready.
			assertThat(socket.pollAll()).hasSizeBetween(2, 3)
				.startsWith("STATUS=Starting")
				.last(InstanceOfAssertFactories.STRING)
				.startsWith("STOPPING=1");
		}
	}

	@Test
	void handlerMethodsShouldBeOpenToReflection() {
		RuntimeHints hints = new RuntimeHints();
		new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, EveryKind.class);
		for (String name : List.of("timer", "timers", "signal", "signals", "message", "readable", "readables",
				"writable", "writables", "eventFd", "eventFds", "clockSet")) {
			assertThat(ReflectionUtils.findMethod(EveryKind.class, name)).as(name)
				.satisfies((method) -> assertThat(
						RuntimeHintsPredicates.reflection().onMethodInvocation(method).test(hints))
					.isTrue());
		}
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(ReflectionUtils.findMethod(EveryKind.class, "other"))
			.test(hints)).isFalse();
	}

	static class EveryKind {

		@OnTimer(every = "1s")
		void timer() {
		}

		@OnTimer(every = "1s")
		@OnTimer(every = "2s")
		void timers() {
		}

		@OnSignal("HUP")
		void signal() {
		}

		@OnSignal("HUP")
		@OnSignal("WINCH")
		void signals() {
		}

		@OnMessage
		void message() {
		}

		@OnReadable("fd")
		void readable() {
		}

		@OnReadable("fd")
		@OnReadable("other")
		void readables() {
		}

		@OnWritable("fd")
		void writable() {
		}

		@OnWritable("fd")
		@OnWritable("other")
		void writables() {
		}

		@OnEventFd("fd")
		void eventFd() {
		}

		@OnEventFd("fd")
		@OnEventFd("other")
		void eventFds() {
		}

		@OnClockSet
		void clockSet() {
		}

		void other() {
		}

	}

}
