package dev.mainloop.benchmarks.peer;

import java.util.concurrent.Semaphore;

/**
 * Orders as fast as they are handled. However large the queues of those who handle them
 * are, no more than {@link Receiver#CAPACITY} wait in all. The sender sleeps until there
 * is room, as the threads that handle them want all processors.
 */
public final class Orders {

	/** How many are sent at once. */
	public static final int BATCH = 512;

	private static final int COUNT = 1 << 14;

	private final Semaphore room = new Semaphore(Receiver.CAPACITY);

	private final Order[] orders;

	private int next;

	/**
	 * Makes the orders.
	 * @param keys how often each customer orders
	 */
	public Orders(Keys keys) {
		this.orders = keys.orders(COUNT);
	}

	/**
	 * Sends a batch, and before it waits until there is room.
	 * @param shards who gets them
	 */
	public void send(Shards shards) {
		this.room.acquireUninterruptibly(BATCH);
		for (int i = 0; i < BATCH; i++) {
			shards.send(this.orders[this.next]);
			this.next = (this.next + 1) % COUNT;
		}
	}

	/**
	 * What one thread has handled. Room is made for a batch at a time, as it would
	 * otherwise cost more than to send an order.
	 */
	final class Handled {

		private int count;

		/** Counts an order. */
		void count() {
			this.count++;
			if (this.count == BATCH) {
				this.count = 0;
				Orders.this.room.release(BATCH);
			}
		}

	}

}
