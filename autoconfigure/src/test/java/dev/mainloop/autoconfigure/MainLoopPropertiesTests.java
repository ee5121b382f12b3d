package dev.mainloop.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopBuilder;
import dev.mainloop.MainLoopInvoker;
import dev.mainloop.SignalMode;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.autoconfigure.MainLoopProperties.OnUnsupportedPlatform;
import dev.mainloop.health.BlockedHandlerWatch;
import dev.mainloop.kernel.ManualClocks;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.scheduling.TaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests how properties are written, and what is said of those that are wrong.
 */
@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class MainLoopPropertiesTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					mainloop.budget         | -1            | It must be 1 or more, and 2147483647 at most.
					mainloop.budget         | 0             | It must be 1 or more, and 2147483647 at most.
					mainloop.queue-capacity | 0             | It must be 1 or more, and 1073741824 at most.
					mainloop.queue-capacity | 1073741825    | It must be 1 or more, and 1073741824 at most.
					mainloop.handler-error-limit | 0        | It must be 1 or more, and 2147483647 at most.
					mainloop.file-capacity  | 4097          | It must be 1 or more, and 4096 at most.
					mainloop.file-workers   | 0             | It must be 1 or more, and 256 at most.
					mainloop.queues.a.capacity | 0          | It must be 1 or more, and 1073741824 at most.
					mainloop.queueCapacity  | -5            | It must be 1 or more, and 1073741824 at most.
					mainloop.time-slice     | 0             | It must be more than zero, and 10s at most.
					mainloop.time-slice     | -1ms          | It must be more than zero, and 10s at most.
					mainloop.time-slice     | 10001ms       | It must be more than zero, and 10s at most.
					mainloop.busy-poll      | -1ns          | It must be zero or more.
					mainloop.request-timeout | 0            | It must be more than zero.
					mainloop.blocked-handler.warn-after | 0 | It must be more than zero; mainloop.blocked-handler.enabled=false turns the watch off.
					mainloop.time-slice     | P365000000D   | It must be more than zero, and 10s at most.
					""")
	void numberOutOfRangeShouldBeExplained(String property, String value, String reason, CapturedOutput output) {
		fail("--" + property + "=" + value);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Invalid value '%s' for configuration property '%s' (originating from '\"%s\" from property"
				.formatted(value, property.replace("queueCapacity", "queue-capacity"), property))
			.contains(reason);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			mainloop.multiplexer             | kqueue | auto  epoll  poll  select
			mainloop.queue-overflow          | burn   | block  drop-newest  drop-oldest  reject
			mainloop.queues.a.overflow       | burn   | block  drop-newest  drop-oldest  reject
			mainloop.handler-errors          | burn   | continue  disable  stop
			mainloop.signals                 | foo    | auto  relay  signalfd
			mainloop.spinning-handlers       | stop   | slow  warn
			mainloop.file-io                 | burn   | auto  io-uring  workers
			mainloop.on-unsupported-platform | ignore | fail  warn
			mainloop.budget                  | many   | to int
			mainloop.queue-capacity          | 1e3    | to int
			mainloop.queue-capacity          | 1.5    | to int
			mainloop.task-scheduler.enabled  | maybe  | to boolean
			mainloop.time-slice              | soon   | Duration
			""")
	void valueOfTheWrongKindShouldBeExplained(String property, String value, String allowed, CapturedOutput output) {
		fail("--" + property + "=" + value);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Property: " + property)
			.contains("Value: \"" + value + "\"")
			.contains("Origin: \"" + property + "\" from property source \"commandLineArgs\"")
			.contains(allowed.split("  "));
	}

	@Test
	void policyForAnotherPlatformShouldBeExplainedThere(CapturedOutput output) {
		String os = System.getProperty("os.name");
		System.setProperty("os.name", "Mac OS X");
		try {
			fail("--mainloop.on-unsupported-platform=ignore");
		}
		finally {
			System.setProperty("os.name", os);
		}
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Property: mainloop.on-unsupported-platform")
			.contains("Value: \"ignore\"");
	}

	@ParameterizedTest
	@CsvSource({ "mainloop.multiplexr, mainloop.multiplexer", "mainloop.enable, mainloop.enabled",
			"mainloop.queuecpacity, mainloop.queue-capacity",
			"mainloop.task-scheduler.enable, mainloop.task-scheduler.enabled",
			"mainloop.queues.a.capcity, mainloop.queues.a.capacity",
			"mainloop.queues.a.over, mainloop.queues.a.overflow" })
	void misspeltPropertyShouldBeNamedWithTheNearest(String property, String nearest, CapturedOutput output) {
		fail("--" + property + "=poll");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The main loop has no property of this name:")
			.contains("Property: " + property)
			.contains("Value: \"poll\"")
			.contains("Origin: \"" + property + "\" from property source \"commandLineArgs\"")
			.contains("Did you mean '" + nearest + "'? Correct the name, or remove the property.");
	}

	@Test
	void propertyThatIsLikeNoneShouldBeNamed(CapturedOutput output) {
		fail("--mainloop.xyzzy=a\nb");
		assertThat(output).contains("Property: mainloop.xyzzy")
			.contains("Value: \"a\\u000ab\"")
			.contains("Correct the name, or remove the property.")
			.doesNotContain("Did you mean");
	}

	@ParameterizedTest
	@ValueSource(strings = { "multiplexer", "signals", "queue-capacity", "queue-overflow", "request-timeout", "queues",
			"queues.a.capacity", "budget", "time-slice", "busy-poll", "file-io", "file-capacity", "file-workers",
			"handler-errors", "handler-error-limit", "enabled", "on-unsupported-platform", "task-scheduler.enabled",
			"task-scheduler", "blocked-handler.enabled", "blocked-handler.warn-after", "blocked-handler" })
	void emptyValueShouldBeTheDefault(String property) {
		for (String value : List.of("", " ", "${no.such.property:}")) {
			try (ConfigurableApplicationContext context = run(Map.of(), "--mainloop." + property + "=" + value)) {
				MainLoopProperties properties = context.getBean(MainLoopProperties.class);
				assertThat(properties).usingRecursiveComparison().isEqualTo(new MainLoopProperties());
				assertThat(context.getBeansOfType(TaskScheduler.class)).isEmpty();
				assertThat(context.getBeansOfType(BlockedHandlerWatch.class)).hasSize(1);
			}
		}
	}

	@Test
	void propertiesOfTheEnvironmentAndTheSystemShouldBeAllowedToBeForOthers() {
		System.setProperty("mainloop.other", "x");
		try (ConfigurableApplicationContext context = run(Map.of("MAINLOOP_OTHER", "x"))) {
			assertThat(context.isRunning()).isTrue();
		}
		finally {
			System.clearProperty("mainloop.other");
		}
	}

	@Test
	void environmentShouldBeBound() {
		try (ConfigurableApplicationContext context = run(Map.of("MAINLOOP_BUDGET", "3", "MAINLOOP_MULTIPLEXER", "POLL",
				"MAINLOOP_ONUNSUPPORTEDPLATFORM", "Warn", "MAINLOOP_QUEUECAPACITY", "16", "MAINLOOP_SIGNALS", "relay",
				"MAINLOOP_TASKSCHEDULER_ENABLED", "true", "MAINLOOP_TIMESLICE", "2ms", "MAINLOOP_BUSYPOLL", "50us"))) {
			assertBound(context);
		}
	}

	@ParameterizedTest
	@CsvSource({ "1ms, 2", "5ms, 6", "10s, 20" })
	void timeSliceShouldBeThatOfTheLoop(String timeSlice, int handled) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Sliced.class)
			.web(WebApplicationType.NONE)
			.run("--mainloop.time-slice=" + timeSlice)) {
			Sliced.Worker worker = context.getBean(Sliced.Worker.class);
			for (int i = 0; i < 20; i++) {
				worker.numbers.send(i);
			}
			context.getBean(MainLoopInvoker.class).runOnce(Duration.ZERO);
			assertThat(worker.handled).isEqualTo(handled);
		}
	}

	@Test
	void spellingsShouldBeRelaxed() {
		try (ConfigurableApplicationContext context = run(Map.of(), "--mainloop.BUDGET=3",
				"--mainloop.multiplexer=Poll", "--mainloop.onUnsupportedPlatform=WARN", "--mainloop.queueCapacity=16",
				"--mainloop.signals=RELAY", "--mainloop.taskScheduler.enabled=true", "--mainloop.timeSlice=2000us",
				"--mainloop.busyPoll=PT0.00005S")) {
			assertBound(context);
		}
	}

	private static void assertBound(ConfigurableApplicationContext context) {
		MainLoopProperties properties = context.getBean(MainLoopProperties.class);
		assertThat(properties.getBudget()).isEqualTo(3);
		assertThat(properties.getMultiplexer()).isEqualTo(MultiplexerKind.POLL);
		assertThat(properties.getOnUnsupportedPlatform()).isEqualTo(OnUnsupportedPlatform.WARN);
		assertThat(properties.getQueueCapacity()).isEqualTo(16);
		assertThat(properties.getSignals()).isEqualTo(SignalMode.RELAY);
		assertThat(properties.getTaskScheduler().isEnabled()).isTrue();
		assertThat(properties.getTimeSlice()).isEqualTo(Duration.ofMillis(2));
		assertThat(properties.getBusyPoll()).isEqualTo(Duration.ofNanos(50_000));
		assertThat(context.getBeansOfType(TaskScheduler.class)).hasSize(1);
	}

	private static void fail(String argument) {
		assertThatException().isThrownBy(() -> run(Map.of(), argument).close());
	}

	private static ConfigurableApplicationContext run(Map<String, Object> variables, String... arguments) {
		StandardEnvironment environment = new StandardEnvironment();
		String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
		environment.getPropertySources().replace(name, new SystemEnvironmentPropertySource(name, variables));
		return new SpringApplicationBuilder(Application.class).environment(environment)
			.web(WebApplicationType.NONE)
			.run(arguments);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ MainLoopAutoConfiguration.class, MainLoopTaskSchedulingAutoConfiguration.class })
	static class Application {

	}

	/** Drives its loop by hand, whose handler takes a millisecond. */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(MainLoopAutoConfiguration.class)
	@Import(Sliced.Worker.class)
	static class Sliced {

		@Bean
		ManualClocks clocks() {
			return new ManualClocks(Instant.EPOCH);
		}

		@Bean
		MainLoop handDrivenMainLoop(MainLoopBuilder builder, ManualClocks clocks) {
			return builder.clock(clocks).build();
		}

		@Bean
		MainLoopInvoker mainLoopInvoker(MainLoop mainLoop) {
			return new MainLoopInvoker(mainLoop);
		}

		@EventHandler
		static class Worker {

			private final EventQueue<Integer> numbers;

			private final ManualClocks clocks;

			private int handled;

			Worker(EventQueue<Integer> numbers, ManualClocks clocks) {
				this.numbers = numbers;
				this.clocks = clocks;
			}

			@OnMessage
			void handle(Integer number) {
				this.handled++;
				this.clocks.advance(Duration.ofMillis(1));
			}

		}

	}

}
