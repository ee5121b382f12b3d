package dev.mainloop.autoconfigure;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

/**
 * An application of its own for {@link DrainTests}, whose handler takes no message until
 * the application is told to end.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({ MainLoopAutoConfiguration.class, LifecycleAutoConfiguration.class })
public class DrainProgram {

	static final int MESSAGES = 100_000;

	private static final PrintWriter out = new PrintWriter(System.out, true);

	/**
	 * Runs until a signal ends it.
	 * @param args properties
	 */
	public static void main(String[] args) {
		SpringApplication.run(DrainProgram.class, args);
	}

	@EventHandler
	static class Worker implements DisposableBean {

		private final EventQueue<Integer> numbers;

		private final Duration work;

		private final int stuckAt;

		private final AtomicInteger handled = new AtomicInteger();

		private final CountDownLatch ending = new CountDownLatch(1);

		private final CountDownLatch never = new CountDownLatch(1);

		Worker(EventQueue<Integer> numbers, @Value("${app.work:0}") Duration work,
				@Value("${app.stuck-at:-1}") int stuckAt) {
			this.numbers = numbers;
			this.work = work;
			this.stuckAt = stuckAt;
		}

		@EventListener
		void ready(ApplicationReadyEvent event) {
			for (int i = 0; i < MESSAGES; i++) {
				this.numbers.send(i);
			}
			out.println("queued");
		}

		@EventListener
		void closed(ContextClosedEvent event) {
			this.ending.countDown();
		}

		@OnMessage
		void handle(Integer number) throws InterruptedException {
			this.ending.await();
			if (number == this.stuckAt) {
				this.never.await();
			}
			if (!this.work.isZero()) {
				this.never.await(this.work.toNanos(), TimeUnit.NANOSECONDS);
			}
			this.handled.incrementAndGet();
		}

		@Override
		public void destroy() {
			out.println("handled " + this.handled);
		}

	}

}
