package dev.mainloop.autoconfigure;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.annotation.QueueName;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests parents and children of the application context that has the loop.
 */
@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class ContextHierarchyTests {

	@Test
	void handlerInAChildWithoutLoopShouldBeNamedInTheLog(CapturedOutput output) {
		try (ConfigurableApplicationContext parent = run(Loop.class);
				AnnotationConfigApplicationContext child = child(parent, Handler.class)) {
			assertThat(output).contains("The event handlers [contextHierarchyTests.Handler] get no events: "
					+ "they are beans of the child context '" + child.getDisplayName() + "', which has no main loop");
		}
	}

	@Test
	void handlerInAParentWithoutLoopShouldBeNamedInTheLog(CapturedOutput output) {
		try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext(Handler.class);
				AnnotationConfigApplicationContext child = child(parent, Loop.class)) {
			assertThat(child.isRunning()).isTrue();
			assertThat(output).contains("The event handlers [contextHierarchyTests.Handler] get no events: "
					+ "they are beans of the parent context '" + parent.getDisplayName() + "', which has no main loop");
		}
	}

	@Test
	void childrenWithLoopOrWithoutHandlersShouldNotBeWarnedOf(CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext parent = run(Loop.class);
				AnnotationConfigApplicationContext withoutHandlers = child(parent, Sender.class);
				AnnotationConfigApplicationContext withLoop = child(parent, LoopWithHandler.class)) {
			Handler handler = withLoop.getBean(Handler.class);
			assertThat(handler.ticked.await(30, TimeUnit.SECONDS)).isTrue();
			assertThat(output).doesNotContain("get no events");
			assertThat(withoutHandlers.getBean(Sender.class)).isNotNull();
		}
	}

	@Test
	void childShouldSendToTheHandlersOfItsParent() throws Exception {
		try (ConfigurableApplicationContext parent = run(Loop.class);
				AnnotationConfigApplicationContext child = child(parent, Sender.class)) {
			Sender sender = child.getBean(Sender.class);
			sender.words.send("one");
			sender.numbers.send(2);
			sender.urgentWords.send("three");
			assertThat(parent.getBean(Receiver.class).received.await(30, TimeUnit.SECONDS)).isTrue();
		}
	}

	private static ConfigurableApplicationContext run(Class<?> configuration) {
		return new SpringApplicationBuilder(configuration).web(WebApplicationType.NONE).run();
	}

	private static AnnotationConfigApplicationContext child(ConfigurableApplicationContext parent, Class<?> component) {
		AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext();
		child.setParent(parent);
		child.register(component);
		child.refresh();
		return child;
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(MainLoopAutoConfiguration.class)
	@Import(Receiver.class)
	static class Loop {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(MainLoopAutoConfiguration.class)
	@Import(Handler.class)
	static class LoopWithHandler {

	}

	@EventHandler
	static class Handler {

		private final CountDownLatch ticked = new CountDownLatch(1);

		@OnTimer(every = "1h")
		void tick() {
			this.ticked.countDown();
		}

	}

	@EventHandler
	static class Receiver {

		private final CountDownLatch received = new CountDownLatch(3);

		@OnMessage
		void word(String word) {
			this.received.countDown();
		}

		@OnMessage
		void number(Number number) {
			this.received.countDown();
		}

		@OnMessage(queue = "urgent")
		void urgentWord(String word) {
			this.received.countDown();
		}

	}

	record Sender(EventQueue<String> words, EventQueue<Integer> numbers,
			@QueueName("urgent") EventQueue<String> urgentWords) {

	}

}
