package dev.mainloop.autoconfigure.context;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.QueueSource;
import dev.mainloop.annotation.Blocking;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.QueueName;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.autoconfigure.observation.MainLoopObservationAutoConfiguration;
import dev.mainloop.observation.ContextPropagation;
import dev.mainloop.testing.LinuxTest;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import io.micrometer.observation.tck.TestObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationEvent;

import static org.assertj.core.api.Assertions.assertThat;

@LinuxTest
class MainLoopContextPropagationAutoConfigurationTests {

	private static final String PROPERTY = "mainloop.context-propagation.enabled";

	private static final ThreadLocal<@Nullable String> tenant = new ThreadLocal<>();

	private final ApplicationContextRunner withoutHandler = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class,
				MainLoopObservationAutoConfiguration.class, MainLoopContextPropagationAutoConfiguration.class));

	private final ApplicationContextRunner contextRunner = this.withoutHandler.withBean("handler", Handler.class);

	@BeforeEach
	void registerTenant() {
		ContextRegistry.getInstance().registerThreadLocalAccessor("tenant", tenant::get, tenant::set, tenant::remove);
	}

	@AfterEach
	void clear() {
		ContextRegistry.getInstance().removeThreadLocalAccessor("tenant");
		ContextRegistry.getInstance().removeThreadLocalAccessor(Slf4jThreadLocalAccessor.KEY);
		tenant.remove();
		MDC.clear();
	}

	@Test
	void handlerShouldHaveTheContextOfItsSenderAlone() {
		this.contextRunner.run((context) -> {
			Handler handler = context.getBean(Handler.class);
			Thread ada = new Thread(() -> {
				MDC.put("user", "ada");
				tenant.set("north");
				handler.strings.send("a");
			});
			Thread nobody = new Thread(() -> handler.strings.send("b"));
			Thread bob = new Thread(() -> {
				MDC.put("request", "7");
				handler.strings.send("c");
			});
			for (Thread sender : List.of(ada, nobody, bob)) {
				sender.start();
				sender.join();
			}
			assertThat(handler.next()).isEqualTo(new Seen("a", Map.of("user", "ada"), "north", null));
			assertThat(handler.next()).isEqualTo(new Seen("b", Map.of(), null, null));
			assertThat(handler.next()).isEqualTo(new Seen("c", Map.of("request", "7"), null, null));
		});
	}

	@Test
	void allQueuesShouldCarryIt() {
		this.contextRunner.run((context) -> {
			Handler handler = context.getBean(Handler.class);
			MDC.put("user", "ada");
			tenant.set("north");
			handler.named.send(List.of("a"));
			assertThat(handler.next()).isEqualTo(new Seen("a", Map.of("user", "ada"), "north", null));
			context.publishEvent(new Published("b"));
			assertThat(handler.next()).isEqualTo(new Seen("b", Map.of("user", "ada"), "north", null));
			handler.numbers.send(1);
			assertThat(handler.next()).isEqualTo(new Seen("1", Map.of("user", "ada"), "north", null));
			assertThat(handler.next()).isEqualTo(new Seen("passed", Map.of("user", "ada"), "north", null));
		});
	}

	@Test
	void workerShouldHaveItAndHandlersOfWhatItReturns() {
		this.withoutHandler.withBean("worker", Worker.class).run((context) -> {
			Worker worker = context.getBean(Worker.class);
			MDC.put("user", "ada");
			tenant.set("north");
			worker.strings.send("a");
			MDC.put("user", "bob");
			tenant.remove();
			worker.strings.send("bc");
			assertThat(List.of(worker.next(), worker.next(), worker.next(), worker.next())).containsExactlyInAnyOrder(
					"a by ada of north", "1 by ada of north", "bc by bob of null", "2 by bob of null");
		});
	}

	@Test
	void offloadedWorkShouldHaveItAndWhatFollows() {
		this.withoutHandler.run((context) -> {
			MainLoop loop = context.getBean(MainLoop.class);
			MDC.put("user", "ada");
			CompletableFuture<String> worker = loop.offload(() -> MDC.get("user"));
			CompletableFuture<String> follower = loop.offload(() -> "").thenApply((none) -> MDC.get("user"));
			MDC.clear();
			assertThat(worker.get(60, TimeUnit.SECONDS)).isEqualTo("ada");
			assertThat(follower.get(60, TimeUnit.SECONDS)).isEqualTo("ada");
		});
	}

	@Test
	void tasksAndTimersThatHandlersMakeShouldHaveNone() {
		this.contextRunner.run((context) -> {
			Handler handler = context.getBean(Handler.class);
			MDC.put("user", "ada");
			handler.durations.send(Duration.ofMillis(1));
			assertThat(handler.next()).isEqualTo(new Seen("PT0.001S", Map.of("user", "ada"), null, null));
			assertThat(List.of(handler.next(), handler.next())).containsExactlyInAnyOrder(
					new Seen("task", Map.of(), null, null), new Seen("timer", Map.of(), null, null));
		});
	}

	@Test
	void contextShouldBeTakenBackAfterAnError() {
		this.contextRunner.run((context) -> {
			Handler handler = context.getBean(Handler.class);
			MDC.put("user", "ada");
			handler.strings.send("fail");
			MDC.clear();
			handler.strings.send("a");
			assertThat(handler.next()).isEqualTo(new Seen("fail", Map.of("user", "ada"), null, null));
			assertThat(handler.next()).isEqualTo(new Seen("a", Map.of(), null, null));
		});
	}

	@Test
	void observationShouldBeCarriedOnce() {
		TestObservationRegistry registry = TestObservationRegistry.create();
		this.contextRunner.withBean(ObservationRegistry.class, () -> registry).run((context) -> {
			Handler handler = context.getBean(Handler.class);
			ContextPropagation propagation = context.getBean(ContextPropagation.class);
			Observation.start("sender", registry).scoped(() -> {
				assertThat(propagation.capture()).isNull();
				MDC.put("user", "ada");
				handler.strings.send("a");
			});
			MDC.clear();
			handler.strings.send("b");
			assertThat(handler.next()).isEqualTo(new Seen("a", Map.of("user", "ada"), null, "sender"));
			assertThat(handler.next()).isEqualTo(new Seen("b", Map.of(), null, null));
		});
	}

	@Test
	void observationShouldBeCarriedWhereCallsAreNotObserved() {
		TestObservationRegistry registry = TestObservationRegistry.create();
		this.contextRunner.withBean(ObservationRegistry.class, () -> registry)
			.withPropertyValues("mainloop.observations.enabled=false")
			.run((context) -> {
				MainLoop loop = context.getBean(MainLoop.class);
				Handler handler = context.getBean(Handler.class);
				Observation.start("sender", registry).scoped(() -> handler.strings.send("a"));
				assertThat(handler.next().message()).isEqualTo("a");
				assertThat(handler.current.take()).isEqualTo("sender");
				loop.execute(() -> handler.current.add(currentName(registry)));
				assertThat(handler.current.take()).isEqualTo("none");
			});
	}

	@Test
	void accessorOfTheMdcThatIsRegisteredShouldBeUsed() {
		ContextRegistry.getInstance().registerThreadLocalAccessor(new Slf4jThreadLocalAccessor("user"));
		this.contextRunner.run((context) -> {
			Handler handler = context.getBean(Handler.class);
			MDC.put("request", "7");
			assertThat(context.getBean(ContextPropagation.class).capture()).isNull();
			MDC.put("user", "ada");
			handler.strings.send("a");
			assertThat(handler.next()).isEqualTo(new Seen("a", Map.of("user", "ada"), null, null));
		});
	}

	@Test
	void registryShouldNotBeChanged() {
		List<ThreadLocalAccessor<?>> before = List.copyOf(ContextRegistry.getInstance().getThreadLocalAccessors());
		this.contextRunner.run((context) -> {
			MDC.put("user", "ada");
			Handler handler = context.getBean(Handler.class);
			handler.strings.send("a");
			handler.next();
			assertThat(ContextRegistry.getInstance().getThreadLocalAccessors()).isEqualTo(before);
		});
	}

	@Test
	void messageWithoutContextShouldTakeTheSameWayAsWithoutTheLibrary() {
		this.contextRunner.run((context) -> {
			List<String> way = way(context);
			assertThat(way).hasSizeGreaterThan(1).noneMatch((call) -> call.contains("SentMessage"));
			MDC.put("user", "ada");
			assertThat(way(context)).anyMatch((call) -> call.contains("SentMessage"));
			MDC.remove("user");
			assertThat(way(context)).isEqualTo(way);
		});
	}

	@Test
	void nothingShouldBeCarriedWithoutTheLibrary() {
		MDC.put("user", "ada");
		tenant.set("north");
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.micrometer.context"))
			.run(this::requireNothingCarried);
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.micrometer")).run(this::requireNothingCarried);
	}

	@Test
	void nothingShouldBeCarriedIfThePropertySaysSo() {
		MDC.put("user", "ada");
		tenant.set("north");
		this.contextRunner.withPropertyValues(PROPERTY + "=false").run(this::requireNothingCarried);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "true" })
	void contextShouldBeCarriedUnlessThePropertySaysOtherwise(String value) {
		this.contextRunner.withPropertyValues(PROPERTY + "=" + value)
			.run((context) -> assertThat(context).hasSingleBean(ContextPropagation.class));
	}

	@Test
	void applicationShouldStartWithoutALoop() {
		this.withoutHandler.withPropertyValues("mainloop.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ContextPropagation.class));
	}

	private void requireNothingCarried(AssertableApplicationContext context) throws InterruptedException {
		assertThat(context).hasNotFailed().doesNotHaveBean("mainLoopContextPropagation");
		Handler handler = context.getBean(Handler.class);
		handler.strings.send("a");
		assertThat(handler.next()).isEqualTo(new Seen("a", Map.of(), null, null));
		assertThat(way(context)).noneMatch((call) -> call.contains("SentMessage"));
	}

	private static List<String> way(AssertableApplicationContext context) throws InterruptedException {
		Handler handler = context.getBean(Handler.class);
		handler.strings.send("way");
		handler.next();
		return handler.ways.take();
	}

	private static String currentName(ObservationRegistry registry) {
		Observation current = registry.getCurrentObservation();
		return (current != null) ? String.valueOf(current.getContextView().getName()) : "none";
	}

	private record Seen(String message, Map<String, String> mdc, @Nullable String tenant, @Nullable String parent) {

	}

	private static final class Published extends ApplicationEvent {

		private static final long serialVersionUID = 1;

		Published(String source) {
			super(source);
		}

	}

	@EventHandler
	static class Handler {

		private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();

		private final BlockingQueue<String> current = new LinkedBlockingQueue<>();

		private final BlockingQueue<List<String>> ways = new LinkedBlockingQueue<>();

		private final MainLoop loop;

		private final ObservationRegistry registry;

		private final EventQueue<String> strings;

		private final EventQueue<Integer> numbers;

		private final EventQueue<Duration> durations;

		private final EventQueue<List<String>> named;

		Handler(MainLoop loop, ObjectProvider<ObservationRegistry> registry, EventQueue<String> strings,
				EventQueue<Integer> numbers, EventQueue<Duration> durations,
				@QueueName("named") EventQueue<List<String>> named) {
			this.loop = loop;
			this.registry = registry.getIfAvailable(() -> ObservationRegistry.NOOP);
			this.strings = strings;
			this.numbers = numbers;
			this.durations = durations;
			this.named = named;
		}

		Seen next() throws InterruptedException {
			return Objects.requireNonNull(this.seen.poll(30, TimeUnit.SECONDS));
		}

		@OnMessage
		void take(String message) {
			add(message);
			this.current.add(currentName(this.registry));
			if (message.equals("way")) {
				this.ways.add(StackWalker.getInstance()
					.walk((frames) -> frames.map((frame) -> frame.getClassName().replaceAll("/.*", ""))
						.takeWhile((name) -> !name.equals(QueueSource.class.getName()))
						.toList()));
			}
			if (message.equals("fail")) {
				throw new IllegalArgumentException(message);
			}
		}

		@OnMessage
		String pass(Integer message) {
			add(message.toString());
			return "passed";
		}

		@OnMessage
		void arm(Duration message) {
			add(message.toString());
			this.loop.execute(() -> add("task"));
			this.loop.after("timer", message, (tick) -> add("timer"));
		}

		@OnMessage(queue = "named")
		void takeList(List<String> message) {
			add(message.get(0));
		}

		@OnMessage(applicationEvents = true)
		void takeEvent(Published event) {
			add(event.getSource().toString());
		}

		private void add(String message) {
			Map<String, String> mdc = MDC.getCopyOfContextMap();
			Observation current = this.registry.getCurrentObservation();
			ObservationView parent = (current != null) ? current.getContextView().getParentObservation() : null;
			this.seen.add(new Seen(message, (mdc != null) ? mdc : Map.of(), tenant.get(),
					(parent != null) ? parent.getContextView().getName() : null));
		}

	}

	/** Blocks. */
	@EventHandler
	static class Worker {

		private final EventQueue<String> strings;

		private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

		Worker(EventQueue<String> strings) {
			this.strings = strings;
		}

		@Blocking
		@OnMessage
		Integer work(String message) {
			see(message);
			return message.length();
		}

		@OnMessage
		void worked(Integer length) {
			see(length);
		}

		private void see(Object message) {
			this.seen.add("%s by %s of %s".formatted(message, MDC.get("user"), tenant.get()));
		}

		String next() throws InterruptedException {
			return Objects.requireNonNull(this.seen.poll(60, TimeUnit.SECONDS));
		}

	}

}
