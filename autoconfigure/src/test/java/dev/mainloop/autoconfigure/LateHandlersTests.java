package dev.mainloop.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnReadable;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.testing.LinuxTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests beans of which only the object tells that it is an event handler.
 */
@LinuxTest
class LateHandlersTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
		.withBean(Journal.class)
		.withBean(Early.class);

	@Test
	void lazyBeanThatDeclaresAnInterfaceShouldBeFoundWhenItIsMade() {
		this.contextRunner.withUserConfiguration(LazyInterface.class).run((context) -> {
			Journal journal = context.getBean(Journal.class);
			EventQueue<String> words = context.getBean(Early.class).words;
			words.send("one");
			journal.await("early one");
			assertThat(journal.entries).containsExactly("early one");
			context.getBean("late", Runnable.class);
			journal.await("tick");
			words.send("two");
			journal.await("late two");
			assertThat(journal.entries).contains("early two").doesNotContain("late one");
			assertThat(context.getBean(MainLoop.class).sourceCounts()).containsEntry("timers", 1);
		});
	}

	@Test
	void handlerShouldStayFoundOverARestart() {
		this.contextRunner.withUserConfiguration(LazyInterface.class).run((context) -> {
			Journal journal = context.getBean(Journal.class);
			context.getBean("late", Runnable.class);
			journal.await("tick");
			context.stop();
			journal.entries.clear();
			context.start();
			journal.await("tick");
			assertThat(context.getBean(MainLoop.class).sourceCounts()).containsEntry("timers", 1);
		});
	}

	@Test
	void handlerThatIsMadeWhileTheLoopIsStoppedShouldBeFoundByItsStart() {
		this.contextRunner.withUserConfiguration(LazyInterface.class).run((context) -> {
			context.stop();
			context.getBean("late", Runnable.class);
			context.start();
			context.getBean(Journal.class).await("tick");
			assertThat(context.getBean(MainLoop.class).sourceCounts()).containsEntry("timers", 1);
		});
	}

	@Test
	void prototypeThatDeclaresAnInterfaceShouldBeFoundWhenItIsMade() {
		this.contextRunner.withUserConfiguration(PrototypeInterface.class).run((context) -> {
			for (int i = 0; i < 3; i++) {
				context.getBean("late", Runnable.class);
			}
			context.getBean(Journal.class).await("tick");
			assertThat(context.getBean(MainLoop.class).sourceCounts()).containsEntry("timers", 1);
		});
	}

	@Test
	void scopedBeanThatDeclaresAnInterfaceShouldBeFoundWhenItIsMade() {
		this.contextRunner.withUserConfiguration(ScopedInterface.class)
			.withInitializer((context) -> context.getBeanFactory().registerScope("thread", new SimpleThreadScope()))
			.run((context) -> {
				context.getBean("late", Runnable.class).run();
				context.getBean(Journal.class).await("tick");
				assertThat(context.getBean(MainLoop.class).sourceCounts()).containsEntry("timers", 1);
			});
	}

	@Test
	void productOfALazyFactoryBeanThatDoesNotTellItsTypeShouldBeFoundWhenItIsMade() {
		this.contextRunner.withUserConfiguration(LazyFactory.class).run((context) -> {
			assertThat(context.getBean("late")).isInstanceOf(Late.class);
			context.getBean(Journal.class).await("tick");
			assertThat(context.getBean(MainLoop.class).sourceCounts()).containsEntry("timers", 1);
		});
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void impossibleHandlerShouldBeNamedInTheLog(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(LazyImpossible.class).run((context) -> {
			context.getBean("late", Runnable.class);
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(output).contains("' of bean 'late' cannot be an @OnReadable handler: "
						+ "there is no bean named 'nothing' of type FileDescriptor. Declare a bean 'nothing'"));
		});
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void objectThatIsAHandlerAlreadyShouldBeNamedInTheLog(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(LazyTwin.class).run((context) -> {
			context.getBean("other", Runnable.class);
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(output).contains("of bean 'other' cannot be an @On")
					.contains("the bean 'one' stands for the same object and has the method, too"));
			assertThat(context.getBean(MainLoop.class).sourceCounts()).containsEntry("timers", 1);
		});
	}

	static class Journal {

		private final List<String> entries = new CopyOnWriteArrayList<>();

		void await(String entry) {
			org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.entries.contains(entry));
		}

	}

	@EventHandler
	record Early(Journal journal, EventQueue<String> words) {

		@OnMessage
		void word(String word) {
			this.journal.entries.add("early " + word);
		}

	}

	@EventHandler
	record Late(Journal journal) implements Runnable {

		@Override
		public void run() {
		}

		@OnTimer(every = "1ms")
		void tick() {
			this.journal.entries.add("tick");
		}

		@OnMessage
		void word(String word) {
			this.journal.entries.add("late " + word);
		}

	}

	@EventHandler
	static class Impossible implements Runnable {

		@Override
		public void run() {
		}

		@OnReadable("nothing")
		void read() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyInterface {

		@Bean
		@Lazy
		Runnable late(Journal journal) {
			return new Late(journal);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrototypeInterface {

		@Bean
		@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
		Runnable late(Journal journal) {
			return new Late(journal);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedInterface {

		@Bean
		@Scope(scopeName = "thread", proxyMode = ScopedProxyMode.INTERFACES)
		Runnable late(Journal journal) {
			return new Late(journal);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyFactory {

		@Bean
		@Lazy
		LateFactory late(Journal journal) {
			return new LateFactory(journal);
		}

	}

	static class LateFactory implements FactoryBean<Object> {

		private final Journal journal;

		LateFactory(Journal journal) {
			this.journal = journal;
		}

		@Override
		public Object getObject() {
			return new Late(this.journal);
		}

		@Override
		public @Nullable Class<?> getObjectType() {
			return null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyImpossible {

		@Bean
		@Lazy
		Runnable late() {
			return new Impossible();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyTwin {

		@Bean
		Late one(Journal journal) {
			return new Late(journal);
		}

		@Bean
		@Lazy
		Runnable other(Late one) {
			return one;
		}

	}

}
