package dev.mainloop.handler;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnClockSet;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnReadable;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.ManualClocks;
import dev.mainloop.testing.LinuxTest;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.ProxyFactoryBean;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.support.GenericBeanDefinition;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.AnnotationConfigUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.OverridingClassLoader;
import org.springframework.core.type.AnnotatedTypeMetadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests which methods of which beans are found, and that no bean is made for it.
 */
@LinuxTest
class HandlerDiscoveryTests {

	private static final List<String> calls = new ArrayList<>();

	private static final List<String> made = new ArrayList<>();

	private final List<Throwable> errors = new ArrayList<>();

	private final ManualClocks clocks = new ManualClocks(Instant.EPOCH);

	private final MainLoop loop = MainLoop.builder()
		.clock(this.clocks)
		.errorHandler((source, event, error) -> this.errors.add(error))
		.build();

	private final EventQueues queues = new EventQueues(this.loop, 16);

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	HandlerDiscoveryTests() {
		calls.clear();
		made.clear();
		this.context.registerBean("handlers", EventHandlers.class,
				() -> new EventHandlers(this.context.getBeanFactory(), this.queues));
	}

	@AfterEach
	void close() {
		this.context.close();
		this.loop.close();
	}

	@Test
	void stereotypeOfTheApplicationShouldMakeAHandler() {
		start(Stereotyped.class);
		tick();
		assertThat(calls).containsExactly("stereotyped");
	}

	@Test
	void annotationsOnAnInterfaceShouldMakeAHandler() {
		this.context.registerBean(AnnotatedInterface.class, () -> new AnnotatedInterface() {
		});
		start();
		tick();
		assertThat(calls).containsExactly("default method");
	}

	@Test
	void methodOfAGenericInterfaceShouldTakeWhatItsImplementationDoes() {
		start(TextTaker.class);
		this.queues.get(String.class).send("words");
		this.loop.runOnce();
		assertThat(calls).containsExactly("took words");
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(() -> this.queues.get(Integer.class));
	}

	@Test
	void annotationOfAnOverridingMethodShouldReplaceThatOfTheOverridden() {
		start(Overriding.class);
		tick();
		assertThat(calls).isEmpty();
		advance(Duration.ofSeconds(1));
		assertThat(calls).containsExactly("overriding");
	}

	@Test
	void methodThatInheritsTwoAnnotationsShouldBeRefused() {
		assertInvalid(TwiceInherited.class, "it inherits different annotations from '" + Soon.class.getName()
				+ ".beat' and '" + Later.class.getName() + ".beat'", "Annotate the method itself.");
	}

	@Test
	void severalAnnotationsOnOneMethodShouldAllCallIt() {
		this.context.registerBean("one", EventFd.class, () -> EventFd.open(0));
		this.context.registerBean("two", EventFd.class, () -> EventFd.open(0));
		start(Several.class);
		tick();
		assertThat(calls).containsExactly("several");
		this.context.getBean("one", EventFd.class).add(1);
		this.loop.runOnce();
		assertThat(calls).hasSize(2);
		this.context.getBean("one", EventFd.class).take();
		this.context.getBean("two", EventFd.class).add(1);
		this.loop.runOnce();
		assertThat(calls).hasSize(3);
		assertThat(this.loop.sourceCounts()).containsEntry("signals", 1);
	}

	@Test
	void parameterThatDoesNotSuitAllAnnotationsShouldBeRefused() {
		this.context.registerBean("one", EventFd.class, () -> EventFd.open(0));
		this.context.register(MixedArguments.class);
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(this::start)
			.withMessageContaining("cannot be an @OnTimer handler: its parameter 0 is of type "
					+ FileDescriptor.class.getName() + ", which is no part of the event");
	}

	@Test
	void repeatedAnnotationShouldBeMetOnceEach() {
		start(Repeated.class);
		tick();
		assertThat(calls).containsExactly("repeated");
		advance(Duration.ofMillis(1));
		assertThat(calls).hasSize(2);
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 3).containsEntry("signals", 2);
	}

	@Test
	void equalAnnotationsOnOneMethodShouldBeRefused() {
		assertInvalid(SameTwice.class, "it has @dev.mainloop.annotation.OnClockSet(instances=EACH) twice",
				"Remove one of the annotations.");
	}

	@Test
	void signalThatIsNamedTwiceShouldBeRefused() {
		assertInvalid(SignalTwice.class, "it names SIGHUP twice", "Name each signal once.");
	}

	@Test
	void beansOfOneClassShouldBothBeCalled() {
		this.context.registerBean("one", Beating.class);
		this.context.registerBean("two", Beating.class);
		start();
		tick();
		assertThat(calls).containsExactly("beat", "beat");
		assertThat(made).hasSize(2);
	}

	@Test
	void aliasShouldNotBeAnotherHandler() {
		this.context.registerBean("one", Beating.class);
		this.context.registerAlias("one", "two");
		start();
		tick();
		assertThat(calls).containsExactly("beat");
	}

	@Test
	void objectThatIsTwoBeansShouldBeRefused() {
		this.context.register(OneObject.class);
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(this::start)
			.withMessage(("The method '%s.beat' of bean 'other' cannot be an @OnTimer handler: "
					+ "the bean 'one' stands for the same object and has the method, too")
				.formatted(Beating.class.getName()))
			.satisfies((ex) -> assertThat(ex.getAction()).contains("aliases"));
	}

	@Test
	void objectThatIsTwoBeansWithoutHandlersShouldNotMatter() {
		this.context.registerBean("one", String.class, () -> "same");
		this.context.registerBean("two", String.class, () -> "same");
		start(Beating.class);
		tick();
		assertThat(calls).containsExactly("beat");
	}

	@Test
	void beanThatItsConditionLeavesOutShouldNotMatter() {
		start(LeftOut.class, Beating.class);
		tick();
		assertThat(calls).containsExactly("beat");
	}

	@Test
	void nullBeanShouldNotMatter() {
		start(NullBean.class);
		tick();
		assertThat(this.loop.sourceCounts()).containsEntry("timers", 0);
	}

	@Test
	void beansShouldNotBeCalled() {
		start(Untouchable.class, UntouchableHandler.class);
		tick();
		assertThat(calls).containsExactly("beat");
	}

	@Test
	void classWithAMethodOfAMissingClassShouldNotMatter() {
		registerIncomplete(WithOptional.class);
		start(Beating.class);
		tick();
		assertThat(calls).containsExactly("beat");
	}

	@Test
	void handlerWithAMethodOfAMissingClassShouldFail() {
		registerIncomplete(HandlerWithOptional.class);
		assertThatIllegalStateException().isThrownBy(this::start)
			.withMessageContaining(HandlerWithOptional.class.getName());
	}

	@Test
	void lazyBeanShouldBeMadeByItsFirstEvent() {
		start(LazyBean.class);
		assertThat(made).isEmpty();
		tick();
		tick();
		assertThat(calls).containsExactly("beat", "beat");
		assertThat(made).hasSize(1);
	}

	@Test
	void prototypeShouldBeMadeForEachEvent() {
		start(PrototypeBean.class);
		assertThat(made).isEmpty();
		tick();
		tick();
		assertThat(calls).containsExactly("beat", "beat");
		assertThat(made).hasSize(2);
	}

	@Test
	void productOfAFactoryBeanShouldBeMadeByItsFirstEvent() {
		start(BeatingFactory.class);
		assertThat(made).containsExactly("factory");
		tick();
		tick();
		assertThat(calls).containsExactly("beat", "beat");
		assertThat(made).containsExactly("factory", "bean");
	}

	@Test
	void lazyFactoryBeanShouldBeMadeByTheFirstEventForItsProduct() {
		withoutEventListeners();
		this.context.registerBean(BeatingFactory.class, (definition) -> definition.setLazyInit(true));
		start();
		assertThat(made).isEmpty();
		tick();
		assertThat(calls).containsExactly("beat");
		assertThat(made).containsExactly("factory", "bean");
	}

	@Test
	void lazyFactoryBeanOfUnknownTypeShouldStayUnmade() {
		withoutEventListeners();
		this.context.registerBean(UnknownFactory.class, (definition) -> definition.setLazyInit(true));
		start();
		tick();
		assertThat(made).isEmpty();
	}

	@Test
	void factoryBeanShouldBeAHandlerItself() {
		start(HandlingFactory.class);
		tick();
		assertThat(calls).containsExactly("factory beat");
	}

	@Test
	void factoryBeanThatIsItsOwnProductShouldBeRefused() {
		this.context.registerBean("self", SelfFactory.class);
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(this::start)
			.withMessageContaining("of bean '&self' cannot be an @OnTimer handler: "
					+ "the bean 'self' stands for the same object and has the method, too");
	}

	@Test
	void beanOfAScopeShouldBeThatOfTheMomentOfTheEvent() {
		Rounds rounds = rounds();
		start(ScopedBean.class);
		assertThat(made).isEmpty();
		tick();
		tick();
		assertThat(made).hasSize(1);
		rounds.next();
		tick();
		assertThat(made).hasSize(2);
		assertThat(calls).containsExactly("beat", "beat", "beat");
	}

	@Test
	void beanOfAScopeBehindAClassProxyShouldBeFoundOnce() {
		Rounds rounds = rounds();
		start(ScopedClassProxy.class);
		assertThat(made).isEmpty();
		tick();
		rounds.next();
		tick();
		assertThat(calls).containsExactly("beat", "beat");
		assertThat(made).hasSize(2);
	}

	@Test
	void beanOfAScopeBehindAnInterfaceProxyShouldBeFoundByTheInterface() {
		rounds();
		start(ScopedInterfaceProxy.class);
		tick();
		assertThat(calls).containsExactly("interface beat");
	}

	@Test
	void methodThatAScopedInterfaceProxyHidesShouldBeRefused() {
		rounds();
		this.context.register(HiddenByScopedProxy.class);
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(this::start)
			.withMessageContaining("hidden' of bean '")
			.withMessageContaining("the bean is a JDK proxy whose interfaces do not have the method");
	}

	@Test
	void scopeThatIsNotThereShouldBeReportedForTheEvent() {
		start(ScopedBean.class);
		tick();
		assertThat(this.errors).singleElement()
			.satisfies((ex) -> assertThat(ex).hasMessageContaining("No Scope registered for scope name 'round'"));
	}

	@Test
	void methodShouldBeCalledThroughAClassProxy() {
		proxyAll(true);
		start(Beating.class);
		tick();
		assertThat(calls).containsExactly("intercepted", "beat");
	}

	@Test
	void interfaceMethodShouldBeCalledThroughAnInterfaceProxy() {
		proxyAll(false);
		start(OfInterface.class);
		tick();
		assertThat(calls).containsExactly("intercepted", "interface beat");
	}

	@Test
	void finalMethodOfAClassProxyShouldBeRefused() {
		proxyAll(true);
		assertInvalid(FinalMethod.class, "the bean is a proxy that cannot pass the call on to its target",
				"neither final");
	}

	@Test
	void methodThatAnInterfaceProxyOfTheApplicationHidesShouldBeRefused() {
		this.context.registerBean("bad", Runnable.class,
				() -> (Runnable) new ProxyFactory(new HiddenMethod()).getProxy());
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(this::start)
			.withMessageContaining(HiddenMethod.class.getName() + ".hidden' of bean 'bad'")
			.withMessageContaining("the bean is a JDK proxy whose interfaces do not have the method");
	}

	@Test
	void methodThatAProxyFactoryBeanHidesShouldBeRefused() {
		this.context.registerBean("bad", ProxyFactoryBean.class, () -> {
			ProxyFactoryBean factory = new ProxyFactoryBean();
			factory.setTarget(new HiddenMethod());
			factory.setInterfaces(Runnable.class);
			return factory;
		});
		this.context.registerBean("user", String.class, () -> this.context.getBean("bad").getClass().getName());
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(this::start)
			.withMessageContaining(HiddenMethod.class.getName() + ".hidden' of bean 'bad'");
	}

	@Test
	void interfaceProxyOfALazyBeanShouldBeReportedForTheEvent() {
		proxyAll(false);
		this.context.registerBean("late", HiddenMethod.class, (definition) -> definition.setLazyInit(true));
		start();
		tick();
		assertThat(this.errors).singleElement()
			.satisfies((ex) -> assertThat(ex).hasMessageContaining("'late'")
				.hasMessageContaining(HiddenMethod.class.getName()));
	}

	/** Takes away what makes lazy factory beans by itself. */
	private void withoutEventListeners() {
		this.context.removeBeanDefinition(AnnotationConfigUtils.EVENT_LISTENER_PROCESSOR_BEAN_NAME);
	}

	private void registerIncomplete(Class<?> type) {
		this.context.setClassLoader(new IncompleteClassLoader(type, Optional.class));
		GenericBeanDefinition definition = new GenericBeanDefinition();
		definition.setBeanClassName(type.getName());
		definition.setLazyInit(true);
		this.context.registerBeanDefinition("incomplete", definition);
	}

	private Rounds rounds() {
		Rounds rounds = new Rounds();
		this.context.getBeanFactory().registerScope("round", rounds);
		return rounds;
	}

	private void proxyAll(boolean classProxies) {
		BeanNameAutoProxyCreator proxyCreator = new BeanNameAutoProxyCreator();
		proxyCreator.setBeanNames("handlerDiscoveryTests.*", "bad", "late");
		proxyCreator.setInterceptorNames("interceptor");
		proxyCreator.setProxyTargetClass(classProxies);
		this.context.registerBean(BeanNameAutoProxyCreator.class, () -> proxyCreator);
		this.context.registerBean("interceptor", MethodInterceptor.class, () -> (invocation) -> {
			calls.add("intercepted");
			return invocation.proceed();
		});
	}

	private void assertInvalid(Class<?> handler, String reason, String action) {
		this.context.registerBean("bad", handler);
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(this::start)
			.withMessageContaining("' of bean 'bad' cannot be an @On")
			.withMessageContaining(reason)
			.satisfies((ex) -> assertThat(ex.getAction()).contains(action));
		assertThat(this.loop.sourceCounts().values()).containsOnly(0);
	}

	private void start(Class<?>... handlers) {
		if (handlers.length > 0) {
			this.context.register(handlers);
		}
		this.context.refresh();
		this.context.getBean("handlers", EventHandlers.class)
			.open(Placement.OF_MAIN, this.loop, (source) -> assertThat(source).isNotNull());
		this.loop.runOnce();
	}

	private void tick() {
		advance(Duration.ofMillis(1));
	}

	private void advance(Duration time) {
		this.clocks.advance(time);
		this.loop.runOnce();
	}

	@Target(ElementType.TYPE)
	@Retention(RetentionPolicy.RUNTIME)
	@EventHandler
	@interface Device {

	}

	@Device
	static class Stereotyped {

		@OnTimer(every = "1ms", initialDelay = "1ms")
		void beat() {
			calls.add("stereotyped");
		}

	}

	@EventHandler
	interface AnnotatedInterface {

		@OnTimer(every = "1ms", initialDelay = "1ms")
		default void beat() {
			calls.add("default method");
		}

	}

	interface Taker<T> {

		@OnMessage
		void take(T message);

	}

	@EventHandler
	static class TextTaker implements Taker<String> {

		@Override
		public void take(String message) {
			calls.add("took " + message);
		}

	}

	interface Soon {

		@OnTimer(every = "1ms", initialDelay = "1ms")
		void beat();

	}

	interface Later {

		@OnTimer(every = "1s", initialDelay = "1s")
		void beat();

	}

	@EventHandler
	static class Overriding implements Soon {

		@Override
		@OnTimer(every = "1s", initialDelay = "1s")
		public void beat() {
			calls.add("overriding");
		}

	}

	@EventHandler
	static class TwiceInherited implements Soon, Later {

		@Override
		public void beat() {
		}

	}

	@EventHandler
	static class Several {

		@OnTimer(every = "1h", initialDelay = "1ms")
		@OnSignal("WINCH")
		@OnReadable("one")
		@OnReadable("two")
		void handle() {
			calls.add("several");
		}

	}

	@EventHandler
	static class MixedArguments {

		@OnReadable("one")
		@OnTimer(every = "1s")
		void handle(FileDescriptor one) {
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@OnTimer(every = "1h", initialDelay = "1h")
	@interface Hourly {

	}

	@EventHandler
	static class Repeated {

		@OnTimer(every = "1h", initialDelay = "1ms")
		@OnTimer(every = "1h", initialDelay = "2ms")
		@Hourly
		@OnSignal("WINCH")
		@OnSignal("HUP")
		void beat() {
			calls.add("repeated");
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@OnClockSet
	@interface ClockWatch {

	}

	@EventHandler
	static class SameTwice {

		@OnClockSet
		@ClockWatch
		void set() {
		}

	}

	@EventHandler
	static class SignalTwice {

		@OnSignal({ "HUP", "SIGHUP" })
		void hangUp() {
		}

	}

	@EventHandler
	static class Beating {

		Beating() {
			made.add("bean");
		}

		@OnTimer(every = "1ms", initialDelay = "1ms")
		void beat() {
			calls.add("beat");
		}

	}

	@Lazy
	@EventHandler
	static class LazyBean extends Beating {

	}

	@EventHandler
	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	static class PrototypeBean extends Beating {

	}

	@EventHandler
	@Scope("round")
	static class ScopedBean extends Beating {

	}

	@EventHandler
	@Scope(scopeName = "round", proxyMode = ScopedProxyMode.TARGET_CLASS)
	static class ScopedClassProxy {

		@OnTimer(every = "1ms", initialDelay = "1ms")
		void beat() {
			made.add("bean of " + System.identityHashCode(this));
			calls.add("beat");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OneObject {

		@Bean
		Beating one() {
			return new Beating();
		}

		@Bean
		Object other(Beating one) {
			return one;
		}

	}

	static class Never implements Condition {

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			return false;
		}

	}

	@EventHandler
	@Conditional(Never.class)
	static class LeftOut extends Beating {

	}

	@Configuration(proxyBeanMethods = false)
	static class NullBean {

		@Bean
		Beating nothing() {
			return null;
		}

	}

	static class Untouchable {

		@Override
		public boolean equals(Object other) {
			throw new UnsupportedOperationException("equals");
		}

		@Override
		public int hashCode() {
			throw new UnsupportedOperationException("hashCode");
		}

		@Override
		public String toString() {
			throw new UnsupportedOperationException("toString");
		}

	}

	@EventHandler
	static class UntouchableHandler extends Untouchable {

		@OnTimer(every = "1ms", initialDelay = "1ms")
		void beat() {
			calls.add("beat");
		}

	}

	static class Optional {

	}

	static class WithOptional {

		void take(Optional optional) {
		}

	}

	@EventHandler
	static class HandlerWithOptional extends WithOptional {

		@OnTimer(every = "1s")
		void beat(Optional optional) {
		}

	}

	static class BeatingFactory implements FactoryBean<Beating> {

		BeatingFactory() {
			made.add("factory");
		}

		@Override
		public Beating getObject() {
			return new Beating();
		}

		@Override
		public Class<?> getObjectType() {
			return Beating.class;
		}

	}

	static class UnknownFactory implements FactoryBean<Object> {

		UnknownFactory() {
			made.add("factory");
		}

		@Override
		public Object getObject() {
			return new Beating();
		}

		@Override
		public Class<?> getObjectType() {
			return Beating.class;
		}

	}

	@EventHandler
	static class HandlingFactory implements FactoryBean<StringBuilder> {

		@Override
		public StringBuilder getObject() {
			return new StringBuilder();
		}

		@Override
		public Class<?> getObjectType() {
			return StringBuilder.class;
		}

		@OnTimer(every = "1ms", initialDelay = "1ms")
		void beat() {
			calls.add("factory beat");
		}

	}

	@EventHandler
	static class SelfFactory implements FactoryBean<SelfFactory> {

		@Override
		public SelfFactory getObject() {
			return this;
		}

		@Override
		public Class<?> getObjectType() {
			return SelfFactory.class;
		}

		@OnTimer(every = "1ms")
		void beat() {
		}

	}

	@EventHandler
	static class OfInterface implements Soon {

		@Override
		public void beat() {
			calls.add("interface beat");
		}

	}

	@EventHandler
	@Scope(scopeName = "round", proxyMode = ScopedProxyMode.INTERFACES)
	static class ScopedInterfaceProxy extends OfInterface {

	}

	@EventHandler
	@Scope(scopeName = "round", proxyMode = ScopedProxyMode.INTERFACES)
	static class HiddenByScopedProxy extends HiddenMethod {

	}

	@EventHandler
	static class HiddenMethod implements Runnable {

		@Override
		public void run() {
		}

		@OnTimer(every = "1ms", initialDelay = "1ms")
		void hidden() {
		}

	}

	@EventHandler
	static class FinalMethod {

		@OnTimer(every = "1ms")
		final void beat() {
		}

	}

	/** A scope whose beans live for a round. */
	private static final class Rounds implements org.springframework.beans.factory.config.Scope {

		private final Map<String, Object> beans = new HashMap<>();

		void next() {
			this.beans.clear();
		}

		@Override
		public Object get(String name, ObjectFactory<?> objectFactory) {
			return this.beans.computeIfAbsent(name, (any) -> objectFactory.getObject());
		}

		@Override
		public Object remove(String name) {
			return this.beans.remove(name);
		}

		@Override
		public void registerDestructionCallback(String name, Runnable callback) {
		}

	}

	/** Defines one class anew, and misses another. */
	private static final class IncompleteClassLoader extends OverridingClassLoader {

		private final Class<?> defined;

		private final Class<?> missing;

		IncompleteClassLoader(Class<?> defined, Class<?> missing) {
			super(defined.getClassLoader());
			this.defined = defined;
			this.missing = missing;
		}

		@Override
		protected boolean isEligibleForOverriding(String className) {
			return className.equals(this.defined.getName()) || className.equals(this.missing.getName());
		}

		@Override
		protected Class<?> loadClassForOverriding(String name) throws ClassNotFoundException {
			if (name.equals(this.missing.getName())) {
				throw new ClassNotFoundException(name);
			}
			return super.loadClassForOverriding(name);
		}

	}

}
