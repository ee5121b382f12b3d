package dev.mainloop.handler;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.testing.LinuxTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests how messages are replied to.
 */
@LinuxTest
@Timeout(60)
class RequestTests {

	private static final int CAPACITY = 2;

	private static final Duration LONG = Duration.ofHours(1);

	private final List<String> errors = new ArrayList<>();

	private final MainLoop loop = MainLoop.builder()
		.errorHandler((source, event, error) -> this.errors.add("%s: %s %s".formatted(source, event, error)))
		.build();

	private final EventQueues queues = new EventQueues(this.loop, CAPACITY);

	private final List<String> calls = new ArrayList<>();

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	RequestTests() {
		this.context.registerBean(EventHandlers.class,
				() -> new EventHandlers(this.context.getBeanFactory(), this.queues));
	}

	@AfterEach
	void close() {
		this.context.close();
		this.loop.close();
	}

	@Test
	void requestShouldBeRepliedToWithWhatTheMethodReturns() {
		start(new Echo(this.calls));
		CompletableFuture<@Nullable String> reply = request("a");
		assertThat(reply).isNotDone();
		run();
		assertThat(reply).isCompletedWithValue("a!");
		assertThat(this.calls).containsExactlyInAnyOrder("echo a", "note a");
		assertThat(this.queues.get(String.class).request("b").toCompletableFuture()).isNotDone();
	}

	@Test
	void whatAMethodReturnsForAMessageThatIsNoRequestShouldBeDropped() {
		start(new Echo(this.calls));
		this.queues.get(String.class).send("a");
		run();
		assertThat(this.calls).containsExactlyInAnyOrder("echo a", "note a");
		assertThat(this.errors).isEmpty();
	}

	@Test
	void requestsShouldEachGetTheirOwnReply() {
		start(new Echo(this.calls));
		CompletableFuture<@Nullable String> first = request("a");
		CompletableFuture<@Nullable String> second = request("b");
		run();
		assertThat(first).isCompletedWithValue("a!");
		assertThat(second).isCompletedWithValue("b!");
	}

	@Test
	void methodThatReturnsNothingShouldReplyWhenItHasEnded() {
		start(new Silent(this.calls));
		CompletableFuture<@Nullable Void> reply = this.queues.get(Integer.class)
			.request(1, Void.class, LONG)
			.toCompletableFuture();
		run();
		assertThat(this.calls).containsExactly("silent 1");
		assertThat(reply).isCompletedWithValue(null);
	}

	@Test
	void stageShouldBeAwaited() {
		CompletableFuture<String> answer = new CompletableFuture<>();
		start(new Later(answer, Mono.just("mono")));
		CompletableFuture<@Nullable String> reply = request("a");
		CompletableFuture<@Nullable String> mono = this.queues.get(Integer.class)
			.request(1, String.class, LONG)
			.toCompletableFuture();
		run();
		assertThat(reply).isNotDone();
		assertThat(mono).isCompletedWithValue("mono");
		answer.complete("b");
		assertThat(reply).isNotDone();
		run();
		assertThat(reply).isCompletedWithValue("b");
	}

	@Test
	void errorShouldReachTheRequesterAndTheErrorHandler() {
		CompletableFuture<String> answer = new CompletableFuture<>();
		start(new Later(answer, Mono.error(new IOException("at once"))));
		CompletableFuture<@Nullable String> reply = request("a");
		CompletableFuture<@Nullable String> mono = this.queues.get(Integer.class)
			.request(1, String.class, LONG)
			.toCompletableFuture();
		run();
		answer.completeExceptionally(new IOException("later"));
		run();
		assertFailed(mono, IOException.class, "at once");
		assertFailed(reply, IOException.class, "later");
		assertThat(this.errors).containsExactly("EventQueue<java.lang.Integer>: 1 java.io.IOException: at once",
				"handler.answer: a java.io.IOException: later");
	}

	@Test
	void exceptionOfTheMethodShouldReachTheRequesterAndTheErrorHandler() {
		start(new Failing());
		CompletableFuture<@Nullable String> reply = request("a");
		run();
		assertFailed(reply, IllegalArgumentException.class, "expected");
		assertThat(this.errors)
			.containsExactly("EventQueue<java.lang.String>: a java.lang.IllegalArgumentException: expected");
	}

	@Test
	void replyOfAnotherTypeShouldBeAnError() {
		start(new Echo(this.calls));
		CompletableFuture<@Nullable Integer> reply = this.queues.get(String.class)
			.request("a", int.class, LONG)
			.toCompletableFuture();
		run();
		assertFailed(reply, ClassCastException.class,
				"The queue 'EventQueue<java.lang.String>' has replied to a with a!, which is a java.lang.String and no java.lang.Integer");
	}

	@Test
	void requestThatIsNotRepliedToInTimeShouldFail() {
		CompletableFuture<String> answer = new CompletableFuture<>();
		start(new Later(answer, Mono.empty()));
		CompletableFuture<@Nullable String> reply = this.queues.get(String.class)
			.request("a", String.class, Duration.ZERO)
			.toCompletableFuture();
		run();
		assertFailed(reply, TimeoutException.class,
				"The queue 'EventQueue<java.lang.String>' has not replied to a within 0 ms");
		answer.complete("late");
		run();
		assertThat(reply).isCompletedExceptionally();
		assertThat(this.errors).isEmpty();
	}

	@Test
	void requestThatNoMethodOrMoreThanOneRepliesToShouldBeRefused() {
		this.context.registerBean("one", Echo.class, () -> new Echo(this.calls));
		this.context.registerBean("other", Echo.class, () -> new Echo(this.calls));
		start(new Silent(this.calls));
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> request("a"))
			.withMessage("The methods [one.echo, other.echo] are to reply to a, and a request has one reply: "
					+ "leave 'replies' out of all but one, or give one a queue of its own");
		assertThatExceptionOfType(MessageRefusedException.class)
			.isThrownBy(() -> this.queues.get(Long.class).request(1L))
			.withMessage("No method is to reply to 1, which was sent as java.lang.Long: set 'replies = true' in the "
					+ "@OnMessage of the one that is");
		run();
		assertThat(this.calls).isEmpty();
	}

	@Test
	void requestShouldBeRefusedAsAMessageIs() {
		start(new Echo(this.calls));
		request("a");
		request("b");
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> request("c"))
			.withMessageStartingWith("The queue 'EventQueue<java.lang.String>' is full");
		this.loop.close();
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> request("d"))
			.withMessage("The main loop is closed");
	}

	@Test
	void conditionThatDoesNotHoldShouldFailTheRequest() {
		start(new Picky());
		CompletableFuture<@Nullable String> taken = request("long");
		CompletableFuture<@Nullable String> other = request("a");
		run();
		assertThat(taken).isCompletedWithValue("long");
		assertThat(other).isCompletedExceptionally();
		assertFailed(other, MessageRefusedException.class,
				"No @OnMessage(replies = true) method has taken a from the queue 'EventQueue<java.lang.String>': its "
						+ "condition does not hold, or it could not be worked out");
	}

	@Test
	void pendingRequestShouldBeCancelledWhenTheLoopCloses() {
		CompletableFuture<String> answer = new CompletableFuture<>();
		start(new Later(answer, Mono.empty()));
		CompletableFuture<@Nullable String> handled = request("a");
		run();
		CompletableFuture<@Nullable String> waiting = request("b");
		this.loop.close();
		for (CompletableFuture<?> reply : List.of(handled, waiting)) {
			assertThat(reply).isCompletedExceptionally();
			Throwable failure = reply.<Throwable>handle((value, thrown) -> thrown).join();
			assertThat(failure).isInstanceOf(CancellationException.class)
				.hasMessageContaining("before its loop or that of the requester has stopped");
		}
		assertThat(answer).isCancelled();
	}

	@Test
	void handlerShouldNotWaitForAReply() {
		start(new Echo(this.calls));
		AtomicReference<CompletableFuture<@Nullable String>> reply = new AtomicReference<>();
		this.loop.execute(() -> {
			reply.set(request("a"));
			reply.get().join();
		});
		run();
		assertThat(this.errors).singleElement().asString().contains("IllegalStateException: A handler cannot wait");
		assertThat(reply.get()).isCompletedWithValue("a!");
	}

	@Test
	void requestThatItsSenderCancelsShouldBeForgotten() {
		start(new Echo(this.calls));
		CompletableFuture<@Nullable String> reply = request("a");
		reply.cancel(false);
		run();
		assertThat(this.calls).contains("echo a");
		assertThat(reply).isCancelled();
		assertThat(this.errors).isEmpty();
	}

	@Test
	void queueWhoseHandlerReturnsNothingShouldNotTakeRequests() {
		EventQueue<String> queue = this.loop.queue("plain", 2, this.calls::add);
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> queue.request("a"))
			.withMessageStartingWith("The handler of the queue 'plain' returns nothing");
	}

	@Test
	void methodThatCannotReplyShouldBeRefusedAtTheStart() {
		assertInvalid(SeveralReplies.class, "it returns any number of values, and a request has one reply");
		assertInvalid(EachReplies.class, "it is to reply to requests, and each instance is to take every message");
	}

	private CompletableFuture<@Nullable String> request(String message) {
		CompletionStage<@Nullable String> reply = this.queues.get(String.class).request(message, String.class, LONG);
		return reply.toCompletableFuture();
	}

	private static void assertFailed(CompletableFuture<?> reply, Class<? extends Throwable> type, String message) {
		assertThatExceptionOfType(CompletionException.class).isThrownBy(reply::join)
			.havingCause()
			.isInstanceOf(type)
			.withMessage(message);
	}

	private static void assertInvalid(Class<?> handler, String reason) {
		try (MainLoop loop = MainLoop.builder().build();
				AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			EventQueues queues = new EventQueues(loop, CAPACITY);
			context.registerBean(EventHandlers.class, () -> new EventHandlers(context.getBeanFactory(), queues));
			context.registerBean("bad", handler);
			assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(context::refresh)
				.withMessageContaining(reason);
		}
	}

	@SuppressWarnings("unchecked")
	private void start(Object handler) {
		this.context.registerBean("handler", (Class<Object>) handler.getClass(), () -> handler);
		this.context.registerBean("others", Others.class);
		this.context.refresh();
	}

	private void run() {
		while (this.loop.runOnce()) {
			assertThat(this.loop.thread()).isNull();
		}
	}

	@EventHandler
	record Echo(List<String> calls) {

		@OnMessage(replies = true)
		String echo(String message) {
			this.calls.add("echo " + message);
			return message + "!";
		}

		@OnMessage
		void note(String message) {
			this.calls.add("note " + message);
		}

	}

	@EventHandler
	record Silent(List<String> calls) {

		@OnMessage(replies = true)
		void take(Integer number) {
			this.calls.add("silent " + number);
		}

	}

	@EventHandler
	static class Others {

		@OnMessage
		void take(Long number) {
		}

	}

	@EventHandler
	record Later(CompletableFuture<String> answer, Mono<String> mono) {

		@OnMessage(replies = true)
		CompletableFuture<String> answer(String message) {
			return this.answer;
		}

		@OnMessage(replies = true)
		Mono<String> answer(Integer number) {
			return this.mono;
		}

	}

	@EventHandler
	static class Failing {

		@OnMessage(replies = true)
		String fail(String message) {
			throw new IllegalArgumentException("expected");
		}

	}

	@EventHandler
	static class Picky {

		@OnMessage(replies = true, condition = "#message.length() > 1")
		String take(String message) {
			return message;
		}

	}

	@EventHandler
	static class SeveralReplies {

		@OnMessage(replies = true)
		Flux<String> take(String message) {
			return Flux.just(message);
		}

	}

	@EventHandler
	static class EachReplies {

		@OnMessage(replies = true, instances = Instances.EACH)
		String take(String message) {
			return message;
		}

	}

}
