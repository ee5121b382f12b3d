package dev.mainloop.benchmarks.peer;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * A pool of the JDK whose threads take whatever comes first, and a lock for each stripe
 * of the customers.
 */
final class StripedPool implements Shards {

	private static final int STRIPES = 64;

	private final ExecutorService pool;

	private final Customers[] stripes = Stream.generate(Customers::new).limit(STRIPES).toArray(Customers[]::new);

	private final ThreadLocal<Orders.Handled> handled;

	StripedPool(int threads, Orders orders) {
		this.pool = Executors.newFixedThreadPool(threads);
		this.handled = ThreadLocal.withInitial(() -> orders.new Handled());
	}

	@Override
	public void send(Order order) {
		this.pool.execute(() -> take(order));
	}

	private void take(Order order) {
		Customers customers = this.stripes[order.index(STRIPES)];
		synchronized (customers) {
			customers.take(order);
		}
		this.handled.get().count();
	}

	@Override
	public void close() {
		this.pool.shutdownNow();
	}

}
