package dev.mainloop.autoconfigure.metrics;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import dev.mainloop.BlockedHandler;
import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.handler.MainLoopLifecycle;
import dev.mainloop.health.BlockedHandlerEvent;
import dev.mainloop.health.BlockedHandlerWatch;
import dev.mainloop.metrics.BlockedHandlerMeters;
import dev.mainloop.metrics.MainLoopMetrics;
import dev.mainloop.metrics.MainLoopTimers;
import dev.mainloop.testing.LinuxTest;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@LinuxTest
class MainLoopMetricsAutoConfigurationTests {

	private final ApplicationContextRunner withoutRegistry = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(MainLoopAutoConfiguration.class, MainLoopMetricsAutoConfiguration.class))
		.withBean("handler", Handler.class);

	private final ApplicationContextRunner contextRunner = this.withoutRegistry
		.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
				SimpleMetricsExportAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class));

	@Test
	void handlersShouldBeCountedAndTimed() {
		this.contextRunner.run((context) -> {
			handleOne(context);
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("mainloop.events").tag("source", "EventQueue<java.lang.String>").functionCounter())
				.satisfies((counter) -> assertThat(counter.count()).isEqualTo(1));
			assertThat(registry.get("mainloop.events").tag("source", "handler.tick").functionCounter()).isNotNull();
			assertThat(registry.get("mainloop.handler").tags("bean", "handler", "method", "take").timer().count())
				.isEqualTo(1);
			assertThat(registry.get("mainloop.lag").tag("kind", "queue").timer().count()).isPositive();
		});
	}

	/** The sources of timers are closed when the context stops, and others follow. */
	@Test
	void sourcesOfASecondStartShouldBeTakenUp() {
		this.contextRunner.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			MainLoopLifecycle lifecycle = context.getBean(MainLoopLifecycle.class);
			awaitTick(context);
			context.getSourceApplicationContext().stop();
			assertThat(lifecycle.isRunning()).isFalse();
			double before = ticks(registry);
			context.getSourceApplicationContext().start();
			awaitTick(context);
			context.getSourceApplicationContext().stop();
			assertThat(before).isPositive();
			assertThat(ticks(registry)).isGreaterThan(before);
		});
	}

	private static double ticks(MeterRegistry registry) {
		return registry.get("mainloop.events").tag("source", "handler.tick").functionCounter().count();
	}

	private static void awaitTick(AssertableApplicationContext context) throws InterruptedException {
		Handler handler = context.getBean(Handler.class);
		handler.ticked = new CountDownLatch(1);
		assertThat(handler.ticked.await(30, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void distributionsShouldBeConfigurable() {
		this.withoutRegistry
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					PrometheusMetricsExportAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class))
			.withPropertyValues("management.metrics.distribution.percentiles-histogram.mainloop.handler=true",
					"management.metrics.distribution.slo.mainloop.lag=1ms")
			.run((context) -> {
				handleOne(context);
				assertThat(context.getBean(PrometheusMeterRegistry.class).scrape())
					.containsPattern("mainloop_handler_seconds_bucket\\{.*method=\"take\",.*le=\"\\+Inf\"} 1")
					.contains("mainloop_lag_seconds_bucket{kind=\"queue\",loop=\"main\",le=\"0.001\"}");
			});
	}

	@Test
	void lazyBeansShouldBeMeasured() {
		this.contextRunner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				handleOne(context);
				assertThat(context.getBean(MeterRegistry.class).get("mainloop.handler").tag("method", "take").timer())
					.satisfies((timer) -> assertThat(timer.count()).isEqualTo(1));
				assertThat(context.getBean(MeterRegistry.class).get("mainloop.iterations").functionCounter())
					.satisfies((counter) -> assertThat(counter.count()).isPositive());
			});
	}

	/**
	 * The loop measures a message when its handler has returned, and tasks come after it.
	 */
	private static void handleOne(AssertableApplicationContext context) throws InterruptedException {
		context.getBean(Handler.class).queue.send("message");
		CountDownLatch handled = new CountDownLatch(1);
		context.getBean(MainLoop.class).execute(handled::countDown);
		assertThat(handled.await(30, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void handlerShouldBeCountedWhileItBlocks() {
		this.contextRunner.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			Handler handler = context.getBean(Handler.class);
			FunctionTimer blocked = blocked(registry, "block");
			assertThat(blocked.count()).isZero();
			handler.numbers.send(1);
			await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(blocked.count()).isEqualTo(1));
			double first = blocked.totalTime(TimeUnit.MILLISECONDS);
			assertThat(first).isGreaterThanOrEqualTo(100);
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(blocked.totalTime(TimeUnit.MILLISECONDS)).isGreaterThan(first));
			assertThat(handler.returns.hasQueuedThreads()).isTrue();
			handler.returns.release();
			handleOne(context);
			assertThat(blocked.count()).isEqualTo(1);
		});
	}

	@Test
	void handlerThatHasReturnedShouldBeCountedAlsoIfAListenerFails() {
		this.contextRunner.withBean(FailingListener.class).run((context) -> {
			Handler handler = context.getBean(Handler.class);
			FailingListener listener = context.getBean(FailingListener.class);
			handler.numbers.send(1);
			assertThat(listener.found.await(30, TimeUnit.SECONDS)).isTrue();
			handler.returns.release();
			assertThat(listener.returned.await(30, TimeUnit.SECONDS)).isTrue();
			assertThat(blocked(context.getBean(MeterRegistry.class), "block").count()).isEqualTo(1);
		});
	}

	private static FunctionTimer blocked(MeterRegistry registry, String method) {
		return registry.get("mainloop.blocked").tags("bean", "handler", "method", method).functionTimer();
	}

	@Test
	void blockedHandlersShouldNotBeCountedWithoutTheWatch() {
		this.contextRunner.withPropertyValues("mainloop.blocked-handler.enabled=false").run((context) -> {
			assertThat(context).hasNotFailed()
				.hasSingleBean(MainLoopTimers.class)
				.doesNotHaveBean(BlockedHandlerMeters.class);
			assertThat(context.getBean(MeterRegistry.class).find("mainloop.blocked").meters()).isEmpty();
		});
	}

	@Test
	void ownBeansShouldBeUsedInstead() {
		this.contextRunner
			.withBean("own", MainLoopMetrics.class, () -> new MainLoopMetrics(MainLoop.builder().build(), List.of()))
			.run((context) -> assertThat(context).hasSingleBean(MainLoopMetrics.class).hasBean("own"));
	}

	@Test
	void nothingShouldBeMeasuredWithoutARegistry() {
		this.withoutRegistry.run((context) -> assertThat(context).hasNotFailed()
			.hasSingleBean(BlockedHandlerWatch.class)
			.doesNotHaveBean(MainLoopMetrics.class)
			.doesNotHaveBean(MainLoopTimers.class)
			.doesNotHaveBean(BlockedHandlerMeters.class));
	}

	@Test
	void nothingShouldBeMeasuredWithoutMicrometer() {
		this.withoutRegistry.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(MainLoop.class)
				.doesNotHaveBean("mainLoopMetrics")
				.doesNotHaveBean("mainLoopTimers")
				.doesNotHaveBean("mainLoopBlockedHandlerMeters"));
	}

	@Test
	void nothingShouldBeMeasuredWithoutALoop() {
		this.contextRunner.withPropertyValues("mainloop.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(MainLoopMetrics.class)
				.doesNotHaveBean(MainLoopTimers.class)
				.doesNotHaveBean(BlockedHandlerMeters.class));
	}

	@EventHandler
	static class Handler {

		private final EventQueue<String> queue;

		private final EventQueue<Integer> numbers;

		private final Semaphore returns = new Semaphore(0);

		private volatile CountDownLatch ticked = new CountDownLatch(1);

		Handler(EventQueue<String> queue, EventQueue<Integer> numbers) {
			this.queue = queue;
			this.numbers = numbers;
		}

		@OnMessage
		void block(Integer message) throws InterruptedException {
			this.returns.tryAcquire(30, TimeUnit.SECONDS);
		}

		@OnMessage
		void take(String message) {
		}

		@OnTimer(every = "1ms")
		void tick() {
			this.ticked.countDown();
		}

	}

	static class FailingListener implements ApplicationListener<PayloadApplicationEvent<BlockedHandlerEvent>> {

		private final CountDownLatch found = new CountDownLatch(1);

		private final CountDownLatch returned = new CountDownLatch(1);

		@Override
		public void onApplicationEvent(PayloadApplicationEvent<BlockedHandlerEvent> event) {
			BlockedHandler blocked = event.getPayload().blocked();
			if (blocked.handler().equals("handler.block")) {
				(blocked.returned() ? this.returned : this.found).countDown();
			}
			throw new IllegalStateException("expected by the test");
		}

	}

}
