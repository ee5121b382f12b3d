package dev.mainloop.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopState;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.UnusableCpusException;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.annotation.QueueName;
import dev.mainloop.autoconfigure.health.MainLoopHealthContributorAutoConfiguration;
import dev.mainloop.handler.InvalidHandlerException;
import dev.mainloop.health.BlockedHandlerEvent;
import dev.mainloop.testing.LinuxTest;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.core.NestedExceptionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Applications with several loops.
 */
@LinuxTest
class SeveralLoopsTests {

	private static final int SENDERS = 8;

	private static final int KEYS = 40;

	private static final int MESSAGES = 4000;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class));

	private final ApplicationContextRunner workers = this.contextRunner
		.withPropertyValues("mainloop.loops.workers.count=4");

	@Test
	void handlerShouldRunOnTheLoopThatItNames() {
		this.contextRunner.withBean(Disk.class).withBean(Elsewhere.class).run((context) -> {
			Disk disk = context.getBean(Disk.class);
			disk.requests.send("read");
			await().until(() -> disk.threads.contains("mainloop-disk"));
			MainLoop loop = disk.loop;
			assertThat(loop.name()).isEqualTo("disk");
			assertThat(loop.thread().getName()).isEqualTo("mainloop-disk");
			Elsewhere elsewhere = context.getBean(Elsewhere.class);
			assertThat(elsewhere.main.name()).isEqualTo("main");
			assertThat(elsewhere.named).isSameAs(elsewhere.main);
			assertThat(elsewhere.disk).isSameAs(loop);
			assertThat(context.getBean(MainLoop.class)).isSameAs(elsewhere.main);
		});
	}

	@Test
	void loopShouldExistThatOnlyAPropertyNames() {
		this.contextRunner.withPropertyValues("mainloop.loops.spare.budget=7", "mainloop.signals=relay")
			.run((context) -> {
				Map<String, MainLoop> loops = context.getBeansOfType(MainLoop.class);
				assertThat(loops.values()).extracting(MainLoop::name).containsExactlyInAnyOrder("main", "spare");
				assertThat(loops.values()).extracting(MainLoop::state).containsOnly(MainLoopState.RUNNING);
			});
	}

	@Test
	void propertyOfOneLoopShouldGoBeforeTheCommonOne() {
		this.contextRunner.withBean(Disk.class)
			.withBean(MainQueue.class)
			.withPropertyValues("mainloop.queue-capacity=16", "mainloop.multiplexer=epoll",
					"mainloop.loops.disk.multiplexer=poll", "mainloop.loops.disk.queue-capacity=64")
			.run((context) -> {
				assertThat(context.getBean(Disk.class).loop.multiplexerName()).isEqualTo("poll");
				assertThat(context.getBean(MainLoop.class).multiplexerName()).isEqualTo("epoll");
				assertThat(context.getBean(Disk.class).requests.capacity()).isEqualTo(64);
				assertThat(context.getBean(MainQueue.class).numbers.capacity()).isEqualTo(16);
			});
	}

	@Test
	void everyLoopShouldCloseWithTheContext() {
		List<MainLoop> loops = new ArrayList<>();
		this.workers.withBean(Shards.class)
			.run((context) -> loops.addAll(context.getBeansOfType(MainLoop.class).values()));
		assertThat(loops).hasSize(5).extracting(MainLoop::state).containsOnly(MainLoopState.CLOSED);
	}

	@Test
	void shardsShouldCountInPlainFieldsUnderLoad() {
		this.workers.withPropertyValues("mainloop.queue-overflow=block")
			.withBean(Shards.class)
			.withBean(Orders.class)
			.run((context) -> {
				List<Shards> shards = shards(context, Shards.class);
				assertThat(shards).hasSize(4).extracting((shard) -> shard.loop.name()).doesNotHaveDuplicates();
				EventQueue<Order> orders = context.getBean(Orders.class).queue;
				CountDownLatch sent = new CountDownLatch(SENDERS);
				for (int i = 0; i < SENDERS; i++) {
					int sender = i;
					new Thread(() -> {
						int[] next = new int[KEYS];
						for (int n = 0; n < MESSAGES; n++) {
							int key = (n * 31) % KEYS;
							orders.send(new Order("customer " + key, sender, next[key]++));
						}
						sent.countDown();
					}).start();
				}
				assertThat(sent.await(60, TimeUnit.SECONDS)).isTrue();
				context.stop();
				assertThat(shards.stream().mapToInt((shard) -> shard.count).sum()).isEqualTo(SENDERS * MESSAGES);
				Set<String> seen = new HashSet<>();
				for (Shards shard : shards) {
					assertThat(shard.outOfOrder).isZero();
					assertThat(shard.threads).containsExactly("mainloop-" + shard.loop.name());
					shard.next.keySet()
						.stream()
						.map((key) -> key.substring(key.indexOf(' ') + 1))
						.distinct()
						.forEach((key) -> assertThat(seen.add(key)).as(key).isTrue());
				}
				assertThat(seen).hasSize(KEYS);
			});
	}

	@Test
	void messagesWithoutAKeyShouldGoToEachInTurnAndPastAFullOne() {
		this.contextRunner.withPropertyValues("mainloop.loops.workers.count=2", "mainloop.queue-capacity=2")
			.withBean(Held.class)
			.withBean(HeldSender.class)
			.run((context) -> {
				List<Held> held = shards(context, Held.class);
				EventQueue<Long> queue = context.getBean(HeldSender.class).queue;
				queue.send(1L);
				queue.send(2L);
				await().until(() -> held.stream().allMatch((some) -> some.begun.getCount() == 0));
				for (int i = 0; i < 4; i++) {
					assertThat(queue.offer(3L)).isTrue();
				}
				assertThat(queue.size()).isEqualTo(4);
				assertThat(queue.capacity()).isEqualTo(4);
				assertThat(queue.offer(4L)).isFalse();
				held.get(1).goOn.countDown();
				await().until(() -> held.get(1).count.get() == 3);
				assertThat(queue.offer(5L)).isTrue();
				assertThat(queue.offer(6L)).isTrue();
				await().until(() -> held.get(1).count.get() == 5);
				held.get(0).goOn.countDown();
			});
	}

	@Test
	void eachReceiverShouldGetAMessageWhereverItLives() {
		this.workers.withUserConfiguration(Everywhere.class).run((context) -> {
			context.getBean(Everywhere.class).texts.send("hello");
			Tally tally = context.getBean(Tally.class);
			await().untilAsserted(() -> assertThat(tally.of("hello")).containsExactlyInAnyOrder("mainloop",
					"mainloop-disk", "one of the workers", "reply on mainloop"));
			context.getBean(Everywhere.class).numbers.send(7);
			await().untilAsserted(() -> assertThat(tally.of("7")).containsExactlyInAnyOrder("mainloop-workers-1",
					"mainloop-workers-2", "mainloop-workers-3", "mainloop-workers-4"));
		});
	}

	@Test
	void timersShouldBeOnEachOrOneOfTheInstances() {
		this.workers.withBean(Ticking.class).run((context) -> {
			List<Ticking> all = shards(context, Ticking.class);
			await().until(() -> all.stream().allMatch((some) -> some.each.get() > 0) && all.get(0).one.get() > 0);
			assertThat(all.subList(1, 4)).allMatch((some) -> some.one.get() == 0);
		});
	}

	@Test
	void signalShouldReachEachLoop() {
		this.workers.withBean(Signalled.class).run((context) -> {
			List<Signalled> all = shards(context, Signalled.class);
			new ProcessBuilder("sh", "-c", "kill -WINCH " + ProcessHandle.current().pid()).start().waitFor();
			await().until(() -> all.stream().allMatch((some) -> some.signals.get() == 1));
		});
	}

	@Test
	void applicationEventShouldGoToTheInstanceOfItsKey() {
		this.workers.withBean(Listening.class).run((context) -> {
			ApplicationEventPublisher publisher = context;
			for (int i = 0; i < 100; i++) {
				publisher.publishEvent(new Order("customer " + i % 10, 0, i));
			}
			List<Listening> all = shards(context, Listening.class);
			await().until(() -> all.stream().mapToInt((some) -> some.count.get()).sum() == 100);
			context.stop();
			Set<String> seen = new HashSet<>();
			all.forEach((some) -> some.customers.forEach((customer) -> assertThat(seen.add(customer)).isTrue()));
		});
	}

	@Test
	void keyThatCannotBeWorkedOutShouldBeRefusedToTheSender() {
		this.workers.withBean(Shards.class).withBean(Orders.class).run((context) -> {
			EventQueue<Order> orders = context.getBean(Orders.class).queue;
			assertThatExceptionOfType(MessageRefusedException.class)
				.isThrownBy(() -> orders.send(new Order(null, 1, 2)))
				.withMessage("The key '#order.customer' of Order[customer=null, sender=1, number=2] is null");
		});
	}

	@Test
	void namedQueueShouldCarryTypesToDifferentLoops() {
		this.workers.withUserConfiguration(NamedQueue.class).run((context) -> {
			NamedQueue senders = context.getBean(NamedQueue.class);
			senders.texts.send("a");
			senders.numbers.send(3);
			Tally tally = context.getBean(Tally.class);
			await().untilAsserted(() -> {
				assertThat(tally.of("a")).containsExactly("mainloop-disk");
				assertThat(tally.of("3")).containsExactly("mainloop");
			});
		});
	}

	@Test
	void loopThatEndsShouldLeaveTheOthersGoing() {
		this.contextRunner.withBean(Disk.class).withBean(MainQueue.class).run((context) -> {
			Disk disk = context.getBean(Disk.class);
			disk.loop.close();
			MainQueue main = context.getBean(MainQueue.class);
			main.numbers.send(1L);
			await().until(() -> main.count.get() == 1);
			assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> disk.requests.send("late"));
		});
	}

	@Test
	void loopThatFailsShouldBeNamedByTheHealthAndLeaveTheOthersGoing() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(MainLoopHealthContributorAutoConfiguration.class))
			.withBean(Failing.class)
			.withBean(MainQueue.class)
			.withPropertyValues("mainloop.loops.disk.handler-errors=stop", "mainloop.loops.disk.handler-error-limit=1")
			.run((context) -> {
				CompositeHealthContributor health = context.getBean(CompositeHealthContributor.class);
				context.getBean(Failing.class).requests.send("fail");
				await().untilAsserted(() -> assertThat(status(health, "disk")).isEqualTo(Status.DOWN));
				assertThat(status(health, "main")).isEqualTo(Status.UP);
				MainQueue main = context.getBean(MainQueue.class);
				main.numbers.send(1L);
				await().until(() -> main.count.get() == 1);
				context.stop();
				context.start();
				assertThat(status(health, "disk")).isEqualTo(Status.UP);
			});
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30));
	}

	private static Status status(CompositeHealthContributor health, String loop) {
		return ((HealthIndicator) health.getContributor(loop)).health().getStatus();
	}

	@Test
	void handlersShouldBlockEachLoopForItsOwnTime() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(MainLoopHealthContributorAutoConfiguration.class))
			.withUserConfiguration(Blocking.class)
			.withPropertyValues("mainloop.blocked-handler.warn-after=1h",
					"mainloop.loops.disk.blocked-handler.warn-after=20ms",
					"mainloop.loops.disk.blocked-handler.down-after=30ms")
			.run((context) -> {
				Blocking blocking = context.getBean(Blocking.class);
				CompositeHealthContributor health = context.getBean(CompositeHealthContributor.class);
				blocking.queue.send("block");
				await().until(() -> blocking.loops.contains("disk"));
				await().untilAsserted(() -> assertThat(status(health, "disk")).isEqualTo(Status.DOWN));
				assertThat(status(health, "main")).isEqualTo(Status.UP);
				blocking.release.countDown();
				await().untilAsserted(() -> assertThat(status(health, "disk")).isEqualTo(Status.UP));
				assertThat(blocking.loops).containsOnly("disk");
			});
	}

	@Test
	void keyThatDependsOnTheClassOfTheMessageShouldBeTheSameForEachClass() {
		this.workers.withBean(ByClass.class).run((context) -> {
			EventQueue<Keyed> queue = shards(context, ByClass.class).get(0).queue;
			for (int i = 0; i < 50; i++) {
				queue.send(new One("k" + i));
				queue.send(new Two("k" + i));
			}
			List<ByClass> all = shards(context, ByClass.class);
			await().until(() -> all.stream().mapToInt((some) -> some.count.get()).sum() == 100);
			context.stop();
			assertThat(all).allMatch((some) -> some.ones.equals(some.twos));
		});
	}

	@Test
	void processorsThatTheProcessMayNotUseShouldBeRefused() {
		this.contextRunner.withPropertyValues("mainloop.loops.disk.cpus=4095").withBean(Disk.class).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(NestedExceptionUtils.getMostSpecificCause(context.getStartupFailure()))
				.isInstanceOf(UnusableCpusException.class)
				.hasMessageContaining("disk")
				.hasMessageContaining("4095");
		});
	}

	@Test
	void contextShouldStartAgain() {
		this.workers.withBean(Shards.class).withBean(Orders.class).run((context) -> {
			EventQueue<Order> orders = context.getBean(Orders.class).queue;
			context.stop();
			context.start();
			orders.send(new Order("again", 0, 0));
			await().until(() -> shards(context, Shards.class).stream().anyMatch((shard) -> shard.handled.get() == 1));
		});
	}

	@Test
	void handlersThatDisagreeOnWhereAMessageGoesShouldBeRefused() {
		assertThatTheyAreRefused(OtherKey.class, "to the instance for");
		assertThatTheyAreRefused(OnEach.class, "one to each instance of its bean and the other to one of them");
		assertThatTheyAreRefused(ArrayKey.class, "its key '#text.bytes' is an array, and no two arrays are equal");
		assertThatTheyAreRefused(UnknownKey.class, "its key '#order.client' cannot be worked out: ");
		assertThatTheyAreRefused(KeyOfEach.class, "it has a key, and each instance is to take every message");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			mainloop.loops.workers.count=0     | It must be a number from 1 to 1024, or cores.
			mainloop.loops.workers.count=many  | It must be a number from 1 to 1024, or cores.
			mainloop.loops.main.count=2        | There is one main loop.
			mainloop.loops.disk.budget=0       | It must be 1 or more
			mainloop.loops.disk.time-slice=0s  | It must be more than zero
			mainloop.loops.disk.file-capacity=0 | It must be 1 or more
			mainloop.loops.disk.file-workers=257 | It must be 1 or more, and 256 at most.
			mainloop.loops.disk.busy-poll=-1ms | It must be zero or more.
			mainloop.loops.disk.blocked-handler.warn-after=0s | It must be more than zero
			""")
	void propertyOutOfRangeShouldBeNamed(String property, String reason) {
		this.contextRunner.withPropertyValues(property).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(NestedExceptionUtils.getMostSpecificCause(context.getStartupFailure()))
				.isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.hasMessageContaining(property.substring(0, property.indexOf('=')))
				.hasMessageContaining(reason);
		});
	}

	@Test
	void ownLoopShouldBeInjectedHoweverItIsAskedFor() {
		this.workers.withUserConfiguration(Asking.class).withPropertyValues("app.loop=workers").run((context) -> {
			Asking asking = context.getBean(Asking.class);
			assertThat(asking.workers).extracting(MainLoop::name)
				.containsExactlyInAnyOrder("workers-1", "workers-2", "workers-3", "workers-4");
			assertThat(context.getBeanNamesForType(ByMethod.class)).containsExactlyInAnyOrder("byMethod-1",
					"byMethod-2", "byMethod-3", "byMethod-4");
			for (int i = 0; i < 4; i++) {
				String name = "workers-" + (i + 1);
				assertThat(shards(context, ByMethod.class).get(i).loop.name()).isEqualTo(name);
				Inheriting inheriting = shards(context, Inheriting.class).get(i);
				assertThat(inheriting.inherited.name()).isEqualTo(name);
				assertThat(inheriting.atOnce).isSameAs(inheriting.inherited);
				AtomicReference<MainLoop> later = new AtomicReference<>();
				inheriting.inherited.execute(() -> later.set(inheriting.provided.getObject()));
				await().until(() -> later.get() == inheriting.inherited);
				assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(inheriting.provided::getObject)
					.withMessageContaining("asks for its main loop");
				assertThat(inheriting.main.name()).isEqualTo("main");
			}
		});
	}

	@Test
	void applicationsShouldHaveLoopsOfTheirOwn() {
		this.workers.withBean(Ticking.class).run((context) -> this.workers.withBean(Ticking.class).run((other) -> {
			List<Ticking> all = shards(other, Ticking.class);
			await().until(() -> all.stream().allMatch((some) -> some.each.get() > 0));
			assertThat(all).doesNotContainAnyElementsOf(shards(context, Ticking.class));
			assertThat(other.getBeansOfType(MainLoop.class).values())
				.doesNotContainAnyElementsOf(context.getBeansOfType(MainLoop.class).values());
		}));
	}

	@Test
	void beanThatCannotHaveSeveralInstancesShouldBeRefused() {
		Ticking object = new Ticking();
		this.workers.withInitializer((context) -> context.getBeanFactory().registerSingleton("ticking", object))
			.run((context) -> assertThat(context).getFailure()
				.hasMessageStartingWith(
						"The bean 'ticking' cannot be an @EventHandler: it is to have an instance on each"));
		this.workers.withUserConfiguration(Hidden.class)
			.run((context) -> assertThat(context).getFailure()
				.hasMessageStartingWith("The bean 'hidden' cannot be an @EventHandler: it was not known to be one"));
		this.contextRunner.withPropertyValues("mainloop.loops.workers.count=2", "mainloop.loops.workers-2.budget=1")
			.run((context) -> assertThat(context).getFailure().hasMessage("Two loops would have the name 'workers-2'"));
	}

	@Test
	void coresShouldBeAsManyAsTheJvmMayUse() {
		this.contextRunner.withPropertyValues("mainloop.loops.workers.count=cores")
			.withBean(Ticking.class)
			.run((context) -> assertThat(context.getBeansOfType(Ticking.class))
				.hasSize(Runtime.getRuntime().availableProcessors()));
	}

	private void assertThatTheyAreRefused(Class<?> handler, String message) {
		this.workers.withBean(Shards.class).withBean(Orders.class).withBean(handler).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(InvalidHandlerException.class)
				.hasMessageContaining(message);
		});
	}

	private static <T> List<T> shards(AssertableApplicationContext context, Class<T> type) {
		return context.getBeansOfType(type)
			.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByKey())
			.map(Map.Entry::getValue)
			.toList();
	}

	record Order(@Nullable String customer, int sender, int number) {

	}

	@EventHandler(loop = "disk")
	static class Disk {

		private final MainLoop loop;

		private final EventQueue<String> requests;

		private final Set<String> threads = ConcurrentHashMap.newKeySet();

		Disk(MainLoop loop, EventQueue<String> requests) {
			this.loop = loop;
			this.requests = requests;
		}

		@OnMessage
		void request(String request) {
			this.threads.add(Thread.currentThread().getName());
		}

	}

	static class Elsewhere {

		@Autowired
		private MainLoop main;

		@Autowired
		@Qualifier("main")
		private MainLoop named;

		@Autowired
		@Qualifier("disk")
		private MainLoop disk;

	}

	@EventHandler
	static class MainQueue {

		private final EventQueue<Long> numbers;

		private final AtomicInteger count = new AtomicInteger();

		MainQueue(EventQueue<Long> numbers) {
			this.numbers = numbers;
		}

		@OnMessage
		void take(Long number) {
			this.count.incrementAndGet();
		}

	}

	@EventHandler(loop = "workers")
	static class Shards {

		private final MainLoop loop;

		private int count;

		private int outOfOrder;

		private final Set<String> threads = new HashSet<>();

		private final Map<String, Integer> next = new HashMap<>();

		private final AtomicInteger handled = new AtomicInteger();

		Shards(MainLoop loop) {
			this.loop = loop;
		}

		@OnMessage(key = "#order.customer")
		void place(Order order) {
			this.count++;
			this.threads.add(Thread.currentThread().getName());
			int expected = this.next.merge(order.sender() + " " + order.customer(), 1, Integer::sum) - 1;
			this.outOfOrder += (order.number() == expected) ? 0 : 1;
			this.handled.incrementAndGet();
		}

	}

	static class Orders {

		@Autowired
		private EventQueue<Order> queue;

	}

	@EventHandler(loop = "workers")
	static class OtherKey {

		@OnMessage(key = "#order.number")
		void place(Order order) {
		}

	}

	@EventHandler(loop = "workers")
	static class OnEach {

		@OnMessage(instances = Instances.EACH)
		void place(Order order) {
		}

	}

	@EventHandler(loop = "workers")
	static class ArrayKey {

		@OnMessage(key = "#text.bytes")
		void take(String text) {
		}

	}

	@EventHandler(loop = "workers")
	static class UnknownKey {

		@OnMessage(key = "#order.client")
		void place(Order order) {
		}

	}

	@EventHandler(loop = "workers")
	static class KeyOfEach {

		@OnMessage(key = "#order.customer", instances = Instances.EACH)
		void place(Order order) {
		}

	}

	@EventHandler(loop = "workers")
	static class Held {

		private final CountDownLatch begun = new CountDownLatch(1);

		private final CountDownLatch goOn = new CountDownLatch(1);

		private final AtomicInteger count = new AtomicInteger();

		@OnMessage
		void take(Long number) throws InterruptedException {
			this.begun.countDown();
			this.goOn.await();
			this.count.incrementAndGet();
		}

	}

	static class HeldSender {

		@Autowired
		private EventQueue<Long> queue;

	}

	@EventHandler(loop = "workers")
	static class Ticking {

		private final AtomicInteger each = new AtomicInteger();

		private final AtomicInteger one = new AtomicInteger();

		@OnTimer(every = "1ms")
		void each() {
			this.each.incrementAndGet();
		}

		@OnTimer(every = "1ms", instances = Instances.ONE)
		void one() {
			this.one.incrementAndGet();
		}

	}

	@EventHandler(loop = "workers")
	static class Signalled {

		private final AtomicInteger signals = new AtomicInteger();

		@OnSignal("SIGWINCH")
		void resized() {
			this.signals.incrementAndGet();
		}

	}

	@EventHandler(loop = "workers")
	static class Listening {

		private final AtomicInteger count = new AtomicInteger();

		private final Set<String> customers = new HashSet<>();

		@OnMessage(applicationEvents = true, key = "#order.customer")
		void placed(Order order) {
			this.customers.add(String.valueOf(order.customer()));
			this.count.incrementAndGet();
		}

	}

	/** Where messages were handled. */
	static class Tally {

		private final Map<String, List<String>> places = new HashMap<>();

		synchronized void add(Object message, String place) {
			this.places.computeIfAbsent(message.toString(), (any) -> new ArrayList<>()).add(place);
		}

		synchronized List<String> of(String message) {
			return List.copyOf(this.places.getOrDefault(message, List.of()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Tally.class, Everywhere.OnMain.class, Everywhere.OnDisk.class, Everywhere.OnWorkers.class })
	static class Everywhere {

		@Autowired
		private EventQueue<String> texts;

		@Autowired
		private EventQueue<Integer> numbers;

		@EventHandler
		record OnMain(Tally tally) {

			@OnMessage
			void text(String text) {
				this.tally.add(text, Thread.currentThread().getName());
			}

			@OnMessage
			void reply(StringBuilder reply) {
				this.tally.add(reply, "reply on " + Thread.currentThread().getName());
			}

		}

		@EventHandler(loop = "disk")
		record OnDisk(Tally tally) {

			@OnMessage
			StringBuilder text(String text) {
				this.tally.add(text, Thread.currentThread().getName());
				return new StringBuilder(text);
			}

		}

		@EventHandler(loop = "workers")
		record OnWorkers(Tally tally) {

			@OnMessage
			void text(String text) {
				this.tally.add(text, "one of the workers");
			}

			@OnMessage(instances = Instances.EACH)
			void number(Integer number) {
				this.tally.add(number, Thread.currentThread().getName());
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Tally.class, NamedQueue.OnMain.class, NamedQueue.OnDisk.class })
	static class NamedQueue {

		@Autowired
		@QueueName("work")
		private EventQueue<String> texts;

		@Autowired
		@QueueName("work")
		private EventQueue<Integer> numbers;

		@EventHandler
		record OnMain(Tally tally) {

			@OnMessage(queue = "work")
			void number(Integer number) {
				this.tally.add(number, Thread.currentThread().getName());
			}

		}

		@EventHandler(loop = "disk")
		record OnDisk(Tally tally) {

			@OnMessage(queue = "work")
			void text(String text) {
				this.tally.add(text, Thread.currentThread().getName());
			}

		}

	}

	@EventHandler(loop = "disk")
	static class Failing {

		private final EventQueue<String> requests;

		Failing(EventQueue<String> requests) {
			this.requests = requests;
		}

		@OnMessage
		void request(String request) {
			throw new AssertionError("expected by the test");
		}

	}

	interface Keyed {

		String key();

	}

	record One(String key) implements Keyed {

	}

	record Two(String key) implements Keyed {

	}

	@EventHandler(loop = "workers")
	static class ByClass {

		private final EventQueue<Keyed> queue;

		private final Set<String> ones = new HashSet<>();

		private final Set<String> twos = new HashSet<>();

		private final AtomicInteger count = new AtomicInteger();

		ByClass(EventQueue<Keyed> queue) {
			this.queue = queue;
		}

		@OnMessage(key = "#one.key")
		void one(One one) {
			this.ones.add(one.key());
			this.count.incrementAndGet();
		}

		@OnMessage(key = "#two.key")
		void two(Two two) {
			this.twos.add(two.key());
			this.count.incrementAndGet();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Inheriting.class)
	static class Asking {

		@Autowired
		@Qualifier("workers")
		private List<MainLoop> workers;

		@Bean
		ByMethod byMethod(MainLoop loop) {
			return new ByMethod(loop);
		}

	}

	@EventHandler(loop = "workers")
	static class ByMethod {

		private final MainLoop loop;

		ByMethod(MainLoop loop) {
			this.loop = loop;
		}

		@OnMessage
		void take(Order order) {
		}

	}

	abstract static class Base {

		@Autowired
		MainLoop inherited;

	}

	@EventHandler(loop = "${app.loop}")
	static class Inheriting extends Base {

		private final ObjectProvider<MainLoop> provided;

		private final MainLoop atOnce;

		@Autowired
		@Qualifier("main")
		private MainLoop main;

		Inheriting(ObjectProvider<MainLoop> provided) {
			this.provided = provided;
			this.atOnce = provided.getObject();
		}

		@OnMessage
		void take(Order order) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Hidden {

		@Bean
		Object hidden() {
			return new Ticking();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Blocking.OnMain.class, Blocking.OnDisk.class })
	static class Blocking {

		private final CountDownLatch release = new CountDownLatch(1);

		private final Set<String> loops = ConcurrentHashMap.newKeySet();

		@Autowired
		private EventQueue<String> queue;

		@EventListener
		void blocked(BlockedHandlerEvent event) {
			this.loops.add(event.loop().name());
		}

		@EventHandler
		record OnMain(ObjectProvider<Blocking> blocking) {

			@OnMessage
			void block(String text) throws InterruptedException {
				this.blocking.getObject().release.await();
			}

		}

		@EventHandler(loop = "disk")
		record OnDisk(ObjectProvider<Blocking> blocking) {

			@OnMessage
			void block(String text) throws InterruptedException {
				this.blocking.getObject().release.await();
			}

		}

	}

}
