package dev.mainloop.benchmarks.peer;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

/**
 * A context of Vert.x, on epoll.
 */
final class VertxPeer implements Receiver {

	private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));

	private final Context context = this.vertx.getOrCreateContext();

	private final Handler<Void> message;

	VertxPeer(Runnable message) {
		this.message = (nothing) -> message.run();
	}

	@Override
	public boolean offer() {
		this.context.runOnContext(this.message);
		return true;
	}

	@Override
	public void close() {
		this.vertx.close().await();
	}

}
