package dev.mainloop.handler;

import java.lang.annotation.Annotation;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.mainloop.EventQueue;
import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.Timer;
import dev.mainloop.TimerTick;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnReadable;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@LinuxTest
class EventHandlersTests {

	private static final AtomicInteger created = new AtomicInteger();

	private final List<String> calls = new CopyOnWriteArrayList<>();

	private final AtomicInteger now = new AtomicInteger();

	private final MainLoop loop = MainLoop.builder().clock(this.now::get).build();

	private final EventQueues queues = new EventQueues(this.loop, 16);

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	EventHandlersTests() {
		created.set(0);
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
	void timerShouldCallMethodAtItsPeriod() {
		start(Periodic.class);
		advance(10);
		assertThat(this.calls).isEmpty();
		advance(5_000_000);
		assertThat(this.calls).containsExactly("1");
		advance(25_000_000);
		assertThat(this.calls).containsExactly("1", "2");
	}

	@Test
	void decoratorsShouldBeCalledAroundTheMethodTheLastFirst() {
		this.context.registerBean("outer", HandlerCallDecorator.class,
				() -> new NotingDecorator("outer", 2, false, this.calls));
		this.context.registerBean("inner", HandlerCallDecorator.class,
				() -> new NotingDecorator("inner", 1, false, this.calls));
		this.context.registerBean("handler", Periodic.class);
		start();
		advance(5_000_000);
		assertThat(this.calls).containsExactly("outer of handler.beat", "inner of handler.beat", "1");
	}

	@Test
	void decoratorForMeasuredEventsShouldBeCalledBeforeAllOthersAndForNoOtherMessage() {
		startMeasured(Periodic.class);
		this.queues.get(String.class).send("a");
		this.queues.get(String.class).send("b");
		advance(5_000_000);
		assertThat(this.calls).containsExactly("measured of handler.beat", "other of handler.beat", "1",
				"measured of taker.take", "other of taker.take", "a", "other of taker.take", "b");
	}

	@Test
	void messagesWithAContextShouldBeMeasured() {
		this.context.registerBean(SenderContext.class, () -> new SenderContext() {

			@Override
			public boolean isNoop() {
				return false;
			}

			@Override
			public Snapshot capture() {
				return () -> () -> EventHandlersTests.this.calls.add("end");
			}

		});
		startMeasured();
		this.queues.get(String.class).send("a");
		this.queues.get(String.class).send("b");
		advance(1);
		assertThat(this.calls).containsExactly("measured of taker.take", "other of taker.take", "a", "end",
				"other of taker.take", "b", "end");
	}

	@Test
	void applicationEventsShouldBeMeasured() {
		startMeasured();
		this.context.publishEvent("a");
		this.context.publishEvent("b");
		advance(1);
		this.context.publishEvent(new PayloadApplicationEvent<>(this, 1L));
		advance(1);
		assertThat(this.calls).containsExactly("measured of taker.take", "other of taker.take", "a",
				"other of taker.take", "b", "measured of taker.takeEvent", "other of taker.takeEvent", "1");
	}

	private void startMeasured(Class<?>... handlers) {
		this.context.registerBean("measured", HandlerCallDecorator.class,
				() -> new NotingDecorator("measured", 1, true, this.calls));
		this.context.registerBean("other", HandlerCallDecorator.class,
				() -> new NotingDecorator("other", 2, false, this.calls));
		this.context.registerBean("taker", Taker.class);
		for (Class<?> handler : handlers) {
			this.context.registerBean("handler", handler);
		}
		start();
	}

	@Test
	void methodsShouldBeFoundOnInterfacesSuperclassesAndByMetaAnnotations() {
		start(Inherited.class);
		advance(1_000_000);
		assertThat(this.calls).containsExactlyInAnyOrder("interface", "superclass", "meta");
	}

	@Test
	void methodShouldBeFoundOnInterfaceFarAboveTheClass() {
		start(OfInterface.class);
		advance(1_000_000);
		assertThat(this.calls).containsExactly("interface");
	}

	@Test
	void methodShouldBeFoundOnClassFarAboveTheClass() {
		start(OfSuperclass.class);
		advance(1_000_000);
		assertThat(this.calls).containsExactly("superclass");
	}

	@Test
	void lazyBeanShouldBeMadeByItsFirstEvent() {
		this.context.register(LazyHandler.class);
		start();
		assertThat(created).hasValue(0);
		advance(1_000_000);
		advance(1_000_000);
		assertThat(created).hasValue(1);
		assertThat(this.calls).containsExactly("lazy", "lazy");
	}

	@Test
	void prototypeBeanShouldBeMadeForEveryEvent() {
		start(PrototypeHandler.class);
		assertThat(created).hasValue(0);
		advance(1_000_000);
		advance(1_000_000);
		assertThat(created).hasValue(2);
	}

	@Test
	void classProxyShouldBeCalled() {
		this.context.registerBean("proxied", Periodic.class, () -> {
			ProxyFactory factory = new ProxyFactory(new Periodic(new Calls(this.calls)));
			factory.setProxyTargetClass(true);
			return (Periodic) factory.getProxy();
		});
		start();
		advance(5_000_000);
		assertThat(this.calls).containsExactly("1");
	}

	@Test
	void interfaceProxyWithoutTheMethodShouldBeRefused() {
		BeanNameAutoProxyCreator proxyCreator = new BeanNameAutoProxyCreator();
		proxyCreator.setBeanNames("proxied");
		this.context.registerBean(BeanNameAutoProxyCreator.class, () -> proxyCreator);
		this.context.registerBean("proxied", HiddenMethod.class);
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(this::start)
			.withMessageContaining("beat' of bean 'proxied' cannot be an @OnTimer handler: the bean is a JDK proxy")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("proxy-target-class"));
	}

	@Test
	void handlersOfOneMessageShouldRunInOrderAndDespiteAFailure() {
		this.context.register(Second.class, First.class, Fails.class);
		EventQueue<String> strings = this.queues.get(String.class);
		start();
		strings.send("a");
		this.loop.runOnce();
		assertThat(this.calls).containsExactly("first a", "second a");
	}

	@Test
	void queueAskedForLateShouldBeChecked() {
		start(First.class);
		assertThat(this.queues.get(String.class).offer("x")).isTrue();
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(() -> this.queues.get(Integer.class))
			.withMessage(
					"The application sends messages of type java.lang.Integer, and no @OnMessage method takes them");
	}

	@Test
	void descriptorShouldBeFoundByNameAndPassedAsWhatItIs() {
		this.context.registerBean("counter", EventFd.class, () -> EventFd.open(0));
		start(CounterReader.class);
		this.context.getBean(EventFd.class).add(5);
		this.loop.runOnce();
		assertThat(this.calls).containsExactly("5");
	}

	@Test
	void missingDescriptorShouldBeRefusedWithThoseThereAre() {
		this.context.registerBean("other", EventFd.class, () -> EventFd.open(0));
		assertInvalid(CounterReader.class, "there is no bean named 'counter' of type FileDescriptor", "[other]");
	}

	@Test
	void regularFileShouldBeRefused(@TempDir Path directory) throws Exception {
		Path file = Files.createFile(directory.resolve("file"));
		this.context.registerBean("file", FileDescriptor.class, () -> FileDescriptor.open(file));
		assertInvalid(FileReader.class, "its file descriptor 'file' cannot be watched", "one has to wait for");
	}

	@Test
	void methodThatCannotWorkShouldBeRefused() {
		assertInvalid(UnknownParameter.class, "its parameter 0 is of type java.lang.String",
				"Declare any of these parameters or none: TimerTick, Timer.");
	}

	@Test
	void privateMethodShouldBeRefused() {
		assertInvalid(PrivateMethod.class, "it is private", "package-private");
	}

	@Test
	void methodOfAClassThatIsNoHandlerShouldBeRefused() {
		assertInvalid(NoHandler.class, "its class " + NoHandler.class.getName() + " is no @EventHandler",
				"Annotate the class with @EventHandler.");
	}

	@Test
	void periodThatIsNoDurationShouldBeRefused() {
		assertInvalid(NoDuration.class, "its 'every' is 'soon', which is no duration", "250ms");
	}

	@Test
	void periodThatCannotBeResolvedShouldBeRefused() {
		this.context.registerBean(PropertySourcesPlaceholderConfigurer.class);
		assertInvalid(NoProperty.class, "its 'every' is '${no.such.property}', which cannot be resolved", "default");
	}

	@Test
	void periodOfZeroShouldBeRefused() {
		assertInvalid(ZeroPeriod.class, "its period 'every' is '0s'", "more than zero");
	}

	@Test
	void negativeInitialDelayShouldBeRefused() {
		assertInvalid(NegativeDelay.class, "its 'initialDelay' is '-1s'", "zero or more");
	}

	@Test
	void unknownSignalShouldBeRefused() {
		assertInvalid(UnknownSignal.class, "'SIGFOO' is not a signal", "Correct the name");
	}

	@Test
	void unusableSignalShouldBeRefused() {
		assertInvalid(UnusableSignal.class, "SIGKILL cannot be handled: the kernel lets no process catch it",
				"SIGTERM");
	}

	@Test
	void messageMethodWithoutParameterShouldBeRefused() {
		assertInvalid(NoMessage.class, "it has 0 parameters", "Declare one parameter");
	}

	private void assertInvalid(Class<?> handler, String reason, String action) {
		this.context.registerBean("bad", handler, (BeanDefinition definition) -> {
		});
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(this::start)
			.withMessageContaining("' of bean 'bad' cannot be an @On")
			.withMessageContaining(handler.getName() + ".")
			.withMessageContaining(reason)
			.satisfies((ex) -> assertThat(ex.getAction()).contains(action));
		assertThat(this.loop.sourceCounts().values()).containsOnly(0);
	}

	private void start(Class<?>... handlers) {
		if (handlers.length > 0) {
			this.context.register(handlers);
		}
		this.context.refresh();
		this.context.getBean(EventHandlers.class).open(Placement.OF_MAIN, this.loop, (EventSource source) -> {
		});
		this.loop.runOnce();
	}

	private void advance(int nanos) {
		this.now.addAndGet(nanos);
		this.loop.runOnce();
	}

	private record NotingDecorator(String name, int getOrder, boolean isForMeasured,
			List<String> calls) implements HandlerCallDecorator, Ordered {

		@Override
		public <E> HandlerCall<E> decorate(HandlerCall<E> call, Placement place, String beanName, Method method,
				Annotation annotation) {
			return (event) -> {
				this.calls.add("%s of %s.%s".formatted(this.name, beanName, method.getName()));
				call.invoke(event);
			};
		}

	}

	record Calls(List<String> list) {

		void add(Object call) {
			this.list.add(call.toString());
		}

	}

	@EventHandler
	static class Periodic {

		private final Calls calls;

		Periodic(Calls calls) {
			this.calls = calls;
		}

		@OnTimer(every = "10ms", initialDelay = "5")
		void beat(TimerTick tick) {
			this.calls.add(tick.expirations());
		}

	}

	interface Beating {

		@OnTimer(every = "1s", initialDelay = "1ms")
		void interfaceBeat();

	}

	abstract static class BeatingBase {

		@OnTimer(every = "PT1S", initialDelay = "PT0.001S")
		abstract void superclassBeat();

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@OnTimer(every = "1s", initialDelay = "1ms")
	@interface EverySecond {

	}

	@EventHandler
	static class Inherited extends BeatingBase implements Beating {

		private final Calls calls;

		Inherited(Calls calls) {
			this.calls = calls;
		}

		@Override
		public void interfaceBeat() {
			this.calls.add("interface");
		}

		@Override
		void superclassBeat() {
			this.calls.add("superclass");
		}

		@EverySecond
		void metaBeat() {
			this.calls.add("meta");
		}

	}

	interface MoreBeating extends Beating {

	}

	abstract static class MoreBeatingBase implements MoreBeating {

	}

	@EventHandler
	static class OfInterface extends MoreBeatingBase {

		private final Calls calls;

		OfInterface(Calls calls) {
			this.calls = calls;
		}

		@Override
		public void interfaceBeat() {
			this.calls.add("interface");
		}

	}

	abstract static class StillBeatingBase extends BeatingBase {

	}

	@EventHandler
	static class OfSuperclass extends StillBeatingBase {

		private final Calls calls;

		OfSuperclass(Calls calls) {
			this.calls = calls;
		}

		@Override
		void superclassBeat() {
			this.calls.add("superclass");
		}

	}

	@Lazy
	@EventHandler
	static class LazyHandler {

		private final Calls calls;

		LazyHandler(Calls calls) {
			this.calls = calls;
			created.incrementAndGet();
		}

		@OnTimer(every = "1ms", initialDelay = "1ms")
		void beat() {
			this.calls.add("lazy");
		}

	}

	@EventHandler
	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	static class PrototypeHandler {

		PrototypeHandler() {
			created.incrementAndGet();
		}

		@OnTimer(every = "1ms", initialDelay = "1ms")
		void beat(Timer timer) {
			assertThat(timer.description()).endsWith(".beat");
		}

	}

	@EventHandler
	static class HiddenMethod implements Runnable {

		@Override
		public void run() {
		}

		@OnTimer(every = "1s")
		void beat() {
		}

	}

	@Order(1)
	@EventHandler
	record First(Calls calls) {

		@OnMessage
		void take(String message) {
			this.calls.add("first " + message);
		}

	}

	@Order(2)
	@EventHandler
	static class Fails {

		@OnMessage
		void take(String message) {
			throw new IllegalStateException("expected by the test: " + message);
		}

	}

	@Order(3)
	@EventHandler
	record Second(Calls calls) {

		@OnMessage
		void take(CharSequence message) {
			this.calls.add("second " + message);
		}

	}

	@EventHandler
	record Taker(Calls calls) {

		@OnMessage(applicationEvents = true)
		void take(String message) {
			this.calls.add(message);
		}

		@OnMessage(applicationEvents = true)
		void takeEvent(PayloadApplicationEvent<Long> event) {
			this.calls.add(event.getPayload());
		}

	}

	@EventHandler
	record CounterReader(Calls calls) {

		@OnReadable("counter")
		void read(EventFd counter) {
			this.calls.add(counter.take());
		}

	}

	@EventHandler
	static class FileReader {

		@OnReadable("file")
		void read() {
		}

	}

	@EventHandler
	static class UnknownParameter {

		@OnTimer(every = "1s")
		void beat(String text) {
		}

	}

	@EventHandler
	static class PrivateMethod {

		@OnTimer(every = "1s")
		private void beat() {
		}

	}

	static class NoHandler {

		@OnTimer(every = "1s")
		void beat() {
		}

	}

	@EventHandler
	static class NoDuration {

		@OnTimer(every = "soon")
		void beat() {
		}

	}

	@EventHandler
	static class NoProperty {

		@OnTimer(every = "${no.such.property}")
		void beat() {
		}

	}

	@EventHandler
	static class ZeroPeriod {

		@OnTimer(every = "0s")
		void beat() {
		}

	}

	@EventHandler
	static class NegativeDelay {

		@OnTimer(every = "1s", initialDelay = "-1s")
		void beat() {
		}

	}

	@EventHandler
	static class UnknownSignal {

		@OnSignal("SIGFOO")
		void signal() {
		}

	}

	@EventHandler
	static class UnusableSignal {

		@OnSignal("KILL")
		void signal() {
		}

	}

	@EventHandler
	static class NoMessage {

		@OnMessage
		void message() {
		}

	}

}
