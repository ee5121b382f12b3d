package dev.mainloop.autoconfigure;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.mainloop.CompletionSource;
import dev.mainloop.ErrorHandler;
import dev.mainloop.EventQueue;
import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.QueueSource;
import dev.mainloop.TimerTick;
import dev.mainloop.annotation.Blocking;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnEventFd;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnReadable;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.autoconfigure.endpoint.MainLoopEndpointAutoConfiguration;
import dev.mainloop.endpoint.MainLoopEndpoint;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.Signal;
import dev.mainloop.handler.EventQueues;
import dev.mainloop.handler.InvalidHandlerException;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.testing.LinuxTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.core.ResolvableType;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests handlers that may block.
 */
@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class BlockingTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class, TaskExecutionAutoConfiguration.class))
		.withBean(Told.class);

	@Test
	void rowCountOfQueryShouldComeBackAsMessage() {
		this.contextRunner.withBean("database", EmbeddedDatabase.class,
				() -> new EmbeddedDatabaseBuilder().setType(EmbeddedDatabaseType.H2).generateUniqueName(true).build())
			.withBean(Store.class)
			.run((context) -> {
				new JdbcTemplate(context.getBean(EmbeddedDatabase.class))
					.execute("create table item (name varchar(20))");
				EventQueue<Item> queue = context.getBean(EventQueues.class).get(Item.class);
				queue.send(new Item("one"));
				queue.send(new Item("two"));
				Told told = context.getBean(Told.class);
				assertThat(told.take()).isEqualTo("1 rows, on the loop: true");
				assertThat(told.take()).isEqualTo("2 rows, on the loop: true");
			});
	}

	@Test
	void rowsOfQueryShouldComeAsFluxThatQueueHasRoomFor() {
		this.contextRunner.withBean("database", EmbeddedDatabase.class,
				() -> new EmbeddedDatabaseBuilder().setType(EmbeddedDatabaseType.H2).generateUniqueName(true).build())
			.withBean(Catalogue.class)
			.withPropertyValues("mainloop.queue-capacity=16")
			.run((context) -> {
				context.getBean(EventQueues.class).get(Query.class).send(new Query(1000));
				Told told = context.getBean(Told.class);
				for (int i = 1; i <= 1000; i++) {
					assertThat(told.take()).isEqualTo("row " + i + ", on the loop: true");
				}
			});
	}

	@Test
	void requestShouldBeAnsweredByWorker() {
		this.contextRunner.withBean("answering", Answering.class).run((context) -> {
			EventQueue<String> queue = context.getBean(EventQueues.class).get(String.class);
			assertThat(queue.request("four").toCompletableFuture().get(60, TimeUnit.SECONDS)).isEqualTo(4);
			assertThatExceptionOfType(ExecutionException.class)
				.isThrownBy(() -> queue.request("fails").toCompletableFuture().get(60, TimeUnit.SECONDS))
				.withCauseExactlyInstanceOf(IOException.class);
		});
	}

	@Test
	void requestShouldBeCancelledWhereWorkerDoesNotEnd() {
		List<CompletableFuture<?>> replies = new ArrayList<>();
		this.contextRunner.withConfiguration(AutoConfigurations.of(LifecycleAutoConfiguration.class))
			.withBean("answering", Answering.class)
			.withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=1s")
			.run((context) -> {
				EventQueue<String> queue = context.getBean(EventQueues.class).get(String.class);
				replies.add(queue.request("waits").toCompletableFuture());
				assertThat(context.getBean(Answering.class).waiting.await(60, TimeUnit.SECONDS)).isTrue();
			});
		assertThat(replies).singleElement()
			.satisfies((reply) -> assertThatExceptionOfType(CancellationException.class)
				.isThrownBy(() -> reply.get(60, TimeUnit.SECONDS)));
	}

	@Test
	void offloadedWorkThatHandlerReturnsShouldBecomeMessage() {
		this.contextRunner.withBean(Offloading.class).run((context) -> {
			context.getBean(EventQueues.class).get(String.class).send("four");
			assertThat(context.getBean(Told.class).take()).isEqualTo("4, on the loop: true");
		});
	}

	@Test
	void thousandCallsShouldRunTenAtATimeAndOverflowShouldRefuse() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(MainLoopEndpointAutoConfiguration.class))
			.withBean(Wide.class)
			.withPropertyValues("mainloop.queues.wide.capacity=1024", "mainloop.workers.threads=10",
					"management.endpoints.web.exposure.include=mainloop")
			.run((context) -> {
				Wide wide = context.getBean(Wide.class);
				EventQueue<Integer> queue = wide.queue();
				int sent = 0;
				for (; sent < 50; sent++) {
					queue.send(sent);
				}
				QueueSource<?> source = queue(context.getBean(MainLoop.class), "wide");
				Awaitility.await().until(() -> source.state() == EventSource.State.HELD);
				assertThat(context.getBean(MainLoopEndpoint.class).loop().sources())
					.filteredOn((some) -> some.name().equals("wide"))
					.singleElement()
					.satisfies((some) -> {
						assertThat(some.enabled()).isTrue();
						assertThat(some.held()).isTrue();
					});
				for (; sent < 50 + 1024; sent++) {
					queue.send(sent);
				}
				assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> queue.send(0))
					.withMessageStartingWith("The queue 'wide' is full with 1024 messages");
				wide.go.countDown();
				context.stop();
				assertThat(wide.ended).hasValue(sent);
				assertThat(wide.most).hasValue(10);
			});
	}

	@Test
	void callsShouldRunInOrder() {
		this.contextRunner.withBean(Ordered.class).run((context) -> {
			EventQueue<Integer> queue = context.getBean(EventQueues.class).get(Integer.class);
			List<String> expected = new ArrayList<>();
			for (int i = 0; i < 1000; i++) {
				queue.send(i, Duration.ofSeconds(60));
				expected.add(String.valueOf(i));
			}
			context.stop();
			assertThat(context.getBean(Told.class).entries).containsExactlyElementsOf(expected);
		});
	}

	@Test
	void callsShouldGoOnAfterRestart() {
		this.contextRunner.withBean(Ordered.class).run((context) -> {
			EventQueue<Integer> queue = context.getBean(EventQueues.class).get(Integer.class);
			Told told = context.getBean(Told.class);
			for (int i = 0; i < 3; i++) {
				queue.send(i);
				assertThat(told.take()).isEqualTo(String.valueOf(i));
				context.stop();
				context.start();
			}
		});
	}

	@Test
	void sourceThatFailsTooOftenShouldGoOnWhenItIsResumed() {
		this.contextRunner.withBean("failing", Failing.class)
			.withPropertyValues("mainloop.handler-errors=disable", "mainloop.handler-error-limit=2")
			.run((context) -> {
				EventQueue<String> queue = context.getBean(EventQueues.class).get(String.class);
				Told told = context.getBean(Told.class);
				List.of("a", "b", "c").forEach(queue::send);
				assertThat(told.take()).startsWith("failing.handle: a: ");
				assertThat(told.take()).startsWith("failing.handle: b: ");
				MainLoop loop = context.getBean(MainLoop.class);
				Awaitility.await().until(() -> !loop.disabledSources().isEmpty());
				assertThat(loop.disabledSources()).singleElement().hasToString("failing.handle");
				loop.disabledSources().forEach(EventSource::resume);
				assertThat(told.take()).startsWith("failing.handle: c: ");
			});
	}

	@Test
	void slowCallsShouldNotDelayTimer() {
		this.contextRunner.withBean(Ticking.class).run((context) -> {
			Ticking ticking = context.getBean(Ticking.class);
			ticking.queue().send("slow");
			assertThat(ticking.ticked.await(60, TimeUnit.SECONDS)).isTrue();
			ticking.go.countDown();
		});
	}

	@Test
	void timerShouldCountWhatItMisses() {
		this.contextRunner.withBean("slowTimer", SlowTimer.class).run((context) -> {
			Told told = context.getBean(Told.class);
			told.take();
			MainLoop loop = context.getBean(MainLoop.class);
			EventSource source = source(loop, "slowTimer.tick", EventSource.Kind.TIMER);
			Awaitility.await().until(() -> source.state() == EventSource.State.HELD);
			Instant later = loop.now().plusMillis(50);
			Awaitility.await().until(() -> loop.now().isAfter(later));
			context.getBean(SlowTimer.class).go.countDown();
			assertThat(Long.parseLong(told.take())).isGreaterThan(10);
		});
	}

	@Test
	void eventFdAndSignalShouldBeHandledByWorkers() {
		this.contextRunner.withBean("eventFd", EventFd.class, () -> EventFd.open(0))
			.withBean(Kinds.class)
			.run((context) -> {
				Told told = context.getBean(Told.class);
				context.getBean(EventFd.class).add(3);
				assertThat(told.take()).isEqualTo("3 in mainloop-worker-1");
				Kernel.kill(ProcessHandle.current().pid(), Signal.of("SIGWINCH").number());
				assertThat(told.take()).startsWith("SIGWINCH in mainloop-worker-");
			});
	}

	@Test
	void failureShouldGoToErrorHandlerWithItsEvent() {
		this.contextRunner.withBean("failing", Failing.class).run((context) -> {
			context.getBean(EventQueues.class).get(String.class).send("a message");
			assertThat(context.getBean(Told.class).take())
				.isEqualTo("failing.handle: a message: java.io.IOException: expected, on the loop: true");
			CompletionSource source = (CompletionSource) source(context.getBean(MainLoop.class), "failing.handle",
					EventSource.Kind.COMPLETION);
			assertThat(source.statistics().errors()).isOne();
		});
	}

	@Test
	void callThatDoesNotEndShouldBeInterruptedAtTheEnd(CapturedOutput output) throws InterruptedException {
		Endless[] endless = new Endless[1];
		this.contextRunner.withConfiguration(AutoConfigurations.of(LifecycleAutoConfiguration.class))
			.withBean("endless", Endless.class)
			.withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=1s")
			.run((context) -> {
				endless[0] = context.getBean(Endless.class);
				EventQueue<String> queue = context.getBean(EventQueues.class).get(String.class);
				queue.send("one");
				queue.send("two");
				assertThat(endless[0].begun.await(60, TimeUnit.SECONDS)).isTrue();
			});
		assertThat(endless[0].interrupted.await(60, TimeUnit.SECONDS)).isTrue();
		assertThat(output).contains("calls of 'endless.handle' under way")
			.contains("The queue 'EventQueue<java.lang.String>' was closed with 1 messages");
	}

	@Test
	void applicationShouldReplaceWorkers() {
		this.contextRunner.withBean(Ordered.class)
			.withBean("mainLoopWorkers", TaskExecutor.class, () -> new SimpleAsyncTaskExecutor("own-"))
			.withBean(Kinds.class)
			.withBean("eventFd", EventFd.class, () -> EventFd.open(1))
			.run((context) -> assertThat(context.getBean(Told.class).take()).startsWith("1 in own-"));
	}

	@Test
	void workersShouldNotStandInForApplicationTaskExecutor() {
		this.contextRunner.withBean(AsyncConfiguration.class).run((context) -> {
			assertThat(context).hasBean("applicationTaskExecutor");
			context.getBean(AsyncConfiguration.Service.class).call();
			assertThat(context.getBean(Told.class).take()).startsWith("task-");
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void workersShouldBeVirtualThreadsWhereAskedFor() {
		this.contextRunner.withBean("eventFd", EventFd.class, () -> EventFd.open(1))
			.withBean(Kinds.class)
			.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> {
				context.getBean(Told.class).take();
				assertThat(context.getBean(Kinds.class).thread).satisfies((thread) -> {
					assertThat(thread.getName()).startsWith("mainloop-worker-");
					assertThat(thread.getThreadGroup().getName()).isEqualTo("VirtualThreads");
				});
			});
	}

	@ParameterizedTest
	@ValueSource(classes = { WithoutHandler.class, NoConcurrency.class, ManyReaders.class, SharedCount.class,
			SharedWithItself.class })
	void wrongMethodShouldFailStart(Class<?> type) {
		String expected = (String) ReflectionTestUtils.getField(type, "EXPECTED");
		assertThat(expected).isNotNull();
		this.contextRunner.withBean("eventFd", EventFd.class, () -> EventFd.open(0))
			.withBean("wrong", type)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOfSatisfying(InvalidHandlerException.class,
						(ex) -> assertThat(ex.getMessage() + ". " + ex.getAction()).matches(expected)));
	}

	@Test
	void fieldsThatAreNotSharedShouldBeAllowed() {
		this.contextRunner.withBean(Careful.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(strings = { "mainloop.workers.threads=0", "mainloop.workers.keep-alive=10ms" })
	void wrongPropertyShouldFailStart(String property) {
		this.contextRunner.withPropertyValues(property)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining(property.substring(0, property.indexOf('='))));
	}

	private static QueueSource<?> queue(MainLoop loop, String description) {
		return loop.queues()
			.stream()
			.filter((queue) -> queue.description().equals(description))
			.findFirst()
			.orElseThrow();
	}

	private static EventSource source(MainLoop loop, String description, EventSource.Kind kind) {
		return loop.sources()
			.stream()
			.filter((source) -> source.description().equals(description) && source.kind() == kind)
			.findFirst()
			.orElseThrow();
	}

	/** What handlers tell. */
	static class Told {

		private final BlockingQueue<String> entries = new LinkedBlockingQueue<>();

		void add(String entry) {
			this.entries.add(entry);
		}

		String take() throws InterruptedException {
			String entry = this.entries.poll(60, TimeUnit.SECONDS);
			assertThat(entry).isNotNull();
			return entry;
		}

	}

	record Item(String name) {

	}

	record Rows(int count) {

	}

	@EventHandler
	static class Store {

		private final JdbcTemplate database;

		private final MainLoop loop;

		private final Told told;

		Store(EmbeddedDatabase database, MainLoop loop, Told told) {
			this.database = new JdbcTemplate(database);
			this.loop = loop;
			this.told = told;
		}

		@Blocking
		@OnMessage
		Rows store(Item item) {
			assertThat(this.loop.isLoopThread()).isFalse();
			this.database.update("insert into item values (?)", item.name());
			Integer count = this.database.queryForObject("select count(*) from item", Integer.class);
			return new Rows(count);
		}

		@OnMessage
		void stored(Rows rows) {
			this.told.add("%d rows, on the loop: %s".formatted(rows.count(), this.loop.isLoopThread()));
		}

	}

	record Query(int count) {

	}

	record Row(int id) {

	}

	@EventHandler
	static class Catalogue {

		private final JdbcTemplate database;

		private final MainLoop loop;

		private final Told told;

		Catalogue(EmbeddedDatabase database, MainLoop loop, Told told) {
			this.database = new JdbcTemplate(database);
			this.loop = loop;
			this.told = told;
		}

		@Blocking
		@OnMessage
		Flux<Row> find(Query query) {
			return Flux.fromIterable(this.database.query("select x from system_range(1, ?)",
					(row, number) -> new Row(row.getInt(1)), query.count()));
		}

		@OnMessage
		void found(Row row) {
			this.told.add("row %d, on the loop: %s".formatted(row.id(), this.loop.isLoopThread()));
		}

	}

	@EventHandler
	static class Answering {

		private final CountDownLatch waiting = new CountDownLatch(1);

		@Blocking
		@OnMessage(replies = true)
		int length(String text) throws Exception {
			if (text.equals("fails")) {
				throw new IOException(text);
			}
			if (text.equals("waits")) {
				this.waiting.countDown();
				new CountDownLatch(1).await();
			}
			return text.length();
		}

	}

	@EventHandler
	static class Offloading {

		private final MainLoop loop;

		private final Told told;

		Offloading(MainLoop loop, Told told) {
			this.loop = loop;
			this.told = told;
		}

		@OnMessage
		CompletableFuture<Integer> measure(String text) {
			return this.loop.offload(text::length);
		}

		@OnMessage
		void measured(Integer length) {
			this.told.add(length + ", on the loop: " + this.loop.isLoopThread());
		}

	}

	@EventHandler
	static class Wide {

		private final EventQueue<Integer> queue;

		private final CountDownLatch go = new CountDownLatch(1);

		private final AtomicInteger now = new AtomicInteger();

		private final AtomicInteger most = new AtomicInteger();

		private final AtomicInteger ended = new AtomicInteger();

		@SuppressWarnings("unchecked")
		Wide(EventQueues queues) {
			this.queue = (EventQueue<Integer>) queues.get("wide", ResolvableType.forClass(Integer.class), "the test");
		}

		EventQueue<Integer> queue() {
			return this.queue;
		}

		@Blocking(concurrency = 50)
		@OnMessage(queue = "wide")
		void handle(Integer message) throws InterruptedException {
			this.most.accumulateAndGet(this.now.incrementAndGet(), Math::max);
			this.go.await();
			this.now.decrementAndGet();
			this.ended.incrementAndGet();
		}

	}

	@EventHandler
	static class Ordered {

		private final Told told;

		Ordered(Told told) {
			this.told = told;
		}

		@Blocking
		@OnMessage
		void handle(Integer message) {
			this.told.add(message.toString());
		}

	}

	@EventHandler
	static class Ticking {

		private final EventQueue<String> queue;

		private final CountDownLatch ticked = new CountDownLatch(100);

		private final CountDownLatch go = new CountDownLatch(1);

		Ticking(EventQueue<String> queue) {
			this.queue = queue;
		}

		EventQueue<String> queue() {
			return this.queue;
		}

		@Blocking
		@OnMessage
		void slow(String message) throws InterruptedException {
			this.go.await();
		}

		@OnTimer(every = "1ms")
		void tick() {
			this.ticked.countDown();
		}

	}

	@EventHandler
	static class SlowTimer {

		private final Told told;

		private final CountDownLatch go = new CountDownLatch(1);

		SlowTimer(Told told) {
			this.told = told;
		}

		@Blocking
		@OnTimer(every = "1ms")
		void tick(TimerTick tick) throws InterruptedException {
			this.told.add(String.valueOf(tick.expirations()));
			this.go.await();
		}

	}

	@EventHandler
	static class Kinds {

		private final Told told;

		private volatile Thread thread = Thread.currentThread();

		Kinds(Told told) {
			this.told = told;
		}

		@Blocking
		@OnEventFd("eventFd")
		void add(long count) {
			this.thread = Thread.currentThread();
			this.told.add(count + " in " + this.thread.getName());
		}

		@Blocking
		@OnSignal("SIGWINCH")
		void signal(Signal signal) {
			this.told.add(signal + " in " + Thread.currentThread().getName());
		}

	}

	@EventHandler
	static class Failing {

		private final MainLoop loop;

		private final Told told;

		Failing(MainLoop loop, Told told) {
			this.loop = loop;
			this.told = told;
		}

		@Bean
		static ErrorHandler errorHandler(Told told, ObjectProvider<MainLoop> loop) {
			return (source, event, error) -> told
				.add("%s: %s: %s, on the loop: %s".formatted(source, event, error, loop.getObject().isLoopThread()));
		}

		@Blocking
		@OnMessage
		void handle(String message) throws IOException {
			throw new IOException("expected");
		}

	}

	@EventHandler
	static class Endless {

		private final CountDownLatch begun = new CountDownLatch(1);

		private final CountDownLatch interrupted = new CountDownLatch(1);

		@Blocking
		@OnMessage
		void handle(String message) throws InterruptedException {
			this.begun.countDown();
			try {
				new CountDownLatch(1).await();
			}
			finally {
				this.interrupted.countDown();
			}
		}

	}

	@EnableAsync(proxyTargetClass = true)
	static class AsyncConfiguration {

		@Bean
		Service service(Told told) {
			return new Service(told);
		}

		static class Service {

			private final Told told;

			Service(Told told) {
				this.told = told;
			}

			@Async
			void call() {
				this.told.add(Thread.currentThread().getName());
			}

		}

	}

	@EventHandler
	static class WithoutHandler {

		static final String EXPECTED = "The method '.*WithoutHandler.work' of bean 'wrong' cannot be @Blocking: "
				+ "it is no handler\\. Say what it handles, .*";

		@Blocking
		void work() {
		}

	}

	@EventHandler
	static class NoConcurrency {

		static final String EXPECTED = "The method '.*NoConcurrency.work' of bean 'wrong' cannot be @Blocking: "
				+ "its 'concurrency' is 0\\. Set 'concurrency' to 1 or more\\.";

		@Blocking(concurrency = 0)
		@OnMessage
		void work(String message) {
		}

	}

	@EventHandler
	static class ManyReaders {

		static final String EXPECTED = "The method '.*ManyReaders.work' of bean 'wrong' cannot be an @OnReadable handler: "
				+ "2 calls of it may run at a time, and .*";

		@Blocking(concurrency = 2)
		@OnReadable("eventFd")
		void work() {
		}

	}

	@EventHandler
	static class SharedCount {

		static final String EXPECTED = "The method '.*SharedCount.work' of bean 'wrong' cannot be @Blocking: it uses "
				+ "the field 'count' at the same time as 'count', and one of them writes it\\. .*";

		private int count;

		@Blocking
		@OnMessage
		void work(String message) {
			Runnable later = () -> read();
			later.run();
		}

		private int read() {
			return this.count;
		}

		@OnTimer(every = "1s")
		void count() {
			this.count++;
		}

	}

	@EventHandler
	static class SharedWithItself {

		static final String EXPECTED = ".* it uses the field 'count' at the same time as 'work', .*";

		private int count;

		@Blocking(concurrency = 2)
		@OnMessage
		void work(String message) {
			this.count++;
		}

	}

	@EventHandler
	static class Careful {

		private final AtomicInteger calls = new AtomicInteger();

		private volatile int asked;

		private int ticks;

		private int own;

		private int guarded;

		@Blocking
		@OnMessage
		void work(String message) {
			this.own++;
			this.calls.incrementAndGet();
			this.asked = this.own;
			synchronized (this) {
				this.guarded++;
			}
		}

		@OnTimer(every = "1s")
		void tick() {
			this.ticks++;
			this.calls.incrementAndGet();
			this.asked = this.ticks;
			guarded();
		}

		private synchronized void guarded() {
			this.guarded++;
		}

	}

}
