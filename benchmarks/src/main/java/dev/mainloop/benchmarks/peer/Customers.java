package dev.mainloop.benchmarks.peer;

import java.util.HashMap;
import java.util.Map;

/**
 * What is known of customers, and the work for each of their orders. For one thread at a
 * time.
 */
final class Customers {

	/** That take some two microseconds. */
	private static final int ROUNDS = 500;

	private final Map<String, Customer> byName = new HashMap<>();

	/** Works on an order, and counts it. */
	void take(Order order) {
		Customer customer = this.byName.computeIfAbsent(order.customer(), (name) -> new Customer());
		customer.orders++;
		customer.hash ^= hash(order.number());
	}

	/** Mixes bits, as {@link java.util.SplittableRandom} does. */
	private static long hash(long number) {
		long hash = number;
		for (int i = 0; i < ROUNDS; i++) {
			hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
			hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
		}
		return hash;
	}

	private static final class Customer {

		private long orders;

		private long hash;

	}

}
