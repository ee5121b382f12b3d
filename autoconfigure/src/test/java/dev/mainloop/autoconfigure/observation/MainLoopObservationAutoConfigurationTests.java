package dev.mainloop.autoconfigure.observation;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.mainloop.ErrorHandler;
import dev.mainloop.EventQueue;
import dev.mainloop.EventSource;
import dev.mainloop.QueueSource;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.QueueName;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.handler.HandlerCall;
import dev.mainloop.handler.Placement;
import dev.mainloop.observation.DefaultHandlerObservationConvention;
import dev.mainloop.observation.HandlerObservationContext;
import dev.mainloop.observation.HandlerObservationConvention;
import dev.mainloop.observation.HandlerObservations;
import dev.mainloop.testing.LinuxTest;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.test.simple.SimpleTracer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationEvent;

import static org.assertj.core.api.Assertions.assertThat;

@LinuxTest
class MainLoopObservationAutoConfigurationTests {

	private static final String PROPERTY = "mainloop.observations.enabled";

	private final ApplicationContextRunner withoutRegistry = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(MainLoopAutoConfiguration.class, MainLoopObservationAutoConfiguration.class))
		.withBean("handler", Handler.class)
		.withBean(Errors.class);

	private final TestObservationRegistry registry = TestObservationRegistry.create();

	private final ApplicationContextRunner contextRunner = this.withoutRegistry.withBean(ObservationRegistry.class,
			() -> this.registry);

	@Test
	void callsShouldBeObserved() {
		this.contextRunner.run((context) -> {
			Handler handler = context.getBean(Handler.class);
			handler.strings.send("a");
			assertThat(handler.next()).isEqualTo(new Call("a", null, "take"));
			context.close();
			TestObservationRegistryAssert.assertThat(this.registry)
				.hasNumberOfObservationsWithNameEqualTo("mainloop.handler.call", 1)
				.hasObservationWithNameEqualTo("mainloop.handler.call")
				.that()
				.hasBeenStarted()
				.hasBeenStopped()
				.doesNotHaveError()
				.hasLowCardinalityKeyValue("bean", "handler")
				.hasLowCardinalityKeyValue("method", "take")
				.hasLowCardinalityKeyValue("kind", "message")
				.hasLowCardinalityKeyValue("exception", "none");
		});
	}

	@Test
	void messagesShouldCarryTheObservationOfTheirSender() {
		this.contextRunner.run((context) -> {
			Handler handler = context.getBean(Handler.class);
			Observation sender = Observation.start("sender", this.registry);
			sender.scoped(() -> {
				handler.strings.send("a");
				handler.named.send(List.of("b"));
				context.publishEvent(new Published("c"));
				assertThat(handler.strings.offer("d")).isTrue();
			});
			sender.stop();
			handler.strings.send("e");
			assertThat(List.of(handler.next(), handler.next(), handler.next(), handler.next(), handler.next()))
				.containsExactlyInAnyOrder(new Call("a", "sender", "take"), new Call("b", "sender", "takeList"),
						new Call("c", "sender", "takeEvent"), new Call("d", "sender", "take"),
						new Call("e", null, "take"));
		});
	}

	@Test
	void messagesThatHandlersReturnShouldCarryTheirObservation() {
		this.contextRunner.run((context) -> {
			Handler handler = context.getBean(Handler.class);
			handler.numbers.send(1);
			assertThat(handler.next()).isEqualTo(new Call("1", null, "pass"));
			assertThat(handler.next()).isEqualTo(new Call("passed", "mainloop.handler.call", "take"));
		});
	}

	@Test
	void errorsShouldBeObservedAndTellTheMessage() {
		this.contextRunner.run((context) -> {
			Handler handler = context.getBean(Handler.class);
			Observation.start("sender", this.registry).scoped(() -> handler.strings.send("fail"));
			handler.strings.send("a");
			assertThat(handler.next()).isEqualTo(new Call("fail", "sender", "take"));
			assertThat(handler.next()).isEqualTo(new Call("a", null, "take"));
			assertThat(context.getBean(Errors.class).events.poll(30, TimeUnit.SECONDS)).isEqualTo("fail");
			context.close();
			TestObservationRegistryAssert.assertThat(this.registry)
				.hasAnObservation(
						(observation) -> observation.hasLowCardinalityKeyValue("exception", "IllegalArgumentException")
							.hasError());
		});
	}

	/** As it would be a leak. */
	@Test
	void handlersThatSendForEverShouldHaveFewAncestors() {
		this.contextRunner.run((context) -> {
			Handler handler = context.getBean(Handler.class);
			handler.durations.send(Duration.ofSeconds(500));
			assertThat(handler.ancestors.poll(30, TimeUnit.SECONDS)).isPositive().isLessThan(100);
		});
	}

	@Test
	void handlersShouldBeInTheTraceOfTheSender() {
		SimpleTracer tracer = new SimpleTracer();
		this.registry.observationConfig().observationHandler(new DefaultTracingObservationHandler(tracer));
		this.contextRunner.run((context) -> {
			Handler handler = context.getBean(Handler.class);
			Observation sender = Observation.start("sender", this.registry);
			String trace = sender.scoped(() -> Objects.requireNonNull(tracer.currentSpan()).context().traceId());
			sender.scoped(() -> handler.strings.send("a"));
			sender.stop();
			handler.next();
			context.close();
			assertThat(tracer.getSpans()).filteredOn((span) -> span.getName().equals("handler.take"))
				.singleElement()
				.extracting((span) -> span.context().traceId())
				.isEqualTo(trace);
			assertThat(trace).isNotEmpty();
		});
	}

	@Test
	void conventionShouldBeReplaceable() {
		this.contextRunner
			.withBean(HandlerObservationConvention.class, () -> new DefaultHandlerObservationConvention() {

				@Override
				public KeyValues getLowCardinalityKeyValues(HandlerObservationContext context) {
					return KeyValues.of("method", "message " + context.getMessage());
				}

			})
			.run((context) -> {
				Handler handler = context.getBean(Handler.class);
				handler.strings.send("a");
				assertThat(handler.next()).isEqualTo(new Call("a", null, "message a"));
			});
	}

	@Test
	void nothingShouldBeObservedIfThePropertySaysSo() {
		this.contextRunner.withPropertyValues(PROPERTY + "=false").run(this::requireNone);
	}

	@Test
	void nothingShouldBeObservedForMetersAlone() {
		ApplicationContextRunner meters = this.contextRunner.withBean(DefaultMeterObservationHandler.class,
				() -> new DefaultMeterObservationHandler(new SimpleMeterRegistry()));
		meters.run(this::requireNone);
		meters.withPropertyValues(PROPERTY + "=true")
			.run((context) -> assertThat(context).hasSingleBean(HandlerObservations.class));
		meters.withBean(DefaultTracingObservationHandler.class, () -> new DefaultTracingObservationHandler(Tracer.NOOP))
			.run((context) -> assertThat(context).hasSingleBean(HandlerObservations.class));
	}

	@Test
	void handlersShouldBeCalledWithoutObservations() {
		this.withoutRegistry.withBean(ObservationRegistry.class, () -> ObservationRegistry.NOOP).run((context) -> {
			Handler handler = context.getBean(Handler.class);
			handler.strings.send("a");
			assertThat(handler.next()).isEqualTo(new Call("a", null, null));
		});
	}

	@Test
	void callsShouldTakeTheSameWayUnlessTheyAreObserved() {
		List<String> way = way(new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class)));
		ApplicationContextRunner observing = new ApplicationContextRunner().withConfiguration(
				AutoConfigurations.of(MainLoopAutoConfiguration.class, MainLoopObservationAutoConfiguration.class));
		assertThat(way(observing)).isEqualTo(way).hasSizeGreaterThan(3);
		assertThat(way(observing.withBean(ObservationRegistry.class, () -> ObservationRegistry.NOOP))).isEqualTo(way);
		assertThat(way(observing.withBean(ObservationRegistry.class, ObservationRegistry::create))).isEqualTo(way);
		assertThat(way(observing.withBean(ObservationRegistry.class, () -> this.registry)))
			.hasSizeGreaterThan(way.size())
			.contains(HandlerObservations.class.getName() + ".observe");
	}

	private static List<String> way(ApplicationContextRunner runner) {
		BlockingQueue<List<String>> ways = new LinkedBlockingQueue<>();
		List<String> way = new ArrayList<>();
		runner.withBean(Callee.class, () -> new Callee(ways)).run((context) -> {
			context.publishEvent("a");
			way.addAll(Objects.requireNonNull(ways.poll(30, TimeUnit.SECONDS)));
		});
		return way;
	}

	@Test
	void callThatIsNotObservedShouldBeTheVerySame() throws Exception {
		HandlerCall<String> call = (event) -> {
		};
		Method method = Handler.class.getDeclaredMethod("take", String.class);
		assertThat(new HandlerObservations(ObservationRegistry.NOOP, null).decorate(call, Placement.OF_MAIN, "handler",
				method, method.getAnnotation(OnMessage.class)))
			.isSameAs(call);
	}

	@Test
	void applicationShouldStartWithoutMicrometer() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(MainLoopAutoConfiguration.class, MainLoopObservationAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("mainLoopHandlerObservations"));
	}

	private void requireNone(AssertableApplicationContext context) throws InterruptedException {
		assertThat(context).doesNotHaveBean(HandlerObservations.class);
		Handler handler = context.getBean(Handler.class);
		handler.strings.send("a");
		assertThat(handler.next()).isEqualTo(new Call("a", null, null));
	}

	private record Call(String message, @Nullable String parent, @Nullable String method) {

	}

	private static final class Published extends ApplicationEvent {

		private static final long serialVersionUID = 1;

		Published(String source) {
			super(source);
		}

	}

	static final class Errors implements ErrorHandler {

		private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

		@Override
		public void handleError(EventSource source, Object event, Throwable error) {
			this.events.add(event);
		}

	}

	@EventHandler
	record Callee(BlockingQueue<List<String>> ways) {

		/**
		 * Adds the calls that have led here from the queue, by the names of classes and
		 * methods.
		 */
		@OnMessage(applicationEvents = true)
		void take(String message) {
			this.ways.add(StackWalker.getInstance()
				.walk((frames) -> frames
					.map((frame) -> frame.getClassName().replaceAll("/.*", "") + "." + frame.getMethodName())
					.takeWhile((call) -> !call.startsWith(QueueSource.class.getName() + "."))
					.toList()));
		}

	}

	@EventHandler
	static class Handler {

		private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

		private final BlockingQueue<Integer> ancestors = new LinkedBlockingQueue<>();

		private final ObservationRegistry registry;

		private final EventQueue<String> strings;

		private final EventQueue<Integer> numbers;

		private final EventQueue<Duration> durations;

		private final EventQueue<List<String>> named;

		Handler(ObservationRegistry registry, EventQueue<String> strings, EventQueue<Integer> numbers,
				EventQueue<Duration> durations, @QueueName("named") EventQueue<List<String>> named) {
			this.registry = registry;
			this.strings = strings;
			this.numbers = numbers;
			this.durations = durations;
			this.named = named;
		}

		Call next() throws InterruptedException {
			return Objects.requireNonNull(this.calls.poll(30, TimeUnit.SECONDS));
		}

		@OnMessage
		void take(String message) {
			add(message);
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
		@Nullable Duration count(Duration left) {
			if (!left.isZero()) {
				return left.minusSeconds(1);
			}
			int count = 0;
			ObservationView observation = this.registry.getCurrentObservation();
			while (observation != null) {
				count++;
				observation = observation.getContextView().getParentObservation();
			}
			this.ancestors.add(count);
			return null;
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
			Observation current = this.registry.getCurrentObservation();
			ObservationView parent = (current != null) ? current.getContextView().getParentObservation() : null;
			KeyValue method = (current != null) ? current.getContextView().getLowCardinalityKeyValue("method") : null;
			this.calls.add(new Call(message, (parent != null) ? parent.getContextView().getName() : null,
					(method != null) ? method.getValue() : null));
		}

	}

}
