package dev.mainloop.benchmarks.peer;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;

/**
 * An application with a group of our own loops, and a handler that is sharded by an
 * annotation.
 */
final class MainLoopShards implements Shards {

	private final ConfigurableApplicationContext context;

	private final EventQueue<Order> queue;

	MainLoopShards(int threads, Orders orders) {
		this.context = new SpringApplicationBuilder(Configuration.class).web(WebApplicationType.NONE)
			.properties("mainloop.loops.workers.count=" + threads, "mainloop.queue-capacity=" + Receiver.CAPACITY)
			.initializers((GenericApplicationContext context) -> context.registerBean(Orders.class, () -> orders))
			.run();
		this.queue = this.context.getBean(Sender.class).queue();
	}

	@Override
	public void send(Order order) {
		this.queue.send(order);
	}

	@Override
	public void close() {
		this.context.close();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Handler.class, Sender.class })
	static class Configuration {

	}

	@EventHandler(loop = "workers")
	static class Handler {

		private final Shard shard;

		Handler(Orders orders) {
			this.shard = new Shard(orders);
		}

		@OnMessage(key = "#order.customer")
		void take(Order order) {
			this.shard.take(order);
		}

	}

	record Sender(EventQueue<Order> queue) {

	}

}
