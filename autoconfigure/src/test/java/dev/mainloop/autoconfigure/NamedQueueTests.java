package dev.mainloop.autoconfigure;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.QueueName;
import dev.mainloop.autoconfigure.health.MainLoopHealthContributorAutoConfiguration;
import dev.mainloop.handler.InvalidHandlerException;
import dev.mainloop.health.MainLoopHealthIndicator;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests the queues that have a name, and the properties of queues.
 */
@LinuxTest
class NamedQueueTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class,
				MainLoopHealthContributorAutoConfiguration.class))
		.withBean(Sender.class)
		.withBean(Handler.class);

	@Test
	void queuesOfOneNameShouldBeOne() {
		this.contextRunner.run((context) -> {
			Sender sender = context.getBean(Sender.class);
			sender.orders.send("a");
			sender.numbers.send(1);
			sender.lists.send(List.of("b"));
			sender.composed.send("c");
			sender.unnamed.send("d");
			assertThat(context.getBean(Handler.class).await(5))
				.containsSubsequence("order a", "order 1", "order [b]", "order c")
				.contains("unnamed d");
			assertThat(context.getBean(MainLoop.class).queues()).extracting(Object::toString)
				.containsExactly("EventQueue<java.lang.String>", "orders");
		});
	}

	@Test
	void propertiesShouldReachTheQueueOfTheName() {
		this.contextRunner
			.withPropertyValues("mainloop.queues.orders.capacity=4", "mainloop.queues.orders.overflow=drop-newest",
					"mainloop.queue-capacity=16")
			.run((context) -> {
				Sender sender = context.getBean(Sender.class);
				assertThat(sender.orders.capacity()).isEqualTo(4);
				assertThat(sender.numbers.capacity()).isEqualTo(4);
				assertThat(sender.unnamed.capacity()).isEqualTo(16);
				context.getBean(Handler.class).hold(context.getBean(MainLoop.class), () -> {
					for (int i = 0; i < 6; i++) {
						sender.orders.send("a");
					}
				});
				assertThat(sender.orders.dropped()).isEqualTo(2);
				assertThat(context.getBean(MainLoopHealthIndicator.class).health().getDetails())
					.containsEntry("dropped", Map.of("orders", 2L));
			});
	}

	@Test
	void queueShouldHaveTheDefaultsThatItDoesNotSet() {
		this.contextRunner
			.withPropertyValues("mainloop.queues.orders.capacity=4", "mainloop.queue-overflow=drop-oldest",
					"mainloop.queue-capacity=2")
			.run((context) -> {
				Sender sender = context.getBean(Sender.class);
				context.getBean(Handler.class).hold(context.getBean(MainLoop.class), () -> {
					for (int i = 0; i < 6; i++) {
						sender.orders.send("a" + i);
						sender.unnamed.send("b" + i);
					}
				});
				assertThat(context.getBean(Handler.class).await(6)).containsExactlyInAnyOrder("order a2", "order a3",
						"order a4", "order a5", "unnamed b4", "unnamed b5");
			});
	}

	@Test
	void healthShouldNotTellOfDropsThatDidNotHappen() {
		this.contextRunner
			.run((context) -> assertThat(context.getBean(MainLoopHealthIndicator.class).health().getDetails())
				.doesNotContainKey("dropped"));
	}

	@Test
	void queueShouldRejectByDefault() {
		this.contextRunner.withPropertyValues("mainloop.queues.orders.capacity=2").run((context) -> {
			Sender sender = context.getBean(Sender.class);
			context.getBean(Handler.class).hold(context.getBean(MainLoop.class), () -> {
				sender.orders.send("a");
				sender.orders.send("b");
				assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> sender.orders.send("c"))
					.withMessageStartingWith("The queue 'orders' is full with 2 messages and does not take c");
			});
		});
	}

	@Test
	void nameThatNoMethodHasShouldFail() {
		this.contextRunner.withPropertyValues("mainloop.queues.ordrs.capacity=4")
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOfSatisfying(InvalidHandlerException.class, (ex) -> {
					assertThat(ex).hasMessage("'mainloop.queues.ordrs' configures the queue 'ordrs', "
							+ "and no @OnMessage(queue = \"ordrs\") method takes its messages");
					assertThat(ex.getAction()).startsWith("Did you mean 'orders'? ")
						.endsWith("the queues that have methods are [orders].");
				}));
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1" })
	void capacityThatIsNotPositiveShouldFail(String value) {
		this.contextRunner.withPropertyValues("mainloop.queues.orders.capacity=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
					assertThat(ex.getName()).isEqualTo("mainloop.queues.orders.capacity");
					assertThat(ex.getValue()).hasToString(value);
				}));
	}

	@Test
	void queueWithoutMethodsOfItsNameShouldFail() {
		this.contextRunner.withBean(WrongName.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(InvalidHandlerException.class)
				.hasMessage(WrongName.class.getName() + " sends messages of type java.lang.String, "
						+ "and no @OnMessage(queue = \"nobody\") method takes them"));
	}

	@Test
	void misspeltNameShouldBeToldTheNearest() {
		this.contextRunner.withBean(MisspeltName.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOfSatisfying(InvalidHandlerException.class, (ex) -> {
					assertThat(ex).hasMessageStartingWith(MisspeltName.class.getName() + " sends messages")
						.hasMessageEndingWith("no @OnMessage(queue = \"oders\") method takes them");
					assertThat(ex.getAction()).startsWith("Did you mean the queue 'orders'? Declare a method");
				}));
	}

	@QueueName("orders")
	@Retention(RetentionPolicy.RUNTIME)
	@interface Orders {

	}

	record Sender(@QueueName("orders") EventQueue<String> orders,
			@QueueName("${no.name:orders}") EventQueue<Integer> numbers,
			@QueueName("orders") EventQueue<List<String>> lists, @Orders EventQueue<String> composed,
			EventQueue<String> unnamed) {

	}

	record MisspeltName(@QueueName("oders") EventQueue<String> queue) {

	}

	record WrongName(@QueueName("nobody") EventQueue<String> queue) {

	}

	@EventHandler
	static class Handler {

		private final BlockingQueue<String> entries = new LinkedBlockingQueue<>();

		@OnMessage(queue = "orders")
		void order(Object order) {
			this.entries.add("order " + order);
		}

		@OnMessage
		void unnamed(String text) {
			this.entries.add("unnamed " + text);
		}

		List<String> await(int count) throws InterruptedException {
			List<String> taken = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				taken.add(this.entries.poll(20, TimeUnit.SECONDS));
			}
			return taken;
		}

		/** Does something while the loop handles no messages. */
		void hold(MainLoop loop, Runnable action) {
			loop.queues().forEach((queue) -> queue.pause());
			try {
				action.run();
			}
			finally {
				loop.queues().forEach((queue) -> queue.resume());
			}
		}

	}

}
