package dev.mainloop.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.mainloop.EventQueue;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.QueueName;
import dev.mainloop.handler.UnavailableQueue;
import dev.mainloop.testing.LinuxTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests the ways in which an application asks Spring for its queues.
 */
@LinuxTest
class QueueBeansTests {

	private static final String ORDERS = "EventQueue<dev.mainloop.autoconfigure.QueueBeansTests$Order>";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
		.withPropertyValues("app.queue=urgent");

	@Test
	void queueShouldBeInjectedInEveryWay() {
		this.contextRunner.withBean(Receiver.class).withUserConfiguration(Ways.class).run((context) -> {
			Ways ways = context.getBean(Ways.class);
			EventQueue<Order> plain = ways.plain;
			assertThat(plain).isNotNull().hasToString(ORDERS);
			assertThat(ways.provider.getObject()).isSameAs(plain);
			assertThat(ways.optional).containsSame(plain);
			assertThat(ways.list).containsExactly(plain);
			assertThat(ways.map).containsExactly(Map.entry(ORDERS, plain));
			assertThat(ways.qualified).isSameAs(plain);
			assertThat(ways.ofMethod).isSameAs(plain);
			assertThat(ways.every).containsOnlyKeys(ORDERS, "EventQueue<java.util.List<java.lang.String>>");
			ways.lazy.send(new Order(1));
			context.getBean(Receiver.class).await("order 1");
		});
	}

	@Test
	void namedQueueShouldBeInjectedByItsNameAlone() {
		this.contextRunner.withBean(Receiver.class).withUserConfiguration(NamedWays.class).run((context) -> {
			NamedWays ways = context.getBean(NamedWays.class);
			assertThat(ways.named).hasToString("urgent");
			assertThat(ways.placeholder).isSameAs(ways.named);
			assertThat(ways.provider.getObject()).isSameAs(ways.named);
			ways.named.send(new Order(1));
			ways.subtype.send(new BigOrder(2));
			ways.placeholder.send(new Order(3));
			for (int i = 1; i <= 3; i++) {
				context.getBean(Receiver.class).await("urgent " + i);
			}
		});
	}

	@Test
	void queueShouldBeFoundInTheContext() {
		this.contextRunner.withBean(Receiver.class).run((context) -> {
			ResolvableType type = ResolvableType.forClassWithGenerics(EventQueue.class, Order.class);
			EventQueue<Order> queue = context.getBeanProvider(new ParameterizedTypeReference<EventQueue<Order>>() {
			}).getObject();
			assertThat(queue).hasToString(ORDERS).isSameAs(context.getBean(ORDERS));
			assertThat(context.getBeanProvider(type).getObject()).isSameAs(queue);
		});
	}

	@Test
	void onlyQueueShouldBeFoundByItsClass() {
		this.contextRunner.withBean(WordsReceiver.class)
			.run((context) -> assertThat(context.getBean(EventQueue.class))
				.hasToString("EventQueue<java.lang.String>"));
	}

	@Test
	void queueOfAGenericHandlerShouldBeFound() {
		this.contextRunner.withBean(GenericReceiver.class)
			.run((context) -> assertThat(
					context.getBeanProvider(new ParameterizedTypeReference<EventQueue<List<Order>>>() {
					}).getObject())
				.isNotNull());
	}

	@Test
	void queueThatNobodyAsksForShouldNotBeMade() {
		this.contextRunner.withBean(Receiver.class)
			.run((context) -> assertThat(context.getBean(dev.mainloop.MainLoop.class).sourceCounts())
				.containsEntry("queues", 0));
	}

	@Test
	void queueOfASubtypeShouldBeInjected() {
		this.contextRunner.withBean(Receiver.class).withUserConfiguration(SubtypeWays.class).run((context) -> {
			SubtypeWays ways = context.getBean(SubtypeWays.class);
			ways.plain.send(new BigOrder(1));
			ways.provider.getObject().send(new BigOrder(2));
			for (int i = 1; i <= 2; i++) {
				context.getBean(Receiver.class).await("order " + i);
			}
		});
	}

	@Test
	void queueOfTheApplicationsOwnShouldBeInjected() {
		this.contextRunner.withBean(Receiver.class)
			.withUserConfiguration(OwnQueue.class)
			.run((context) -> assertThatExceptionOfType(MessageRefusedException.class)
				.isThrownBy(() -> context.getBean(OrderSender.class).orders.send(new Order(1)))
				.withMessageContaining("this is the application's own"));
	}

	@Test
	void queuesShouldBeInjectedWhereThereIsNoLoop() {
		this.contextRunner.withSystemProperties("os.name=Mac OS X")
			.withPropertyValues("mainloop.on-unsupported-platform=warn")
			.withBean(Receiver.class)
			.withUserConfiguration(Ways.class, NamedWays.class, SubtypeWays.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(Ways.class).list).hasSize(1);
				assertThat(context.getBean(NamedWays.class).named.offer(new Order(1))).isFalse();
				assertThat(context.getBean(SubtypeWays.class).plain.offer(new BigOrder(1))).isFalse();
			});
	}

	static class Order {

		private final int number;

		Order(int number) {
			this.number = number;
		}

	}

	static class BigOrder extends Order {

		BigOrder(int number) {
			super(number);
		}

	}

	@EventHandler
	static class Receiver {

		private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

		@OnMessage
		void order(Order order) {
			this.received.add("order " + order.number);
		}

		@OnMessage(queue = "${app.queue}")
		void urgent(Order order) {
			this.received.add("urgent " + order.number);
		}

		@OnMessage
		void words(List<String> words) {
			this.received.addAll(words);
		}

		void await(String expected) throws InterruptedException {
			assertThat(this.received.poll(30, TimeUnit.SECONDS)).isEqualTo(expected);
		}

	}

	abstract static class Receiving<T> {

		@OnMessage
		void receive(List<T> messages) {
		}

	}

	@EventHandler
	static class GenericReceiver extends Receiving<Order> {

	}

	@EventHandler
	static class WordsReceiver {

		@OnMessage
		void word(String word) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Ways {

		private final EventQueue<Order> plain;

		private final ObjectProvider<EventQueue<Order>> provider;

		private final EventQueue<Order> lazy;

		private final Optional<EventQueue<Order>> optional;

		@Autowired
		private List<EventQueue<Order>> list;

		@Autowired
		private Map<String, EventQueue<Order>> map;

		@Autowired
		private Map<String, EventQueue<?>> every;

		@Autowired
		@Qualifier(ORDERS)
		private EventQueue<Order> qualified;

		private @Nullable EventQueue<Order> ofMethod;

		Ways(EventQueue<Order> plain, ObjectProvider<EventQueue<Order>> provider, @Lazy EventQueue<Order> lazy,
				Optional<EventQueue<Order>> optional) {
			this.plain = plain;
			this.provider = provider;
			this.lazy = lazy;
			this.optional = optional;
		}

		@Autowired
		void ofMethod(EventQueue<Order> orders) {
			this.ofMethod = orders;
		}

	}

	record NamedWays(@QueueName("urgent") EventQueue<Order> named,
			@QueueName("${app.queue}") EventQueue<Order> placeholder,
			@QueueName("urgent") ObjectProvider<EventQueue<Order>> provider,
			@QueueName("urgent") EventQueue<BigOrder> subtype) {

	}

	record SubtypeWays(EventQueue<BigOrder> plain, ObjectProvider<EventQueue<BigOrder>> provider) {

	}

	record OrderSender(EventQueue<Order> orders) {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnQueue {

		@Bean
		EventQueue<Order> own() {
			return new UnavailableQueue<>("this is the application's own");
		}

		@Bean
		OrderSender sender(EventQueue<Order> orders) {
			return new OrderSender(orders);
		}

	}

}
