package dev.mainloop.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.annotation.DirtiesContext.ClassMode;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a test sees of futures that handlers return, and of requests, where Reactor is not
 * on the class path.
 */
@SpringJUnitConfig(LaterResultSliceTests.Questions.class)
@AutoConfigureTestMainLoop
@DirtiesContext(classMode = ClassMode.AFTER_EACH_TEST_METHOD)
class LaterResultSliceTests {

	@Autowired
	private TestMainLoop loop;

	@Autowired
	private Questions questions;

	@Test
	void reactorShouldNotBeNeeded() {
		assertThat(ClassUtils.isPresent("reactor.core.publisher.Flux", null)).isFalse();
		assertThat(ClassUtils.isPresent("org.reactivestreams.Publisher", null)).isFalse();
	}

	@Test
	void valuesShouldBeHandledInTheOrderInWhichTheyCome() {
		this.loop.send("first");
		this.loop.send("second");
		this.loop.send("third");
		List<CompletableFuture<Integer>> pending = this.questions.pending;
		assertThat(pending).hasSize(3);
		pending.get(2).complete(3);
		pending.get(0).complete(1);
		assertThat(this.questions.handled).isEmpty();
		this.loop.runUntilIdle();
		assertThat(this.questions.handled).containsExactly(3, 1);
		pending.get(1).completeExceptionally(new IllegalArgumentException("expected"));
		assertThatExceptionOfType(UnhandledErrorException.class).isThrownBy(this.loop::runUntilIdle)
			.withMessageContaining("Questions.ask")
			.havingCause()
			.withMessage("expected");
	}

	@Test
	void requestShouldBeRepliedToWhenTheLoopRuns() {
		CompletionStage<@Nullable Integer> reply = this.questions.numbers.request(20L, Integer.class,
				Duration.ofSeconds(1));
		CompletionStage<@Nullable Object> second = this.questions.numbers.request(21L);
		List<@Nullable Object> order = new ArrayList<>();
		reply.thenAccept(order::add);
		second.thenAccept(order::add);
		assertThat(order).isEmpty();
		this.loop.runUntilIdle();
		assertThat(order).containsExactly(40, 42);
	}

	@Test
	void requestShouldRunOutOfTimeByTheClockOfTheTest() {
		CompletableFuture<@Nullable Integer> reply = this.questions.forever
			.request('a', Integer.class, Duration.ofSeconds(90))
			.toCompletableFuture();
		CompletableFuture<@Nullable Object> second = this.questions.forever.request('b').toCompletableFuture();
		this.loop.advance(Duration.ofSeconds(29));
		assertThat(second).isNotDone();
		this.loop.advance(Duration.ofSeconds(1));
		assertTimedOut(second, "has not replied to b within 30000 ms");
		assertThat(reply).isNotDone();
		this.loop.advance(Duration.ofSeconds(60));
		assertTimedOut(reply, "has not replied to a within 90000 ms");
	}

	private static void assertTimedOut(CompletableFuture<?> reply, String message) {
		assertThat(reply).isDone();
		assertThatExceptionOfType(CompletionException.class).isThrownBy(reply::join)
			.havingCause()
			.isInstanceOf(TimeoutException.class)
			.withMessageEndingWith(message);
	}

	@EventHandler
	static class Questions {

		private final EventQueue<Long> numbers;

		private final EventQueue<Character> forever;

		private final List<CompletableFuture<Integer>> pending = new ArrayList<>();

		private final List<Integer> handled = new ArrayList<>();

		Questions(EventQueue<Long> numbers, EventQueue<Character> forever) {
			this.numbers = numbers;
			this.forever = forever;
		}

		@OnMessage
		CompletableFuture<Integer> ask(String question) {
			CompletableFuture<Integer> answer = new CompletableFuture<>();
			this.pending.add(answer);
			return answer;
		}

		@OnMessage
		void take(Integer answer) {
			this.handled.add(answer);
		}

		@OnMessage(replies = true)
		int twice(Long number) {
			return (int) (2 * number);
		}

		@OnMessage(replies = true)
		CompletionStage<Integer> never(Character letter) {
			return new CompletableFuture<>();
		}

	}

}
