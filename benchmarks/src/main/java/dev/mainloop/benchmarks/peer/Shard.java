package dev.mainloop.benchmarks.peer;

/**
 * What one thread owns that has customers for itself.
 */
final class Shard {

	private final Customers customers = new Customers();

	private final Orders.Handled handled;

	Shard(Orders orders) {
		this.handled = orders.new Handled();
	}

	void take(Order order) {
		this.customers.take(order);
		this.handled.count();
	}

}
