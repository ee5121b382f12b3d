package dev.mainloop.autoconfigure;

import java.util.concurrent.CountDownLatch;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.health.BlockedHandlerEvent;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;

/**
 * A program of its own for {@link StructuredLogTests}, whose handlers block and fail.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({ MainLoopAutoConfiguration.class, LifecycleAutoConfiguration.class })
public class StructuredLogProgram {

	static final int FAILURES = 3;

	/**
	 * Runs until its handlers have blocked and failed.
	 * @param args properties
	 */
	public static void main(String[] args) {
		ConfigurableApplicationContext context = SpringApplication.run(StructuredLogProgram.class, args);
		Worker worker = context.getBean(Worker.class);
		worker.blocks.send(new Block("a block"));
		await(worker.returned);
		for (int i = 0; i < FAILURES; i++) {
			worker.failures.send(new Failure("failure " + i));
		}
		context.close();
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** A message whose handler blocks. */
	record Block(String name) {

	}

	/** A message whose handler fails. */
	record Failure(String name) {

	}

	@EventHandler
	static class Worker {

		private final EventQueue<Block> blocks;

		private final EventQueue<Failure> failures;

		private final CountDownLatch found = new CountDownLatch(1);

		private final CountDownLatch returned = new CountDownLatch(1);

		Worker(EventQueue<Block> blocks, EventQueue<Failure> failures) {
			this.blocks = blocks;
			this.failures = failures;
		}

		@OnMessage
		void block(Block block) {
			await(this.found);
		}

		@OnMessage
		void fail(Failure failure) {
			throw new IllegalStateException("on purpose");
		}

		@EventListener
		void blocked(BlockedHandlerEvent event) {
			(event.blocked().returned() ? this.returned : this.found).countDown();
		}

	}

}
