package dev.mainloop.benchmarks;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
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
import org.springframework.context.annotation.Import;

/**
 * Messages that a handler sends to itself, on the main loop of an application.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LocalMessageBenchmark {

	private static final int COUNT = 500_000;

	private static final int WAITING = 256;

	/**
	 * Messages of which each but the last sends another.
	 * @param application the application
	 */
	@Benchmark
	@OperationsPerInvocation(COUNT)
	public void message(Application application) {
		application.bouncer.bounce();
	}

	/** A Spring Boot application. */
	@State(Scope.Benchmark)
	public static class Application {

		/** How many loops it has beside the main loop. */
		@Param({ "0", "2" })
		private int workers;

		private ConfigurableApplicationContext context;

		private Bouncer bouncer;

		/** Starts it, and has every loop handle something. */
		@Setup(Level.Trial)
		public void start() {
			SpringApplicationBuilder application = new SpringApplicationBuilder(Configuration.class)
				.web(WebApplicationType.NONE);
			if (this.workers > 0) {
				application.sources(Worker.class, Sender.class)
					.properties("mainloop.loops.workers.count=" + this.workers);
			}
			this.context = application.run();
			this.bouncer = this.context.getBean(Bouncer.class);
			this.context.getBeanProvider(Sender.class).ifAvailable(Sender::send);
		}

		/** Stops it. */
		@TearDown(Level.Trial)
		public void stop() {
			this.context.close();
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Bouncer.class)
	static class Configuration {

	}

	@EventHandler
	static class Bouncer {

		private final EventQueue<Ball> balls;

		private final Semaphore done = new Semaphore(0);

		private int remaining;

		Bouncer(EventQueue<Ball> balls) {
			this.balls = balls;
		}

		/** Has balls bounce, from another thread, until all have come down. */
		void bounce() {
			this.remaining = COUNT;
			this.balls.send(Ball.FIRST);
			this.done.acquireUninterruptibly();
		}

		@OnMessage
		void take(Ball ball) {
			if (ball == Ball.FIRST) {
				for (int i = 0; i < WAITING; i++) {
					this.balls.send(Ball.NEXT);
				}
			}
			else {
				this.remaining--;
				if (this.remaining >= WAITING) {
					this.balls.send(Ball.NEXT);
				}
				else if (this.remaining == 0) {
					this.done.release();
				}
			}
		}

	}

	@EventHandler(loop = "workers")
	static class Worker {

		private final Semaphore handled;

		Worker(Sender sender) {
			this.handled = sender.handled;
		}

		@OnMessage(key = "#text")
		void take(String text) {
			this.handled.release();
		}

	}

	static class Sender {

		private static final int COUNT = 10_000;

		private final EventQueue<String> texts;

		private final Semaphore handled = new Semaphore(0);

		Sender(EventQueue<String> texts) {
			this.texts = texts;
		}

		void send() {
			for (int i = 0; i < COUNT; i++) {
				this.texts.send("text " + i);
				this.handled.acquireUninterruptibly();
			}
		}

	}

	enum Ball {

		FIRST, NEXT

	}

}
