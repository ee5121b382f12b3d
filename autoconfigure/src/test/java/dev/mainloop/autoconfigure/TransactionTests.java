package dev.mainloop.autoconfigure;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import javax.sql.DataSource;

import dev.mainloop.MainLoop;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.autoconfigure.observation.MainLoopObservationAutoConfiguration;
import dev.mainloop.handler.InvalidHandlerException;
import dev.mainloop.testing.LinuxTest;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.test.simple.SimpleSpan;
import io.micrometer.tracing.test.simple.SimpleTracer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests application events that are published in transactions of a database.
 */
@LinuxTest
class TransactionTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
		.withUserConfiguration(Application.class)
		.withBean(Received.class);

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final SimpleTracer tracer = new SimpleTracer();

	private final ApplicationContextRunner observed = this.contextRunner
		.withConfiguration(AutoConfigurations.of(MainLoopObservationAutoConfiguration.class))
		.withBean(ObservationRegistry.class, () -> this.registry)
		.withBean("handler", Handler.class);

	@BeforeEach
	void trace() {
		this.registry.observationConfig().observationHandler(new DefaultTracingObservationHandler(this.tracer));
	}

	@Test
	void eventShouldBeHandledAfterTheCommit() {
		this.contextRunner.withBean(Handler.class).run((context) -> {
			Received received = context.getBean(Received.class);
			context.getBean(Shop.class).place("book", (shop) -> {
				assertThat(received.take()).isEqualTo("at once: book");
				awaitIdleness(context.getBean(MainLoop.class));
				assertThat(received.entries).isEmpty();
			});
			assertThat(received.take()).isEqualTo("after commit: book, of [book]");
		});
	}

	@Test
	void eventShouldNotBeHandledAfterARollback() {
		this.contextRunner.withBean(Handler.class).run((context) -> {
			Received received = context.getBean(Received.class);
			assertThatIllegalStateException().isThrownBy(() -> context.getBean(Shop.class).place("book", (shop) -> {
				throw new IllegalStateException("sold out");
			}));
			assertThat(received.take()).isEqualTo("at once: book");
			context.getBean(Shop.class).place("pen", (shop) -> {
			});
			assertThat(received.take()).isEqualTo("at once: pen");
			assertThat(received.take()).isEqualTo("after commit: pen, of [pen]");
		});
	}

	@Test
	void eventOfAnInnerTransactionShouldFollowThatAlone() {
		this.contextRunner.withBean(Handler.class).run((context) -> {
			Received received = context.getBean(Received.class);
			Shop shop = context.getBean(Shop.class);
			shop.place("book", (target) -> {
				assertThat(received.take()).isEqualTo("at once: book");
				shop.placeAlone("pen");
				assertThat(received.take()).isEqualTo("at once: pen");
				assertThat(received.take()).isEqualTo("after commit: pen, of [pen]");
			});
			assertThat(received.take()).isEqualTo("after commit: book, of [book, pen]");
		});
	}

	@Test
	void eventWithoutTransactionShouldBeHandledAtOnce() {
		this.contextRunner.withBean(Handler.class).run((context) -> {
			Received received = context.getBean(Received.class);
			context.publishEvent(new Placed("book"));
			assertThat(List.of(received.take(), received.take())).containsExactlyInAnyOrder("at once: book",
					"after commit: book, of []");
		});
	}

	@Test
	void eventThatIsPublishedAfterTheCommitShouldBeHandled() {
		this.contextRunner.withBean(Handler.class).withBean(Follower.class).run((context) -> {
			Received received = context.getBean(Received.class);
			context.getBean(Shop.class).place("book", (shop) -> {
			});
			assertThat(List.of(received.take(), received.take(), received.take(), received.take()))
				.containsExactlyInAnyOrder("at once: book", "after commit: book, of [book]", "at once: bookmark",
						"after commit: bookmark, of [book]");
		});
	}

	@Test
	void publisherShouldBeToldByTheCommitThatTheQueueIsFull() {
		this.contextRunner.withBean(CommittedHandler.class)
			.withPropertyValues("mainloop.queue-capacity=8")
			.run((context) -> {
				CountDownLatch gate = new CountDownLatch(1);
				context.getBean(MainLoop.class).execute(() -> await(gate));
				for (int i = 0; i < 8; i++) {
					context.publishEvent(new Placed("early"));
				}
				Shop shop = context.getBean(Shop.class);
				assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> shop.place("book", (same) -> {
				})).withMessageContaining("The queue 'application events after commit' is full");
				assertThat(shop.orders()).containsExactly("book");
				gate.countDown();
			});
	}

	@Test
	void afterCommitWithoutApplicationEventsShouldBeRefused() {
		this.contextRunner.withBean("bad", WithoutEvents.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(InvalidHandlerException.class)
				.hasMessageContaining("it is to be called after the commit, and takes no application events"));
	}

	/** And not that of the commit, which comes later. */
	@Test
	void eventShouldCarryTheTraceOfItsPublisherThroughTheCommit() {
		this.observed.run((context) -> {
			Received received = context.getBean(Received.class);
			observe("request", () -> context.getBean(Shop.class)
				.place("book", (shop) -> observe("publisher", () -> context.publishEvent(new Placed("pen")))));
			take(received, "at once: book", "at once: pen", "after commit: book, of [book]",
					"after commit: pen, of [book]");
			context.close();
			SimpleSpan request = spans("request").get(0);
			SimpleSpan publisher = spans("publisher").get(0);
			assertThat(publisher.getParentId()).isEqualTo(request.getSpanId()).isNotEmpty();
			assertThat(spans("handler.afterCommit")).extracting(SimpleSpan::getParentId)
				.containsExactly(request.getSpanId(), publisher.getSpanId());
			assertThat(this.tracer.getSpans()).hasSize(6)
				.extracting(SimpleSpan::getTraceId)
				.containsOnly(request.getTraceId());
		});
	}

	@Test
	void rollbackShouldLeaveNoObservation() {
		this.observed.run((context) -> {
			Received received = context.getBean(Received.class);
			assertThatIllegalStateException()
				.isThrownBy(() -> observe("request", () -> context.getBean(Shop.class).place("book", (shop) -> {
					throw new IllegalStateException("sold out");
				})));
			context.publishEvent(new Placed("pen"));
			take(received, "at once: book", "at once: pen", "after commit: pen, of []");
			BlockingQueue<Optional<Observation>> current = new LinkedBlockingQueue<>();
			context.getBean(MainLoop.class)
				.execute(() -> current.add(Optional.ofNullable(this.registry.getCurrentObservation())));
			assertThat(current.poll(30, TimeUnit.SECONDS)).isEmpty();
			assertThat(this.registry.getCurrentObservation()).isNull();
			context.close();
			assertThat(spans("handler.afterCommit")).singleElement()
				.extracting(SimpleSpan::getTraceId)
				.isNotEqualTo(spans("request").get(0).getTraceId());
			assertThat(this.tracer.getSpans()).hasSize(4)
				.allSatisfy((span) -> assertThat(span.getEndTimestamp()).isAfterOrEqualTo(span.getStartTimestamp()));
		});
	}

	private void observe(String name, Runnable action) {
		Observation.createNotStarted(name, this.registry).observe(action);
	}

	private List<SimpleSpan> spans(String name) {
		return this.tracer.getSpans().stream().filter((span) -> span.getName().equals(name)).toList();
	}

	/** The two queues are handled in any order. */
	private static void take(Received received, String... entries) {
		assertThat(Stream.generate(received::take).limit(entries.length)).containsExactlyInAnyOrder(entries);
	}

	private static void awaitIdleness(MainLoop loop) {
		CountDownLatch idle = new CountDownLatch(1);
		loop.execute(() -> loop.execute(idle::countDown));
		await(idle);
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	record Placed(String article) {

	}

	static class Received {

		private final BlockingQueue<String> entries = new LinkedBlockingQueue<>();

		String take() {
			try {
				return String.valueOf(this.entries.poll(30, TimeUnit.SECONDS));
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	@EventHandler
	record Handler(Received received, JdbcTemplate jdbc) {

		@OnMessage(applicationEvents = true)
		void atOnce(Placed placed) {
			this.received.entries.add("at once: " + placed.article);
		}

		@OnMessage(applicationEvents = true, afterCommit = true)
		void afterCommit(Placed placed) {
			this.received.entries.add("after commit: %s, of %s".formatted(placed.article, Shop.orders(this.jdbc)));
		}

	}

	@EventHandler
	static class CommittedHandler {

		@OnMessage(applicationEvents = true, afterCommit = true)
		void afterCommit(Placed placed) {
		}

	}

	@EventHandler
	static class WithoutEvents {

		@OnMessage(afterCommit = true)
		void afterCommit(Placed placed) {
		}

	}

	record Follower(ApplicationEventPublisher publisher) {

		@TransactionalEventListener(condition = "#placed.article == 'book'")
		void afterCommit(Placed placed) {
			this.publisher.publishEvent(new Placed("bookmark"));
		}

	}

	static class Shop {

		private final ApplicationEventPublisher publisher;

		private final JdbcTemplate jdbc;

		Shop(ApplicationEventPublisher publisher, JdbcTemplate jdbc) {
			this.publisher = publisher;
			this.jdbc = jdbc;
		}

		@Transactional
		void place(String article, Consumer<Shop> before) {
			this.jdbc.update("insert into orders values (?)", article);
			this.publisher.publishEvent(new Placed(article));
			before.accept(this);
		}

		@Transactional(propagation = Propagation.REQUIRES_NEW)
		void placeAlone(String article) {
			this.jdbc.update("insert into orders values (?)", article);
			this.publisher.publishEvent(new Placed(article));
		}

		List<String> orders() {
			return orders(this.jdbc);
		}

		static List<String> orders(JdbcTemplate jdbc) {
			return jdbc.queryForList("select article from orders order by article", String.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	static class Application {

		@Bean(destroyMethod = "shutdown")
		DataSource dataSource() {
			return new EmbeddedDatabaseBuilder().setType(EmbeddedDatabaseType.H2).generateUniqueName(true).build();
		}

		@Bean
		PlatformTransactionManager transactionManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean
		JdbcTemplate jdbc(DataSource dataSource) {
			JdbcTemplate jdbc = new JdbcTemplate(dataSource);
			jdbc.execute("create table orders (article varchar(20))");
			return jdbc;
		}

		@Bean
		Shop shop(ApplicationEventPublisher publisher, JdbcTemplate jdbc) {
			return new Shop(publisher, jdbc);
		}

	}

}
