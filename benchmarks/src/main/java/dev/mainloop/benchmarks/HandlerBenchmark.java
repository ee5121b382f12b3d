package dev.mainloop.benchmarks;

import java.util.concurrent.TimeUnit;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.benchmarks.peer.Flood;
import dev.mainloop.benchmarks.peer.Receiver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * Messages to the methods of Spring beans, next to a lambda on the same loop.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HandlerBenchmark {

	/**
	 * One sender to a handler, which both keep busy.
	 * @param application the application with the handler
	 */
	@Benchmark
	@OperationsPerInvocation(Flood.BATCH)
	public void message(Application application) {
		application.flood.send(application.receiver);
	}

	/** What handles the messages. */
	public enum Kind {

		/** A lambda that was given to the loop. */
		LAMBDA,

		/** A method with an annotation. */
		METHOD,

		/** The same, in an application that has a registry for metrics. */
		METHOD_WITH_METRICS

	}

	/** A Spring Boot application. */
	@State(Scope.Benchmark)
	public static class Application {

		/** What handles the messages. */
		@Param({ "LAMBDA", "METHOD", "METHOD_WITH_METRICS" })
		private Kind kind;

		private ConfigurableApplicationContext context;

		private Flood flood;

		private Receiver receiver;

		/** Starts it. */
		@Setup(Level.Trial)
		public void start() {
			SpringApplicationBuilder application = new SpringApplicationBuilder(Configuration.class)
				.web(WebApplicationType.NONE)
				.properties("mainloop.queue-capacity=" + Receiver.CAPACITY);
			if (this.kind != Kind.LAMBDA) {
				application.sources(Handler.class);
			}
			if (this.kind == Kind.METHOD_WITH_METRICS) {
				application.sources(SimpleMeterRegistry.class);
			}
			this.context = application.run();
			this.flood = this.context.getBean(Flood.class);
			this.receiver = new Sender(queue());
		}

		private EventQueue<Message> queue() {
			if (this.kind != Kind.LAMBDA) {
				return this.context.getBean(Handler.class).messages;
			}
			Flood flood = this.flood;
			return this.context.getBean(MainLoop.class).queue("lambda", Receiver.CAPACITY, (message) -> flood.run());
		}

		/** Stops it. */
		@TearDown(Level.Trial)
		public void stop() {
			this.context.close();
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Configuration {

		@Bean
		Flood flood() {
			return new Flood();
		}

	}

	@EventHandler
	static class Handler {

		private final Flood flood;

		private final EventQueue<Message> messages;

		Handler(Flood flood, EventQueue<Message> messages) {
			this.flood = flood;
			this.messages = messages;
		}

		@OnMessage
		void take(Message message) {
			this.flood.run();
		}

	}

	record Message() {

		private static final Message INSTANCE = new Message();

	}

	record Sender(EventQueue<Message> queue) implements Receiver {

		@Override
		public boolean offer() {
			return this.queue.offer(Message.INSTANCE);
		}

		@Override
		public void close() {
			throw new UnsupportedOperationException("The application is closed instead");
		}

	}

}
