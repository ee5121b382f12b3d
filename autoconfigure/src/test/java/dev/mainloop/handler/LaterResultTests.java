package dev.mainloop.handler;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import dev.mainloop.EventQueue;
import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.ThreadContext;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.testing.LinuxTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests when values are sent on that a handler method has returned before they are there.
 */
@LinuxTest
@Timeout(60)
class LaterResultTests {

	private static final int CAPACITY = 16;

	private static final int MANY = 10_000;

	private final List<String> errors = new ArrayList<>();

	private final MainLoop loop = MainLoop.builder()
		.errorHandler((source, event, error) -> this.errors.add("%s: %s %s".formatted(source, event, error)))
		.timeSlice(Duration.ofSeconds(10))
		.build();

	private final EventQueues queues = new EventQueues(this.loop, CAPACITY);

	private final Thread thread = Thread.currentThread();

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final Handled handled = new Handled(new ArrayList<>(), new ArrayList<>());

	LaterResultTests() {
		this.context.registerBean("handled", Handled.class, () -> this.handled);
		this.context.registerBean(EventHandlers.class,
				() -> new EventHandlers(this.context.getBeanFactory(), this.queues));
	}

	@AfterEach
	void close() {
		this.context.close();
		this.loop.close();
	}

	@Test
	void valueShouldBeSentOnTheLoopWhenAnotherThreadHasCompletedTheStage() throws Exception {
		CompletableFuture<String> answer = new CompletableFuture<>();
		start(new Returning(answer));
		ask(1);
		run();
		assertThat(this.handled.messages).isEmpty();
		inAnotherThread(() -> answer.complete("a"));
		assertThat(this.handled.messages).isEmpty();
		run();
		assertThat(this.handled.messages).containsExactly("a");
		assertThat(this.handled.threads).containsOnly(this.thread);
	}

	@Test
	void valueThatIsThereShouldBeSentAtOnce() {
		start(new Returning(CompletableFuture.completedFuture("a")));
		ask(1);
		this.loop.runOnce();
		assertThat(this.queues.get(String.class).size() + this.handled.messages.size()).isOne();
		run();
		assertThat(this.handled.messages).containsExactly("a");
	}

	@Test
	void nullShouldNotBeSent() {
		start(new Returning(CompletableFuture.completedFuture(null)));
		ask(1);
		run();
		assertThat(this.handled.messages).isEmpty();
		assertThat(this.errors).isEmpty();
	}

	@Test
	void elementsOfAListInAStageShouldBeSentOneByOne() {
		start(new ReturningList(CompletableFuture.completedFuture(List.of("a", "b"))));
		ask(1);
		run();
		assertThat(this.handled.messages).containsExactly("a", "b");
	}

	@Test
	void errorShouldBeToldWithTheMethodAndTheEvent() throws Exception {
		CompletableFuture<String> answer = new CompletableFuture<>();
		start(new Returning(answer.thenApply((text) -> text)));
		ask(1);
		run();
		inAnotherThread(() -> answer.completeExceptionally(new IOException("expected")));
		run();
		assertThat(this.errors).containsExactly("handler.answer: 1 java.io.IOException: expected");
		assertThat(source().statistics().errors()).isOne();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void errorShouldBeToldWhereThereIsNoValue(boolean later) {
		CompletableFuture<Void> end = new CompletableFuture<>();
		start(new ReturningNothing(end));
		if (!later) {
			end.completeExceptionally(new IOException("expected"));
		}
		ask(1);
		run();
		end.completeExceptionally(new IOException("expected"));
		run();
		assertThat(this.errors).singleElement().asString().endsWith("1 java.io.IOException: expected");
	}

	@Test
	void messageThatIsRefusedShouldBeToldWithTheMethod() throws Exception {
		List<String> answers = IntStream.range(0, CAPACITY + 1).mapToObj(String::valueOf).toList();
		CompletableFuture<List<String>> answer = new CompletableFuture<>();
		start(new ReturningList(answer));
		ask(1);
		run();
		inAnotherThread(() -> answer.complete(answers));
		run();
		assertThat(this.errors).singleElement()
			.asString()
			.startsWith("handler.answer: 1 dev.mainloop.MessageRefusedException: "
					+ "The queue 'EventQueue<java.lang.String>' is full with 16 messages and does not take 16");
		assertThat(this.handled.messages).hasSize(CAPACITY);
	}

	@Test
	void valueOfATypeThatNobodyTakesShouldBeRefusedAtTheStart() {
		this.context.registerBean("bad", NobodyTakes.class);
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(this.context::refresh)
			.withMessageContaining("sends messages of type java.lang.Long, and no @OnMessage method takes them");
	}

	@Test
	void monoShouldBeSubscribedToAndItsValueSent() {
		Sinks.One<String> sink = Sinks.one();
		start(new ReturningMono(sink.asMono()));
		ask(1);
		run();
		assertThat(sink.currentSubscriberCount()).isOne();
		sink.tryEmitValue("a").orThrow();
		run();
		assertThat(this.handled.messages).containsExactly("a");
	}

	@Test
	void monoWithoutAValueShouldBeSubscribedToAndItsErrorTold() {
		start(new ReturningEmptyMono(Mono.error(new IOException("expected"))));
		ask(1);
		run();
		assertThat(this.errors).containsExactly("EventQueue<java.lang.Integer>: 1 java.io.IOException: expected");
	}

	@Test
	void fluxShouldBeAskedForNoMoreThanItsQueueHasRoomFor() {
		List<Integer> room = new ArrayList<>();
		AtomicLong most = new AtomicLong();
		EventQueue<String> queue = this.queues.get(String.class);
		Flux<String> values = Flux.range(0, MANY).map(String::valueOf).doOnRequest((requested) -> {
			int left = CAPACITY - queue.size();
			room.add(left);
			most.accumulateAndGet(requested - left, Math::max);
		});
		start(new ReturningFlux(values));
		ask(1);
		run();
		assertThat(this.handled.messages).hasSize(MANY)
			.startsWith("0", "1")
			.endsWith(String.valueOf(MANY - 1))
			.doesNotHaveDuplicates();
		assertThat(this.handled.messages).isEqualTo(IntStream.range(0, MANY).mapToObj(String::valueOf).toList());
		assertThat(most).hasValue(0);
		assertThat(room).hasSizeGreaterThanOrEqualTo(MANY / CAPACITY).doesNotContain(0);
		assertThat(this.errors).isEmpty();
	}

	@Test
	void fluxOfAnotherThreadShouldLoseNothingWhileOthersFillTheQueue() throws Exception {
		EventQueue<String> queue = this.queues.get(String.class);
		start(new ReturningFlux(Flux.range(0, MANY).map(String::valueOf).publishOn(Schedulers.parallel())));
		ask(1);
		Thread other = new Thread(() -> {
			int sent = 0;
			while (sent < MANY) {
				sent += queue.offer("other") ? 1 : 0;
			}
		});
		other.start();
		while (this.handled.messages.size() < 2 * MANY) {
			this.loop.runOnce();
		}
		other.join();
		run();
		this.handled.messages.removeIf("other"::equals);
		assertThat(this.handled.messages).isEqualTo(IntStream.range(0, MANY).mapToObj(String::valueOf).toList());
		assertThat(this.errors).isEmpty();
	}

	@Test
	void valueForWhichThereIsNoRoomShouldBeKept() {
		Sinks.Many<String> sink = Sinks.many().unicast().onBackpressureBuffer();
		EventQueue<String> queue = this.queues.get(String.class);
		start(new ReturningFlux(sink.asFlux()));
		ask(1);
		run();
		while (queue.offer("other")) {
			assertThat(queue.size()).isLessThanOrEqualTo(CAPACITY);
		}
		sink.tryEmitNext("kept").orThrow();
		sink.tryEmitComplete().orThrow();
		run();
		assertThat(this.handled.messages).hasSize(CAPACITY + 1).endsWith("kept");
		assertThat(this.errors).isEmpty();
	}

	@Test
	void errorOfAFluxShouldBeToldAfterItsValues() {
		start(new ReturningFlux(Flux.just("a", "b").concatWith(Flux.error(new IOException("expected")))));
		ask(1);
		run();
		assertThat(this.handled.messages).containsExactly("a", "b");
		assertThat(this.errors).singleElement().asString().endsWith("1 java.io.IOException: expected");
	}

	@Test
	void fluxShouldBeCancelledWhenAValueIsRefused() {
		Sinks.Many<Object> sink = Sinks.many().unicast().onBackpressureBuffer();
		start(new ReturningObjects(sink.asFlux()));
		ask(1);
		run();
		sink.tryEmitNext("a").orThrow();
		sink.tryEmitNext(2L).orThrow();
		sink.tryEmitNext("c").orThrow();
		run();
		assertThat(this.handled.messages).containsExactly("a");
		assertThat(this.errors).singleElement()
			.asString()
			.startsWith("handler.answer: 1 " + MessageRefusedException.class.getName())
			.endsWith("nor are those sent that 'handler.answer' has returned after it");
		assertThat(sink.currentSubscriberCount()).isZero();
	}

	@Test
	void publisherOfTheJdkShouldBeTakenForOne() {
		start(new ReturningFlow(JdkFlowAdapter.publisherToFlowPublisher(Flux.just("a", "b"))));
		ask(1);
		run();
		assertThat(this.handled.messages).containsExactly("a", "b");
	}

	@Test
	void contextOfTheCallShouldBeThatOfTheMessages() throws Exception {
		CompletableFuture<String> answer = new CompletableFuture<>();
		StringContext sender = new StringContext();
		this.context.registerBean("senderContext", SenderContext.class, () -> sender);
		this.context.registerBean("context", ContextOfMessages.class, () -> new ContextOfMessages(sender));
		start(new Returning(answer));
		sender.current = "first";
		ask(1);
		sender.current = null;
		run();
		inAnotherThread(() -> answer.complete("a"));
		run();
		assertThat(this.context.getBean(ContextOfMessages.class).seen).containsExactly("first");
	}

	private EventSource source() {
		return this.loop.sources()
			.stream()
			.filter((source) -> source.kind() == EventSource.Kind.COMPLETION)
			.findFirst()
			.orElseThrow();
	}

	private static void inAnotherThread(Runnable task) throws InterruptedException {
		Thread other = new Thread(task);
		other.start();
		other.join();
	}

	@SuppressWarnings("unchecked")
	private void start(Object handler) {
		this.context.registerBean("handler", (Class<Object>) handler.getClass(), () -> handler);
		this.context.registerBean("taker", Taker.class);
		this.context.refresh();
	}

	private void ask(int number) {
		this.queues.get(Integer.class).send(number);
	}

	private void run() {
		while (this.loop.runOnce()) {
			assertThat(this.loop.thread()).isNull();
		}
	}

	record Handled(List<String> messages, List<Thread> threads) {

	}

	@EventHandler
	static class Taker {

		private final Handled handled;

		Taker(Handled handled) {
			this.handled = handled;
		}

		@OnMessage
		void take(String message) {
			this.handled.messages.add(message);
			this.handled.threads.add(Thread.currentThread());
		}

	}

	@EventHandler
	record Returning(CompletionStage<String> stage) {

		@OnMessage
		CompletionStage<String> answer(Integer number) {
			return this.stage;
		}

	}

	@EventHandler
	record ReturningList(CompletableFuture<List<String>> future) {

		@OnMessage
		CompletableFuture<List<String>> answer(Integer number) {
			return this.future;
		}

	}

	@EventHandler
	record ReturningNothing(CompletableFuture<Void> future) {

		@OnMessage
		CompletableFuture<Void> answer(Integer number) {
			return this.future;
		}

	}

	@EventHandler
	static class NobodyTakes {

		@OnMessage
		CompletableFuture<Long> answer(String text) {
			return CompletableFuture.completedFuture(1L);
		}

	}

	@EventHandler
	record ReturningMono(Mono<String> mono) {

		@OnMessage
		Mono<String> answer(Integer number) {
			return this.mono;
		}

	}

	@EventHandler
	record ReturningEmptyMono(Mono<Void> mono) {

		@OnMessage
		Mono<Void> answer(Integer number) {
			return this.mono;
		}

	}

	@EventHandler
	record ReturningFlux(Flux<String> flux) {

		@OnMessage
		Flux<String> answer(Integer number) {
			return this.flux;
		}

	}

	@EventHandler
	record ReturningObjects(Flux<Object> flux) {

		@OnMessage
		Flux<Object> answer(Integer number) {
			return this.flux;
		}

	}

	@EventHandler
	record ReturningFlow(Flow.Publisher<String> publisher) {

		@OnMessage
		Flow.Publisher<String> answer(Integer number) {
			return this.publisher;
		}

	}

	@EventHandler
	static class ContextOfMessages {

		private final StringContext context;

		private final List<@Nullable String> seen = new ArrayList<>();

		ContextOfMessages(StringContext context) {
			this.context = context;
		}

		@OnMessage
		void take(String message) {
			this.seen.add(this.context.current);
		}

	}

	/** A context that the one thread of the test has. */
	static class StringContext implements SenderContext {

		private @Nullable String current;

		@Override
		public boolean isNoop() {
			return false;
		}

		@Override
		public @Nullable Snapshot capture() {
			String captured = this.current;
			return (captured != null) ? () -> open(captured) : null;
		}

		private ThreadContext.Scope open(String text) {
			String before = this.current;
			this.current = text;
			return () -> this.current = before;
		}

	}

}
