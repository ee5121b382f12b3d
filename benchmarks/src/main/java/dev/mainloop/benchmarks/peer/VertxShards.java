package dev.mainloop.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;

import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

/**
 * Verticles of Vert.x on event loops with epoll, of which the key chooses one by hand.
 * They are sent to by their contexts, which costs less than the event bus.
 */
final class VertxShards implements Shards {

	private final Vertx vertx;

	private final List<OrderVerticle> verticles = new ArrayList<>();

	VertxShards(int threads, Orders orders) {
		this.vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(threads));
		for (int i = 0; i < threads; i++) {
			OrderVerticle verticle = new OrderVerticle(new Shard(orders));
			this.vertx.deployVerticle(verticle).await();
			this.verticles.add(verticle);
		}
	}

	@Override
	public void send(Order order) {
		this.verticles.get(order.index(this.verticles.size())).send(order);
	}

	@Override
	public void close() {
		this.vertx.close().await();
	}

	private static final class OrderVerticle extends VerticleBase {

		private final Shard shard;

		OrderVerticle(Shard shard) {
			this.shard = shard;
		}

		void send(Order order) {
			this.context.runOnContext((nothing) -> this.shard.take(order));
		}

	}

}
