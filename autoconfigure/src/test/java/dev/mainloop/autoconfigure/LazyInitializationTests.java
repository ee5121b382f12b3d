package dev.mainloop.autoconfigure;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests an application whose beans are all lazy.
 */
@LinuxTest
class LazyInitializationTests {

	@Test
	void handlersShouldBeMadeByTheirEvents() throws Exception {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.lazyInitialization(true)
			.run()) {
			assertThat(context.getBean(CountDownLatch.class).await(30, TimeUnit.SECONDS)).isTrue();
			assertThat(context.getBeanFactory().containsSingleton("unused")).isFalse();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(MainLoopAutoConfiguration.class)
	@Import({ Sender.class, Receiver.class })
	static class Application {

		@Bean
		CountDownLatch latch() {
			return new CountDownLatch(1);
		}

		@Bean
		Object unused() {
			return new Object();
		}

	}

	@EventHandler
	static class Sender {

		private final EventQueue<String> texts;

		Sender(MainLoop loop, EventQueue<String> texts) {
			loop.requireLoopThread();
			this.texts = texts;
		}

		@OnTimer(every = "1h")
		void begin() {
			this.texts.send("a message");
		}

	}

	@EventHandler
	static class Receiver {

		private final CountDownLatch latch;

		Receiver(MainLoop loop, CountDownLatch latch) {
			loop.requireLoopThread();
			this.latch = latch;
		}

		@OnMessage
		void end(String text) {
			this.latch.countDown();
		}

	}

}
