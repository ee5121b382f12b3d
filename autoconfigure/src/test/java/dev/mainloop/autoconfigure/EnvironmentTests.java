package dev.mainloop.autoconfigure;

import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.QueueName;
import dev.mainloop.handler.EventQueues;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests properties that are set, or not meant to be set, by environment variables.
 */
@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class EnvironmentTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
		.withBean(Handler.class)
		.withBean(Sender.class);

	@Test
	void variableShouldReachTheQueueWhoseNameItCannotSpell() {
		environment(Map.of("MAINLOOP_QUEUES_ORDERLOW_CAPACITY", "4", "MAINLOOP_QUEUES_ORDERHIGH_CAPACITY", "8"))
			.run((context) -> {
				Sender sender = context.getBean(Sender.class);
				assertThat(sender.low.capacity()).isEqualTo(4);
				assertThat(sender.high.capacity()).isEqualTo(8);
			});
	}

	@Test
	void variableShouldOverrideWhatAFileSets() {
		environment(Map.of("MAINLOOP_QUEUES_ORDERLOW_CAPACITY", "4"))
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addLast(new MapPropertySource("file",
						Map.of("mainloop.queues.orderLow.capacity", "16", "mainloop.queues.[order-high].capacity",
								"32"))))
			.run((context) -> {
				Sender sender = context.getBean(Sender.class);
				assertThat(sender.low.capacity()).isEqualTo(4);
				assertThat(sender.high.capacity()).isEqualTo(32);
			});
	}

	@Test
	void variablesOfAServiceShouldBeIgnored(CapturedOutput output) {
		Logger root = (Logger) LoggerFactory.getLogger("dev.mainloop");
		Map<String, Object> variables = Map.of("MAINLOOP_QUEUES_PORT", "tcp://10.0.0.1:80",
				"MAINLOOP_QUEUES_SERVICE_HOST", "10.0.0.1", "MAINLOOP_QUEUES_SERVICE_PORT", "80",
				"MAINLOOP_QUEUES_PORT_80_TCP_ADDR", "10.0.0.1", "MAINLOOP_PORT", "tcp://10.0.0.1:80",
				"MAINLOOP_SIGNALS_PORT", "tcp://10.0.0.1:80", "MAINLOOP_QUEUE_CAPACITY", "16");
		root.setLevel(Level.DEBUG);
		try {
			environment(variables).run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(MainLoopProperties.class).getQueues()).isEmpty();
				assertThat(context.getBean(Sender.class).low.capacity()).isEqualTo(16);
			});
		}
		finally {
			root.setLevel(null);
		}
		assertThat(output)
			.contains("The main loop has no property mainloop.queues.port, and ignores what sets it: "
					+ "\"MAINLOOP_QUEUES_PORT\"")
			.contains("\"MAINLOOP_SIGNALS_PORT\"")
			.doesNotContain("\"MAINLOOP_QUEUE_CAPACITY\"")
			.doesNotContain("10.0.0.1");
	}

	@Test
	void variableForAQueueThatIsNotThereShouldBeIgnored(CapturedOutput output) {
		Logger root = (Logger) LoggerFactory.getLogger(EventQueues.class);
		root.setLevel(Level.DEBUG);
		try {
			environment(Map.of("MAINLOOP_QUEUES_OTHER_CAPACITY", "4"))
				.run((context) -> assertThat(context).hasNotFailed());
		}
		finally {
			root.setLevel(null);
		}
		assertThat(output).contains("What the environment sets for a queue 'other' is not used");
	}

	@Test
	void valueThatIsWrongShouldFail() {
		environment(Map.of("MAINLOOP_QUEUES_ORDERLOW_CAPACITY", "many"))
			.run((context) -> assertThat(context).hasFailed());
	}

	@Test
	void queueThatAFileSetsAndThatIsNotThereShouldFail() {
		environment(Map.of("MAINLOOP_QUEUES_OTHER_CAPACITY", "4"))
			.withPropertyValues("mainloop.queues.other.capacity=8")
			.run((context) -> assertThat(context).getFailure()
				.hasMessageStartingWith("'mainloop.queues.other' configures the queue 'other'"));
	}

	private ApplicationContextRunner environment(Map<String, Object> variables) {
		return this.contextRunner.withInitializer((context) -> {
			MutablePropertySources sources = context.getEnvironment().getPropertySources();
			String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
			sources.replace(name, new SystemEnvironmentPropertySource(name, variables));
		});
	}

	record Sender(@QueueName("orderLow") EventQueue<String> low, @QueueName("order-high") EventQueue<String> high) {

	}

	@EventHandler
	static class Handler {

		@OnMessage(queue = "orderLow")
		void low(String order) {
		}

		@OnMessage(queue = "order-high")
		void high(String order) {
		}

	}

}
