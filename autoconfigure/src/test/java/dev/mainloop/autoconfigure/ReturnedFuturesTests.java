package dev.mainloop.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.mainloop.ErrorHandler;
import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Applications whose handlers return what is there only later: their starts and stops,
 * and several loops.
 */
@LinuxTest
@Timeout(60)
class ReturnedFuturesTests {

	private static final int MANY = 10_000;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class));

	@Test
	void valueShouldBeSentOnTheLoopBeforeAndAfterARestart() {
		this.contextRunner.withBean(Questions.class).run((context) -> {
			Questions questions = context.getBean(Questions.class);
			for (int i = 0; i < 3; i++) {
				questions.queue.send(i);
				questions.pending.take().complete("answer " + i);
				assertThat(questions.answers.take()).isEqualTo("answer %d on mainloop".formatted(i));
				context.stop();
				context.start();
			}
		});
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whatIsPendingShouldBeCancelledAtTheStopAndToldOnce(CapturedOutput output) {
		this.contextRunner.withBean(Questions.class).run((context) -> {
			Questions questions = context.getBean(Questions.class);
			questions.queue.send(1);
			questions.queue.send(2);
			CompletableFuture<String> first = questions.pending.take();
			CompletableFuture<String> second = questions.pending.take();
			await().until(() -> first.getNumberOfDependents() == 1 && second.getNumberOfDependents() == 1);
			context.stop();
			assertThat(first).isCancelled();
			assertThat(second).isCancelled();
			context.start();
			questions.queue.send(3);
			questions.pending.take().complete("later");
			assertThat(questions.answers.take()).startsWith("later");
		});
		assertThat(output)
			.containsOnlyOnce("has returned 2 futures or publishers that have not completed and are "
					+ "cancelled, as the application ends")
			.doesNotContain("CancellationException");
	}

	@Test
	void fluxShouldBeCancelledAtTheStop() {
		this.contextRunner.withBean(Endless.class).run((context) -> {
			Endless endless = context.getBean(Endless.class);
			endless.queue.send(1L);
			await().until(() -> endless.handled.get() > 100);
			context.stop();
			assertThat(endless.cancelled).hasValue(1);
			int handled = endless.handled.get();
			context.start();
			endless.queue.send(1L);
			await().until(() -> endless.handled.get() > handled);
			context.getBean(MainLoop.class).close(Duration.ofSeconds(10));
			assertThat(endless.cancelled).hasValue(2);
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { ByTurns.class, ByKey.class })
	void fluxShouldLoseNothingOnItsWayToSeveralLoops(Class<? extends Numbers> taker) {
		this.contextRunner.withBean("numbers", taker)
			.withBean(Producer.class)
			.withPropertyValues("mainloop.loops.workers.count=3", "mainloop.queue-capacity=16")
			.run((context) -> {
				context.getBean(Producer.class).queue.send("go");
				Map<String, ? extends Numbers> takers = context.getBeansOfType(taker);
				assertThat(takers).hasSize(3);
				await().until(() -> takers.values().stream().mapToInt((some) -> some.taken.size()).sum() >= MANY);
				List<Integer> all = takers.values().stream().flatMap((some) -> some.taken.stream()).sorted().toList();
				assertThat(all).isEqualTo(IntStream.range(0, MANY).boxed().toList());
				for (Numbers some : takers.values()) {
					assertThat(some.taken).isSorted();
					assertThat(some.threads).hasSize(1);
				}
			});
	}

	@Test
	void valuesThatHaveArrivedShouldReachAnotherLoopThatStopsToo() {
		List<Throwable> errors = new CopyOnWriteArrayList<>();
		this.contextRunner.withBean(ElsewhereTaker.class)
			.withBean(Producer.class)
			.withBean(ErrorHandler.class, () -> (source, event, error) -> errors.add(error))
			.withPropertyValues("mainloop.queue-capacity=4", "spring.lifecycle.timeout-per-shutdown-phase=40s")
			.run((context) -> {
				ElsewhereTaker taker = context.getBean(ElsewhereTaker.class);
				context.getBean(Producer.class).queue.send("go");
				await().until(() -> !taker.taken.isEmpty());
				context.stop();
				int last = taker.taken.size();
				assertThat(taker.taken).isEqualTo(IntStream.range(0, last).boxed().toList());
				assertThat(errors).isEmpty();
			});
	}

	@EventHandler
	static class Questions {

		private final EventQueue<Integer> queue;

		private final BlockingQueue<CompletableFuture<String>> pending = new LinkedBlockingQueue<>();

		private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

		Questions(EventQueue<Integer> queue) {
			this.queue = queue;
		}

		@OnMessage
		CompletionStage<String> ask(Integer number) {
			CompletableFuture<String> answer = new CompletableFuture<>();
			this.pending.add(answer);
			return answer;
		}

		@OnMessage
		void take(String answer) {
			this.answers.add("%s on %s".formatted(answer, Thread.currentThread().getName()));
		}

	}

	@EventHandler
	static class Endless {

		private final EventQueue<Long> queue;

		private final AtomicInteger handled = new AtomicInteger();

		private final AtomicInteger cancelled = new AtomicInteger();

		Endless(EventQueue<Long> queue) {
			this.queue = queue;
		}

		@OnMessage
		Flux<Integer> begin(Long period) {
			return Flux.interval(Duration.ofMillis(period))
				.onBackpressureDrop()
				.map(Long::intValue)
				.doOnCancel(this.cancelled::incrementAndGet);
		}

		@OnMessage
		void take(Integer value) {
			this.handled.incrementAndGet();
		}

	}

	@EventHandler
	static class Producer {

		private final EventQueue<String> queue;

		Producer(EventQueue<String> queue) {
			this.queue = queue;
		}

		@OnMessage
		Flux<Integer> produce(String word) {
			return Flux.range(0, MANY).publishOn(Schedulers.parallel());
		}

	}

	abstract static class Numbers {

		final List<Integer> taken = new CopyOnWriteArrayList<>();

		final Map<Thread, Boolean> threads = new ConcurrentHashMap<>();

		void note(Integer number) {
			this.taken.add(number);
			this.threads.put(Thread.currentThread(), true);
		}

	}

	@EventHandler(loop = "workers")
	static class ByTurns extends Numbers {

		@OnMessage
		void take(Integer number) {
			note(number);
		}

	}

	@EventHandler(loop = "workers")
	static class ByKey extends Numbers {

		@OnMessage(key = "#number.intValue()")
		void take(Integer number) {
			note(number);
		}

	}

	@EventHandler(loop = "elsewhere")
	static class ElsewhereTaker {

		private final List<Integer> taken = new CopyOnWriteArrayList<>();

		@OnMessage
		void take(Integer number) {
			this.taken.add(number);
		}

	}

}
