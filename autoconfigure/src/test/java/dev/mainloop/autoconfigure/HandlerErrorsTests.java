package dev.mainloop.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.mainloop.ErrorHandler;
import dev.mainloop.EventQueue;
import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopState;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.autoconfigure.health.MainLoopHealthContributorAutoConfiguration;
import dev.mainloop.health.MainLoopHealthIndicator;
import dev.mainloop.testing.LinuxTest;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@LinuxTest
class HandlerErrorsTests {

	private final List<String> errors = new CopyOnWriteArrayList<>();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class,
				MainLoopHealthContributorAutoConfiguration.class))
		.withBean("orders", Orders.class);

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void logShouldNameBeanAndMethodAndEvent(CapturedOutput output) {
		this.contextRunner.withBean("clock", Clock.class).run((context) -> {
			send(context, "bad");
			await().untilAsserted(
					() -> assertThat(output).contains("The handler of 'clock.tick' failed for TimerTick[expirations=")
						.contains("IllegalStateException: tock")
						.contains("The handler of 'orders.place' failed for bad")
						.contains("IllegalArgumentException: No order: bad"));
		});
	}

	@Test
	void errorHandlerOfTheLoopShouldBeToldSourceAndEvent() {
		this.contextRunner
			.withBean("own", ErrorHandler.class,
					() -> (source, event, error) -> this.errors.add(source + " " + event + " " + error.getMessage()))
			.withBean("springs", org.springframework.util.ErrorHandler.class, () -> (error) -> this.errors.add("wrong"))
			.run((context) -> {
				send(context, "bad");
				await().untilAsserted(() -> assertThat(this.errors)
					.containsExactly("EventQueue<java.lang.String> bad No order: bad"));
			});
	}

	@Test
	void errorHandlerOfSpringShouldBeToldTheError() {
		this.contextRunner
			.withBean("springs", org.springframework.util.ErrorHandler.class,
					() -> (error) -> this.errors.add(error.getMessage()))
			.run((context) -> {
				send(context, "bad");
				await().untilAsserted(() -> assertThat(this.errors).containsExactly("No order: bad"));
			});
	}

	@Test
	void errorHandlerShouldUseTheLoop() {
		this.contextRunner.withBean("own", LoopUser.class).run((context) -> {
			send(context, "bad");
			await().untilAsserted(() -> assertThat(context.getBean(Orders.class).placed)
				.containsExactly("instead of: No order: bad"));
		});
	}

	@Test
	void errorHandlerOfSpringShouldUseTheLoop() {
		this.contextRunner.withBean("springs", SpringLoopUser.class).run((context) -> {
			send(context, "bad");
			await().untilAsserted(() -> assertThat(context.getBean(Orders.class).placed)
				.containsExactly("instead of: No order: bad"));
		});
	}

	@Test
	void errorHandlersOfTheLoopThatAreSeveralShouldFailTheStart() {
		this.contextRunner.withBean("first", ErrorHandler.class, () -> (source, event, error) -> {
		}).withBean("second", ErrorHandler.class, () -> (source, event, error) -> {
		}).run((context) -> assertThat(context).getFailure().isInstanceOf(NoUniqueBeanDefinitionException.class));
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void errorHandlerOfSpringThatThrowsShouldNotEndTheLoop(CapturedOutput output) {
		this.contextRunner.withBean("springs", org.springframework.util.ErrorHandler.class, () -> (error) -> {
			throw (RuntimeException) error;
		}).run((context) -> {
			send(context, "bad", "good");
			await().untilAsserted(() -> assertThat(context.getBean(Orders.class).placed).containsExactly("good"));
			assertThat(output).contains("The handler of 'orders.place' failed for bad");
		});
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void logShouldBeToldWhenErrorHandlersOfSpringAreSeveral(CapturedOutput output) {
		this.contextRunner
			.withBean("first", org.springframework.util.ErrorHandler.class, () -> (error) -> this.errors.add("first"))
			.withBean("second", org.springframework.util.ErrorHandler.class, () -> (error) -> this.errors.add("second"))
			.run((context) -> {
				send(context, "bad", "good");
				await().untilAsserted(() -> assertThat(context.getBean(Orders.class).placed).containsExactly("good"));
				assertThat(output).contains("The handler of 'orders.place' failed for bad");
				assertThat(this.errors).isEmpty();
			});
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void tasksThatFailShouldNotBeCountedAsTimers(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			MainLoop loop = context.getBean(MainLoop.class);
			CountDownLatch done = new CountDownLatch(1);
			for (int i = 0; i < 3; i++) {
				loop.execute(() -> {
					throw new IllegalStateException("No task");
				});
			}
			loop.execute(done::countDown);
			assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
			assertThat(output).contains("IllegalStateException: No task");
			assertThat(loop.disabledSources()).isEmpty();
			assertThat(health(context).getDetails()).extractingByKey("sources", InstanceOfAssertFactories.MAP)
				.containsEntry("timers", 0)
				.containsEntry("queues", 1);
		});
	}

	@Test
	void handlersThatFailShouldGoOnByDefault() {
		this.contextRunner.withPropertyValues("mainloop.handler-error-limit=1").run((context) -> {
			send(context, "bad", "bad", "good");
			await().untilAsserted(() -> assertThat(context.getBean(Orders.class).placed).containsExactly("good"));
			assertThat(health(context).getDetails()).doesNotContainKeys("disabled", "error");
		});
	}

	@Test
	void disabledHandlerShouldBeShownInHealthAndBeEnabledAgain() {
		this.contextRunner.withPropertyValues("mainloop.handler-errors=disable", "mainloop.handler-error-limit=2")
			.run((context) -> {
				MainLoop loop = context.getBean(MainLoop.class);
				send(context, "bad", "bad", "good");
				await().until(() -> !loop.disabledSources().isEmpty());
				Health health = health(context);
				assertThat(health.getStatus()).isEqualTo(Status.UP);
				assertThat(health.getDetails()).containsEntry("disabled",
						Map.of("EventQueue<java.lang.String>", "java.lang.IllegalArgumentException: No order: bad"));
				assertThat(context.getBean(Orders.class).placed).isEmpty();
				loop.disabledSources().forEach(EventSource::resume);
				await().untilAsserted(() -> assertThat(context.getBean(Orders.class).placed).containsExactly("good"));
				assertThat(health(context).getDetails()).doesNotContainKey("disabled");
			});
	}

	@Test
	void startShouldEnableDisabledHandlersAgain() {
		this.contextRunner.withPropertyValues("mainloop.handler-errors=disable", "mainloop.handler-error-limit=1")
			.run((context) -> {
				MainLoop loop = context.getBean(MainLoop.class);
				send(context, "bad", "good");
				await().until(() -> !loop.disabledSources().isEmpty());
				context.stop();
				context.start();
				await().untilAsserted(() -> assertThat(context.getBean(Orders.class).placed).containsExactly("good"));
				assertThat(loop.disabledSources()).isEmpty();
			});
	}

	@Test
	void loopThatAHandlerStopsShouldBeDownAndRunAgainAfterAStart() {
		this.contextRunner.withBean("clock", Clock.class)
			.withPropertyValues("mainloop.handler-errors=stop", "mainloop.handler-error-limit=3")
			.run((context) -> {
				MainLoop loop = context.getBean(MainLoop.class);
				await().until(() -> loop.state() == MainLoopState.FAILED);
				Health health = health(context);
				assertThat(health.getStatus()).isEqualTo(Status.DOWN);
				assertThat(health.getDetails()).containsEntry("state", "failed")
					.containsEntry("error", "java.lang.IllegalStateException: tock")
					.containsEntry("disabled", Map.of("clock.tick", "java.lang.IllegalStateException: tock"));
				context.getBean(Clock.class).right = true;
				context.stop();
				context.start();
				send(context, "good");
				await().untilAsserted(() -> assertThat(context.getBean(Orders.class).placed).containsExactly("good"));
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
				assertThat(health(context).getDetails()).doesNotContainKeys("disabled", "error");
				await().untilAsserted(() -> assertThat(loop.sourceCounts()).containsEntry("timers", 1));
			});
	}

	@Test
	void limitThatIsOutOfRangeShouldFail() {
		this.contextRunner.withPropertyValues("mainloop.handler-error-limit=0")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
						(ex) -> assertThat(ex.getName()).isEqualTo("mainloop.handler-error-limit")));
	}

	private static void send(ApplicationContext context, String... orders) {
		for (String order : orders) {
			context.getBean(Orders.class).queue.send(order);
		}
	}

	private static Health health(ApplicationContext context) {
		return context.getBean(MainLoopHealthIndicator.class).health();
	}

	@EventHandler
	static class Orders {

		private final EventQueue<String> queue;

		private final List<String> placed = new CopyOnWriteArrayList<>();

		Orders(EventQueue<String> queue) {
			this.queue = queue;
		}

		@OnMessage
		void place(String order) {
			if (order.equals("bad")) {
				throw new IllegalArgumentException("No order: " + order);
			}
			this.placed.add(order);
		}

	}

	@EventHandler
	static class Clock {

		private volatile boolean right;

		@OnTimer(every = "1ms")
		void tick() {
			if (!this.right) {
				throw new IllegalStateException("tock");
			}
		}

	}

	record LoopUser(MainLoop loop, EventQueue<String> orders) implements ErrorHandler {

		@Override
		public void handleError(EventSource source, Object event, Throwable error) {
			this.loop.execute(() -> this.orders.send("instead of: " + error.getMessage()));
		}

	}

	record SpringLoopUser(MainLoop loop, EventQueue<String> orders) implements org.springframework.util.ErrorHandler {

		@Override
		public void handleError(Throwable error) {
			this.loop.execute(() -> this.orders.send("instead of: " + error.getMessage()));
		}

	}

}
