package dev.mainloop.handler;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnChildExit;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.fd.ExitStatus;
import dev.mainloop.process.ChildProcess;
import dev.mainloop.process.Command;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OnChildExit} methods.
 */
@LinuxTest
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class OnChildExitTests {

	/** Ends only by a signal, and needs no other program. */
	private static final String LOOP = "while :; do :; done";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
		.withUserConfiguration(Children.class)
		.withBean(Handler.class)
		.withPropertyValues("grace=10s", "restart=");

	private static String next(BlockingQueue<String> events) throws InterruptedException {
		return events.poll(60, TimeUnit.SECONDS);
	}

	private static boolean exists(long pid) {
		return Files.exists(Path.of("/proc/" + pid));
	}

	@Test
	void methodShouldBeCalledWhenTheChildHasEnded() {
		this.contextRunner.withPropertyValues("script=echo a; echo b; exit 3").run((context) -> {
			Handler handler = context.getBean(Handler.class);
			assertThat(next(handler.events)).isEqualTo("a");
			assertThat(next(handler.events)).isEqualTo("b");
			assertThat(next(handler.events)).isEqualTo("exit 3");
			assertThat(handler.child.exitStatus()).isEqualTo(ExitStatus.exited(3));
			context.stop();
			context.start();
			assertThat(next(handler.events)).isEqualTo("a");
		});
	}

	@Test
	void childShouldBeToldToEndBeforeTheLoopStops() {
		this.contextRunner.withPropertyValues("script=trap 'echo bye; exit 4' TERM; echo ready; " + LOOP)
			.run((context) -> {
				Handler handler = context.getBean(Handler.class);
				assertThat(next(handler.events)).isEqualTo("ready");
				context.stop();
				assertThat(handler.events).containsExactly("bye", "exit 4");
				assertThat(exists(handler.child.pid())).isFalse();
				assertThat(context.getBean(MainLoop.class).sources()).isEmpty();
			});
	}

	@Test
	void childThatIgnoresTermShouldBeKilled() {
		this.contextRunner.withPropertyValues("script=trap '' TERM; echo ready; " + LOOP, "grace=100ms")
			.run((context) -> {
				Handler handler = context.getBean(Handler.class);
				assertThat(next(handler.events)).isEqualTo("ready");
				context.stop();
				assertThat(handler.events).containsExactly("killed by SIGKILL");
				assertThat(exists(handler.child.pid())).isFalse();
			});
	}

	@Test
	void childShouldBeStartedAgainOnDemand() {
		this.contextRunner.withPropertyValues("script=exit 1", "restart=1ms").run((context) -> {
			Handler handler = context.getBean(Handler.class);
			for (int i = 0; i < 3; i++) {
				assertThat(next(handler.events)).isEqualTo("exit 1");
			}
			context.stop();
			handler.events.clear();
			assertThat(handler.events.poll(Duration.ofMillis(50).toMillis(), TimeUnit.MILLISECONDS)).isNull();
		});
	}

	@Test
	void childShouldNotOutliveAContextThatIsClosedWhileAHandlerBlocks() {
		this.contextRunner
			.withPropertyValues("script=trap '' TERM; echo $$; " + LOOP, "grace=10ms",
					"spring.lifecycle.timeout-per-shutdown-phase=2s")
			.run((context) -> {
				Handler handler = context.getBean(Handler.class);
				ProcessHandle child = ProcessHandle.of(Long.parseLong(next(handler.events))).orElseThrow();
				context.getBean(MainLoop.class).execute(() -> {
					try {
						handler.release.poll(60, TimeUnit.SECONDS);
					}
					catch (InterruptedException ex) {
						Thread.currentThread().interrupt();
					}
				});
				context.stop();
				child.onExit().orTimeout(60, TimeUnit.SECONDS).join();
				handler.release.add("go on");
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			name=none     | there is no bean named 'none' of type Command
			name=handler  | there is no bean named 'handler' of type Command
			grace=some    | its 'grace' is 'some', which is no duration
			grace=-1s     | its 'grace' is '-1s', which is less than zero
			grace=        | its 'grace' is empty
			program=/none | its child 'worker' cannot be started (posix_spawn(/none): ENOENT
			""")
	void whatCannotBeShouldFailTheStart(String property, String message) {
		this.contextRunner.withPropertyValues("script=exit 0", property)
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("cannot be an @OnChildExit handler: " + message));
	}

	@Configuration(proxyBeanMethods = false)
	static class Children {

		@Bean
		Command worker(Environment environment, Handler handler) {
			return Command.of(environment.getProperty("program", "/bin/sh"), "-c", environment.getProperty("script"))
				.outputLines(handler.events::add);
		}

	}

	@EventHandler
	static class Handler {

		private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

		private final BlockingQueue<String> release = new LinkedBlockingQueue<>();

		private volatile ChildProcess child;

		@OnChildExit(value = "${name:worker}", grace = "${grace}", restartAfter = "${restart}")
		void ended(ExitStatus status, ChildProcess child) {
			this.child = child;
			this.events.add(status.toString());
		}

	}

}
