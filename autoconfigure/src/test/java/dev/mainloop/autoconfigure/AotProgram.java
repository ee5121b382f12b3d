package dev.mainloop.autoconfigure;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnEventFd;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.annotation.QueueName;
import dev.mainloop.autoconfigure.health.MainLoopHealthContributorAutoConfiguration;
import dev.mainloop.autoconfigure.systemd.MainLoopSystemdAutoConfiguration;
import dev.mainloop.fd.EventFd;
import dev.mainloop.file.AsyncFiles;

import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;

/**
 * An application whose handlers of every kind pass one message on, and then end it.
 */
public final class AotProgram {

	private static final PrintWriter out = new PrintWriter(System.out, true);

	private AotProgram() {
	}

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setDefaultProperties(Map.of("mainloop.loops.workers.count", 2));
		application.run(args);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ MainLoopAutoConfiguration.class, MainLoopTaskSchedulingAutoConfiguration.class,
			MainLoopHealthContributorAutoConfiguration.class, MainLoopSystemdAutoConfiguration.class })
	@Import({ First.class, Sharded.class, Second.class, Third.class, Last.class })
	static class Application {

		@Bean
		EventFd counter() {
			return EventFd.open(0);
		}

	}

	@EventHandler
	static class First {

		private final EventQueue<Integer> numbers;

		First(EventQueue<Integer> numbers) {
			this.numbers = numbers;
		}

		@OnTimer(every = "1h")
		void begin() {
			this.numbers.send(1);
		}

	}

	@EventHandler(loop = "workers")
	static class Sharded {

		private final MainLoop loop;

		private final AsyncFiles files;

		Sharded(MainLoop loop, AsyncFiles files) {
			this.loop = loop;
			this.files = files;
		}

		@OnMessage(key = "#number")
		String pass(Integer number) {
			this.loop.requireLoopThread();
			this.files.whenRoom(() -> {
			});
			return "a message";
		}

	}

	@Lazy
	@EventHandler
	static class Second {

		@Autowired
		@QueueName("lists")
		EventQueue<List<String>> lists;

		@OnMessage
		void pass(String text) {
			this.lists.send(List.of(text));
		}

	}

	@EventHandler
	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	static class Third {

		private final EventFd counter;

		Third(EventFd counter) {
			this.counter = counter;
		}

		@OnMessage(queue = "lists")
		void pass(List<String> texts) {
			this.counter.add(texts.size());
		}

	}

	@EventHandler
	static class Last {

		private final MainLoop loop;

		Last(MainLoop loop) {
			this.loop = loop;
		}

		@OnEventFd("counter")
		void end(long count) {
			out.println("AOT: " + AotDetector.useGeneratedArtifacts() + ", messages: " + count);
			this.loop.execute(() -> new Thread(() -> System.exit(0)).start());
		}

	}

}
