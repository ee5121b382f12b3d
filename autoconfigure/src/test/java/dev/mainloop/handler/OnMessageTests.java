package dev.mainloop.handler;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;
import dev.mainloop.ErrorPolicy;
import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests which methods a message reaches, and what they send on.
 */
@LinuxTest
class OnMessageTests {

	private static final int CAPACITY = 8;

	private final List<String> calls = new ArrayList<>();

	private final List<Throwable> errors = new ArrayList<>();

	private final MainLoop loop = MainLoop.builder()
		.errorHandler((source, event, error) -> this.errors.add(error))
		.timeSlice(Duration.ofSeconds(10))
		.build();

	private final EventQueues queues = new EventQueues(this.loop, CAPACITY);

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	OnMessageTests() {
		this.context.registerBean("calls", Calls.class, () -> new Calls(this.calls));
		this.context.registerBean(EventHandlers.class,
				() -> new EventHandlers(this.context.getBeanFactory(), this.queues));
	}

	@AfterEach
	void close() {
		this.context.close();
		this.loop.close();
	}

	@Test
	void genericTypesShouldBeToldApart() {
		start(Envelopes.class);
		queue(Envelope.class, PurchaseOrder.class).send(new Envelope<>(new PurchaseOrder(1)));
		queue(Envelope.class, Invoice.class).send(new Envelope<>(new Invoice(2)));
		run();
		assertThat(this.calls).containsExactly("order 1", "any", "invoice 2", "any");
	}

	@Test
	void genericTypesShouldBeToldApartWhereTheQueueIsShared() {
		start(NamedEnvelopes.class);
		queue("letters", ResolvableType.forClassWithGenerics(Envelope.class, PurchaseOrder.class))
			.send(new Envelope<>(new PurchaseOrder(1)));
		queue("letters", ResolvableType.forClassWithGenerics(Envelope.class, Invoice.class))
			.send(new Envelope<>(new Invoice(2)));
		queue("letters", ResolvableType.forClass(Invoice.class)).send(new Invoice(3));
		run();
		assertThat(this.calls).containsExactly("order 1", "invoice 2", "plain 3");
		assertThat(this.loop.queues()).singleElement().hasToString("letters");
	}

	@Test
	void subclassShouldTellWhatAGenericTypeIs() {
		start(Envelopes.class);
		EventQueue<Object> objects = this.queues.get(Object.class);
		objects.send(new OrderEnvelope(new PurchaseOrder(1)));
		run();
		assertThat(this.calls).containsExactly("order 1", "any");
	}

	@Test
	void messageShouldReachMethodsForItsInterfacesAndSuperclasses() {
		start(Supertypes.class);
		this.queues.get(Dog.class).send(new Dog("Rex"));
		run();
		assertThat(this.calls).containsExactlyInAnyOrder("dog", "animal", "named", "supplier Rex", "object");
	}

	@Test
	void orderOfTheMethodShouldComeBeforeThatOfTheClass() {
		start(OrderedMethods.class, OrderedClass.class);
		this.queues.get(String.class).send("a");
		run();
		assertThat(this.calls).containsExactly("1", "2", "3", "last");
	}

	@Test
	void messagesOfDifferentClassesInTurnShouldEachReachTheirMethod() {
		start(TextsAndNumbers.class);
		EventQueue<Object> queue = this.queues.get(Object.class);
		List.of("a", 1, 2, "b", "c", 3).forEach(queue::send);
		run();
		assertThat(this.calls).containsExactly("text a", "number 1", "number 2", "text b", "text c", "number 3");
	}

	@Test
	void primitiveParameterShouldTakeNumbersThatAreSentAsObjects() {
		start(Pipeline.class);
		this.queues.get(Object.class).send(2);
		run();
		assertThat(this.calls).startsWith("number 2");
	}

	@Test
	void messageThatNoMethodTakesShouldBeRefusedWhenItIsSent() {
		start(Supertypes.class, UnhandledQueue.class);
		EventQueue<Object> queue = queue("unhandled", ResolvableType.forClass(Object.class));
		assertThat(queue.offer("a")).isTrue();
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> queue.send(1))
			.withMessage("No @OnMessage(queue = \"unhandled\") method takes 1, which was sent as java.lang.Object");
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> queue.offer(2));
		assertThat(queue.size()).isEqualTo(1);
	}

	@Test
	void namedQueueShouldReachOnlyItsMethods() {
		start(Named.class);
		queue("orders", ResolvableType.forClass(String.class)).send("a");
		this.queues.get(String.class).send("b");
		run();
		assertThat(this.calls).containsExactly("orders a", "unnamed b");
	}

	@Test
	void namedQueueShouldKeepTheOrderOfMessagesOfSeveralTypes() {
		start(Named.class);
		EventQueue<Object> texts = queue("orders", ResolvableType.forClass(String.class));
		EventQueue<Object> numbers = queue("orders", ResolvableType.forClass(Integer.class));
		texts.send("a");
		numbers.send(1);
		texts.send("b");
		assertThat(numbers.size()).isEqualTo(3);
		run();
		assertThat(this.calls).containsExactly("orders a", "orders 1", "orders b");
	}

	@Test
	void nameOfTheQueueMayBeAPlaceholder() {
		this.context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("test", Map.of("app.queue", "mail")));
		start(Placeholder.class);
		queue("mail", ResolvableType.forClass(String.class)).send("a");
		run();
		assertThat(this.calls).containsExactly("mail a");
	}

	@Test
	void nameThatCannotBeResolvedShouldBeRefused() {
		this.context.registerBean(PropertySourcesPlaceholderConfigurer.class);
		assertInvalid(Placeholder.class, "its 'queue' is '${app.queue}', which cannot be resolved",
				"Set the property, or give the placeholder a default.");
	}

	@Test
	void queueWithoutMethodsOfItsNameShouldBeRefused() {
		start(Named.class);
		assertThatExceptionOfType(InvalidHandlerException.class)
			.isThrownBy(() -> queue("invoices", ResolvableType.forClass(String.class)))
			.withMessage("The test sends messages of type java.lang.String, "
					+ "and no @OnMessage(queue = \"invoices\") method takes them");
	}

	@Test
	void conditionShouldChooseMessages() {
		this.context.registerBean("limit", Integer.class, () -> 3);
		start(Conditions.class);
		for (int i = 1; i <= 5; i++) {
			this.queues.get(PurchaseOrder.class).send(new PurchaseOrder(i));
		}
		run();
		assertThat(this.calls).containsExactly("name 2", "root 3", "bean 4", "bean 5");
		assertThat(this.errors).isEmpty();
	}

	@Test
	void conditionThatCannotBeEvaluatedShouldBeReportedAndOthersCalled() {
		start(FailingCondition.class);
		this.queues.get(String.class).send("a");
		run();
		assertThat(this.calls).containsExactly("other a");
		assertThat(this.errors).singleElement().asString().contains("StringIndexOutOfBoundsException");
	}

	@Test
	void conditionThatIsNoExpressionShouldBeRefused() {
		assertInvalid(BrokenCondition.class, "its condition '#text.length( > 1' is no SpEL expression",
				"Correct the condition");
	}

	@Test
	void whatIsReturnedShouldBeSentOn() {
		start(Pipeline.class);
		this.queues.get(Integer.class).send(2);
		run();
		assertThat(this.calls).containsExactly("number 2", "order 20", "text 20 done");
	}

	@Test
	void whatATimerReturnsShouldBeSentOn() {
		start(TimerResult.class);
		run();
		assertThat(this.calls).containsExactly("text tick");
	}

	@ParameterizedTest
	@ValueSource(strings = { "list", "array", "stream", "iterable", "optional", "object" })
	void elementsOfWhatIsReturnedShouldBeSentOneByOne(String kind) {
		start(Several.class);
		this.queues.get(String.class).send(kind);
		run();
		assertThat(this.errors).isEmpty();
		assertThat(this.calls).containsExactlyElementsOf("optional".equals(kind) ? List.of("1") : List.of("1", "2"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "empty", "bytes", "path", "envelope" })
	void whatIsNoSeveralMessagesShouldBeOneOrNone(String kind) {
		start(One.class);
		this.queues.get(String.class).send(kind);
		run();
		assertThat(this.errors).isEmpty();
		assertThat(this.calls)
			.containsExactlyElementsOf(("null".equals(kind) || "empty".equals(kind)) ? List.of() : List.of(kind));
	}

	@Test
	void streamThatIsReturnedShouldBeClosed() {
		start(ClosedStream.class);
		this.queues.get(String.class).send("a");
		run();
		assertThat(this.calls).containsExactly("closed", "1");
	}

	@Test
	void moreThanTheQueueTakesShouldBeReportedWithWhatIsMissing() {
		start(TooMany.class);
		this.queues.get(String.class).send("a");
		run();
		assertThat(this.calls).hasSize(CAPACITY);
		assertThat(this.errors).singleElement()
			.isInstanceOf(MessageRefusedException.class)
			.extracting(Throwable::getMessage)
			.asString()
			.startsWith("The queue 'EventQueue<java.lang.Integer>' is full with 8 messages and does not take 9: ")
			.endsWith("; nor are those sent that 'tooMany.send' has returned after it");
	}

	@Test
	void cycleThatFloodsShouldBeCaughtByTheBoundOfTheQueue() {
		start(Flood.class);
		this.queues.get(Integer.class).send(0);
		for (int i = 0; i < 10; i++) {
			this.loop.runOnce();
		}
		assertThat(this.errors).isNotEmpty()
			.allSatisfy((error) -> assertThat(error).isInstanceOf(MessageRefusedException.class)
				.hasMessageContaining("is full with 8 messages"));
		assertThat(this.calls).hasSizeGreaterThan(1000);
	}

	@Test
	void whatNoMethodTakesShouldBeRefusedAtTheStart() {
		this.context.registerBean("lonely", Lonely.class);
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(this.context::refresh)
			.withMessage("The method '" + Lonely.class.getName() + ".answer' of bean 'lonely', by what it returns, "
					+ "sends messages of type java.lang.Integer, and no @OnMessage method takes them");
	}

	@Test
	void resultOfWhichTheTypeIsNotKnownShouldBeRefusedWhenItIsSent() {
		start(UnknownResult.class);
		this.queues.get(String.class).send("a");
		run();
		assertThat(this.errors).singleElement()
			.isInstanceOf(MessageRefusedException.class)
			.extracting(Throwable::getMessage)
			.isEqualTo("No @OnMessage method takes 1, which was sent as java.lang.Object");
	}

	@Test
	void futureThatIsNoStageShouldBeRefused() {
		assertInvalid(FutureResult.class, "it returns a Future, which does not tell when its value is there",
				"Return a CompletionStage, such as a CompletableFuture.");
	}

	@Test
	void applicationEventsShouldReachTheMethodsThatWantThemOnTheLoop() {
		start(Events.class);
		this.context.publishEvent(new Saved(this));
		this.context.publishEvent("payload");
		this.context.publishEvent(new OrderEnvelope(new PurchaseOrder(7)));
		this.context.publishEvent(42L);
		assertThat(this.calls).isEmpty();
		run();
		assertThat(this.calls).containsExactly("saved", "text payload", "wrapped payload", "order 7");
	}

	@Test
	void applicationEventsShouldNotReachOtherMethods() {
		start(Named.class);
		this.context.publishEvent("payload");
		run();
		assertThat(this.calls).isEmpty();
		assertThat(this.loop.queues()).isEmpty();
	}

	@Test
	void methodForApplicationEventsShouldTakeMessages() {
		start(Events.class);
		this.queues.get(String.class).send("a");
		run();
		assertThat(this.calls).containsExactly("text a");
	}

	@Test
	void publisherShouldBeToldThatTheQueueIsFull() {
		start(Events.class);
		for (int i = 0; i < CAPACITY; i++) {
			this.context.publishEvent("payload");
		}
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> this.context.publishEvent("late"))
			.withMessageStartingWith("The queue 'application events' is full with 8 messages");
	}

	@Test
	void publisherShouldNotFailWhenTheLoopIsClosed() {
		start(Events.class);
		this.loop.close();
		this.context.publishEvent("payload");
		assertThat(this.calls).isEmpty();
	}

	@Test
	void queueThatAFailedLoopRefusesShouldBeForgotten() {
		try (MainLoop failing = MainLoop.builder().errorPolicy(ErrorPolicy.STOP, 1).build()) {
			EventQueues some = new EventQueues(failing, CAPACITY);
			failing.after("failing", Duration.ZERO, (timer) -> {
				throw new IllegalStateException("expected");
			});
			assertThatIllegalStateException().isThrownBy(failing::runOnce);
			assertThatIllegalStateException().isThrownBy(() -> some.get(String.class))
				.withMessage("The main loop has failed");
			assertThatIllegalStateException()
				.isThrownBy(() -> some.get("orders", ResolvableType.forClass(String.class), "a test"));
			failing.recover();
			some.complete();
		}
	}

	@Test
	void messageShouldCostNoMemory() {
		int iterations = 20_000;
		start(Counter.class);
		EventQueue<Integer> queue = this.queues.get(Integer.class);
		allocated(queue, iterations, CAPACITY);
		long ofIterations = allocated(queue, iterations, 0);
		long ofAll = allocated(queue, iterations, CAPACITY);
		assertThat((ofAll - ofIterations) / (iterations * CAPACITY)).isLessThan(16);
		assertThat(this.context.getBean(Counter.class).count).isEqualTo(2 * iterations * CAPACITY);
	}

	/** Returns how many bytes some iterations allocate, with so many messages in each. */
	private long allocated(EventQueue<Integer> queue, int iterations, int messages) {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		Integer message = 1;
		long before = threads.getCurrentThreadAllocatedBytes();
		for (int i = 0; i < iterations; i++) {
			for (int j = 0; j < messages; j++) {
				queue.send(message);
			}
			this.loop.runOnce();
		}
		return threads.getCurrentThreadAllocatedBytes() - before;
	}

	private void start(Class<?>... handlers) {
		for (Class<?> handler : handlers) {
			String name = handler.getSimpleName();
			this.context.registerBean(Character.toLowerCase(name.charAt(0)) + name.substring(1), handler);
		}
		this.context.refresh();
		this.context.getBean(EventHandlers.class).open(Placement.OF_MAIN, this.loop, (source) -> {
		});
	}

	private void run() {
		while (this.loop.runOnce()) {
			assertThat(this.loop.thread()).isNull();
		}
	}

	private EventQueue<Object> queue(Class<?> type, Class<?> generic) {
		return queue("", ResolvableType.forClassWithGenerics(type, generic));
	}

	@SuppressWarnings("unchecked")
	private EventQueue<Object> queue(String name, ResolvableType type) {
		return (EventQueue<Object>) this.queues.get(name, type, "The test");
	}

	private void assertInvalid(Class<?> handler, String reason, String action) {
		this.context.registerBean("bad", handler);
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(this.context::refresh)
			.withMessageContaining("' of bean 'bad' cannot be an @OnMessage handler: ")
			.withMessageContaining(reason)
			.satisfies((ex) -> assertThat(ex.getAction()).contains(action));
	}

	record Calls(List<String> list) {

		void add(Object call) {
			this.list.add(call.toString());
		}

	}

	@EventHandler
	static class Counter {

		private int count;

		@OnMessage
		void count(Integer number) {
			this.count++;
		}

		@OnMessage
		void other(Number number) {
		}

	}

	record PurchaseOrder(int number) {

	}

	record Invoice(int number) {

	}

	static class Envelope<T> {

		private final T content;

		Envelope(T content) {
			this.content = content;
		}

	}

	static class OrderEnvelope extends Envelope<PurchaseOrder> {

		OrderEnvelope(PurchaseOrder content) {
			super(content);
		}

	}

	@EventHandler
	record Envelopes(Calls calls) {

		@Order(1)
		@OnMessage
		void order(Envelope<PurchaseOrder> envelope) {
			this.calls.add("order " + envelope.content.number());
		}

		@Order(2)
		@OnMessage
		void invoice(Envelope<Invoice> envelope) {
			this.calls.add("invoice " + envelope.content.number());
		}

		@Order(3)
		@OnMessage
		void any(Envelope<?> envelope) {
			this.calls.add("any");
		}

	}

	@EventHandler
	record NamedEnvelopes(Calls calls) {

		@OnMessage(queue = "letters")
		void order(Envelope<PurchaseOrder> envelope) {
			this.calls.add("order " + envelope.content.number());
		}

		@OnMessage(queue = "letters")
		void invoice(Envelope<Invoice> envelope) {
			this.calls.add("invoice " + envelope.content.number());
		}

		@OnMessage(queue = "letters")
		void plain(Invoice invoice) {
			this.calls.add("plain " + invoice.number());
		}

	}

	interface WithName {

		String name();

	}

	static class Animal implements WithName, Supplier<String> {

		private final String name;

		Animal(String name) {
			this.name = name;
		}

		@Override
		public String name() {
			return this.name;
		}

		@Override
		public String get() {
			return this.name;
		}

	}

	static class Dog extends Animal {

		Dog(String name) {
			super(name);
		}

	}

	@EventHandler
	record Supertypes(Calls calls) {

		@OnMessage
		void dog(Dog dog) {
			this.calls.add("dog");
		}

		@OnMessage
		void animal(Animal animal) {
			this.calls.add("animal");
		}

		@OnMessage
		void named(WithName named) {
			this.calls.add("named");
		}

		@OnMessage
		void supplier(Supplier<String> supplier) {
			this.calls.add("supplier " + supplier.get());
		}

		@OnMessage
		void other(Supplier<Integer> supplier) {
			this.calls.add("wrong");
		}

		@OnMessage
		void object(Object object) {
			this.calls.add("object");
		}

	}

	@EventHandler
	static class UnhandledQueue {

		@OnMessage(queue = "unhandled")
		void text(String text) {
		}

	}

	@EventHandler
	record TextsAndNumbers(Calls calls) {

		@OnMessage
		void text(String text) {
			this.calls.add("text " + text);
		}

		@OnMessage
		void number(int number) {
			this.calls.add("number " + number);
		}

	}

	@EventHandler
	record OrderedMethods(Calls calls) {

		@Order(3)
		@OnMessage
		void third(String text) {
			this.calls.add("3");
		}

		@OnMessage
		void last(String text) {
			this.calls.add("last");
		}

		@Order(1)
		@OnMessage
		void first(String text) {
			this.calls.add("1");
		}

	}

	@Order(2)
	@EventHandler
	record OrderedClass(Calls calls) {

		@OnMessage
		void second(CharSequence text) {
			this.calls.add("2");
		}

	}

	@EventHandler
	record Named(Calls calls) {

		@OnMessage(queue = "orders")
		void order(String text) {
			this.calls.add("orders " + text);
		}

		@OnMessage(queue = "orders")
		void number(Integer number) {
			this.calls.add("orders " + number);
		}

		@OnMessage
		void unnamed(String text) {
			this.calls.add("unnamed " + text);
		}

	}

	@EventHandler
	record Placeholder(Calls calls) {

		@OnMessage(queue = "${app.queue}")
		void mail(String text) {
			this.calls.add("mail " + text);
		}

	}

	@EventHandler
	record Conditions(Calls calls) {

		@OnMessage(condition = "#order.number == 2")
		void byName(PurchaseOrder order) {
			this.calls.add("name " + order.number());
		}

		@OnMessage(condition = "#root.message.number == 3")
		void byRoot(PurchaseOrder order) {
			this.calls.add("root " + order.number());
		}

		@OnMessage(condition = "#order.number > @limit")
		void byBean(PurchaseOrder order) {
			this.calls.add("bean " + order.number());
		}

	}

	@EventHandler
	record FailingCondition(Calls calls) {

		@Order(1)
		@OnMessage(condition = "#text.substring(9) == ''")
		void failing(String text) {
			this.calls.add("failing " + text);
		}

		@Order(2)
		@OnMessage
		void other(String text) {
			this.calls.add("other " + text);
		}

	}

	@EventHandler
	static class BrokenCondition {

		@OnMessage(condition = "#text.length( > 1")
		void broken(String text) {
		}

	}

	@EventHandler
	record Pipeline(Calls calls) {

		@OnMessage
		PurchaseOrder number(int number) {
			this.calls.add("number " + number);
			return new PurchaseOrder(10 * number);
		}

		@OnMessage
		String order(PurchaseOrder order) {
			this.calls.add("order " + order.number());
			return order.number() + " done";
		}

		@OnMessage
		void text(String text) {
			this.calls.add("text " + text);
		}

	}

	@EventHandler
	record TimerResult(Calls calls) {

		@OnTimer(every = "1h")
		String tick() {
			return "tick";
		}

		@OnMessage
		void text(String text) {
			this.calls.add("text " + text);
		}

	}

	@EventHandler
	record Several(Calls calls) {

		@OnMessage(condition = "#kind == 'list'")
		List<Integer> list(String kind) {
			return List.of(1, 2);
		}

		@OnMessage(condition = "#kind == 'array'")
		Integer[] array(String kind) {
			return new Integer[] { 1, null, 2 };
		}

		@OnMessage(condition = "#kind == 'stream'")
		Stream<Integer> stream(String kind) {
			return Stream.of(1, 2);
		}

		@OnMessage(condition = "#kind == 'iterable'")
		Iterable<? extends Integer> iterable(String kind) {
			return List.of(1, 2)::iterator;
		}

		@OnMessage(condition = "#kind == 'optional'")
		Optional<Integer> optional(String kind) {
			return Optional.of(1);
		}

		@OnMessage(condition = "#kind == 'object'")
		Object object(String kind) {
			return List.of(1, 2);
		}

		@OnMessage
		void number(Integer number) {
			this.calls.add(number);
		}

	}

	@EventHandler
	record One(Calls calls) {

		@OnMessage(condition = "#kind == 'null'")
		Integer nothing(String kind) {
			return null;
		}

		@OnMessage(condition = "#kind == 'empty'")
		Optional<Integer> empty(String kind) {
			return Optional.empty();
		}

		@OnMessage(condition = "#kind == 'bytes'")
		byte[] bytes(String kind) {
			return new byte[] { 1, 2 };
		}

		@OnMessage(condition = "#kind == 'path'")
		Object path(String kind) {
			return Path.of("a", "b");
		}

		@OnMessage(condition = "#kind == 'envelope'")
		Envelope<PurchaseOrder> envelope(String kind) {
			return new Envelope<>(new PurchaseOrder(1));
		}

		@OnMessage
		void number(Integer number) {
			this.calls.add("wrong " + number);
		}

		@OnMessage
		void take(byte[] bytes) {
			this.calls.add("bytes");
		}

		@OnMessage
		void take(Path path) {
			this.calls.add("path");
		}

		@OnMessage
		void take(Envelope<PurchaseOrder> envelope) {
			this.calls.add("envelope");
		}

		@OnMessage
		void other(Envelope<Invoice> envelope) {
			this.calls.add("wrong envelope");
		}

	}

	@EventHandler
	record ClosedStream(Calls calls) {

		@OnMessage
		Stream<Integer> send(String text) {
			return Stream.of(1).onClose(() -> this.calls.add("closed"));
		}

		@OnMessage
		void number(Integer number) {
			this.calls.add(number);
		}

	}

	@EventHandler
	record TooMany(Calls calls) {

		@OnMessage
		Stream<Integer> send(String text) {
			return Stream.iterate(1, (number) -> number + 1);
		}

		@OnMessage
		void number(Integer number) {
			this.calls.add(number);
		}

	}

	@EventHandler
	record Flood(Calls calls) {

		@OnMessage
		List<Integer> number(Integer number) {
			this.calls.add(number);
			return List.of(number + 1, number + 1);
		}

	}

	@EventHandler
	static class Lonely {

		@OnMessage
		int answer(String text) {
			return 42;
		}

	}

	@EventHandler
	static class UnknownResult {

		@OnMessage
		List<?> answer(String text) {
			return List.of(1);
		}

	}

	@EventHandler
	static class FutureResult {

		@OnMessage
		Future<String> answer(String text) {
			return CompletableFuture.completedFuture(text);
		}

	}

	static class Saved extends ApplicationEvent {

		private static final long serialVersionUID = 1L;

		Saved(Object source) {
			super(source);
		}

	}

	@EventHandler
	record Events(Calls calls) {

		@OnMessage(applicationEvents = true)
		void saved(Saved event) {
			this.calls.add("saved");
		}

		@Order(1)
		@OnMessage(applicationEvents = true)
		void text(String text) {
			this.calls.add("text " + text);
		}

		@Order(2)
		@OnMessage(applicationEvents = true)
		void wrapped(PayloadApplicationEvent<String> event) {
			this.calls.add("wrapped " + event.getPayload());
		}

		@OnMessage(applicationEvents = true)
		void order(Envelope<PurchaseOrder> envelope) {
			this.calls.add("order " + envelope.content.number());
		}

		@OnMessage
		void number(Long number) {
			this.calls.add("wrong " + number);
		}

	}

}
