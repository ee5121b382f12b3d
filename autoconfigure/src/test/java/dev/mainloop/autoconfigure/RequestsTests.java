package dev.mainloop.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.QueueName;
import dev.mainloop.testing.LinuxTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Requests between the loops of an application and from other threads.
 */
@LinuxTest
@Timeout(60)
class RequestsTests {

	private static final Duration LONG = Duration.ofHours(1);

	private static final int REQUESTS = 300;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
		.withPropertyValues("mainloop.loops.workers.count=3");

	@Test
	void replyShouldReachAnotherThreadBeforeAndAfterARestart() {
		this.contextRunner.withBean(Doubler.class).run((context) -> {
			for (int i = 0; i < 3; i++) {
				CompletableFuture<String> thread = new CompletableFuture<>();
				CompletableFuture<@Nullable Integer> reply = numbers(context).request(i, Integer.class, LONG)
					.toCompletableFuture();
				assertThat(reply.get(30, TimeUnit.SECONDS)).isEqualTo(2 * i);
				numbers(context).request(i).thenRun(() -> thread.complete(Thread.currentThread().getName()));
				assertThat(thread.get(30, TimeUnit.SECONDS)).isIn("mainloop", Thread.currentThread().getName());
				context.stop();
				context.start();
			}
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { ByTurns.class, ByKey.class })
	void replyShouldReachTheLoopOfTheHandlerThatHasAsked(Class<?> worker) {
		this.contextRunner.withBean("worker", worker).withBean(Asker.class).run((context) -> {
			Asker asker = context.getBean(Asker.class);
			context.getBean(MainLoop.class).execute(asker::ask);
			asker.done.get(30, TimeUnit.SECONDS);
			assertThat(asker.callbackThreads).containsExactly("mainloop");
			assertThat(asker.workerThreads).containsExactlyInAnyOrder("mainloop-workers-1", "mainloop-workers-2",
					"mainloop-workers-3");
		});
	}

	@Test
	void requestThatEachLoopWouldGetShouldBeRefused() {
		this.contextRunner.withBean("worker", Each.class).withBean(Doubler.class).run((context) -> {
			EventQueue<Integer> queue = numbers(context);
			assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> queue.request(1))
				.withMessageStartingWith("The queue 'EventQueue<java.lang.Integer>' brings 1 to several loops");
		});
	}

	@Test
	void requestWithoutAReplyShouldEndByTheTimeThatIsSet() {
		this.contextRunner.withBean(Never.class)
			.withPropertyValues("mainloop.request-timeout=1ms")
			.run((context) -> assertThat(numbers(context).request(1).toCompletableFuture())
				.failsWithin(Duration.ofSeconds(30))
				.withThrowableThat()
				.havingCause()
				.isInstanceOf(TimeoutException.class)
				.withMessage("The queue 'EventQueue<java.lang.Integer>' has not replied to 1 within 1 ms"));
	}

	@Test
	void requestWithoutAReplyShouldBeCancelledWhenTheApplicationStops() {
		List<CompletableFuture<@Nullable Integer>> replies = new ArrayList<>();
		this.contextRunner.withBean(Never.class).withBean(Paused.class).run((context) -> {
			Never never = context.getBean(Never.class);
			replies.add(numbers(context).request(1, Integer.class, LONG).toCompletableFuture());
			never.called.get(30, TimeUnit.SECONDS);
			context.getBean(MainLoop.class)
				.queues()
				.stream()
				.filter((queue) -> queue.description().equals("paused"))
				.forEach((queue) -> queue.pause());
			replies.add(context.getBean(Paused.class).queue.request(1, Integer.class, LONG).toCompletableFuture());
			context.stop();
			for (CompletableFuture<?> reply : replies) {
				assertThat(reply).isCompletedExceptionally();
				Throwable failure = reply.<Throwable>handle((value, thrown) -> thrown).join();
				assertThat(failure).isInstanceOf(CancellationException.class)
					.hasMessageContaining("has not replied to 1 before its loop or that of the requester has stopped");
			}
			context.start();
			assertThat(numbers(context).request(2, Integer.class, LONG).toCompletableFuture()).isNotDone();
		});
	}

	@SuppressWarnings("unchecked")
	private static EventQueue<Integer> numbers(AssertableApplicationContext context) {
		return (EventQueue<Integer>) context.getBean("EventQueue<java.lang.Integer>");
	}

	@EventHandler
	static class Doubler {

		@OnMessage(replies = true)
		int twice(Integer number) {
			return 2 * number;
		}

	}

	@EventHandler
	static class Never {

		private final CompletableFuture<Boolean> called = new CompletableFuture<>();

		@OnMessage(replies = true)
		CompletableFuture<Integer> take(Integer number) {
			this.called.complete(true);
			return new CompletableFuture<>();
		}

	}

	@EventHandler
	static class Paused {

		private final EventQueue<Integer> queue;

		Paused(@QueueName("paused") EventQueue<Integer> queue) {
			this.queue = queue;
		}

		@OnMessage(queue = "paused", replies = true)
		int take(Integer number) {
			return number;
		}

	}

	/** Its fields belong to its loop. */
	@EventHandler
	static class Asker {

		private final EventQueue<Integer> queue;

		private final Set<String> callbackThreads = new HashSet<>();

		private final Set<String> workerThreads = new HashSet<>();

		private final CompletableFuture<Boolean> done = new CompletableFuture<>();

		private int replies;

		Asker(EventQueue<Integer> queue) {
			this.queue = queue;
		}

		void ask() {
			for (int i = 0; i < REQUESTS; i++) {
				this.queue.request(i, String.class, LONG).thenAccept((thread) -> {
					this.callbackThreads.add(Thread.currentThread().getName());
					this.workerThreads.add(thread);
					if (++this.replies == REQUESTS) {
						this.done.complete(true);
					}
				});
			}
		}

		@OnMessage
		void other(Long number) {
		}

	}

	@EventHandler(loop = "workers")
	static class ByTurns {

		@OnMessage(replies = true)
		String take(Integer number) {
			return Thread.currentThread().getName();
		}

	}

	@EventHandler(loop = "workers")
	static class ByKey {

		@OnMessage(replies = true, key = "#number.intValue()")
		String take(Integer number) {
			return Thread.currentThread().getName();
		}

	}

	@EventHandler(loop = "workers")
	static class Each {

		@OnMessage(instances = Instances.EACH)
		void take(Integer number) {
		}

	}

}
