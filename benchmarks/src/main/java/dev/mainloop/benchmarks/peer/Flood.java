package dev.mainloop.benchmarks.peer;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Messages as fast as they are taken. However large the receiver's own queue is, no more
 * than {@link Receiver#CAPACITY} wait and the batches that were begun.
 */
public final class Flood implements Runnable {

	/** How many messages are sent at once. */
	public static final int BATCH = 256;

	private static final int SPINS = 1000;

	/**
	 * As often as this, the sender learns of handled messages. It would otherwise spin on
	 * a number that the receiver writes for each, and slow down what is measured.
	 */
	private static final int TOLD = 64;

	private static final int SENT = 16;

	private static final int HANDLED = 32;

	private static final int COUNTED = 48;

	/**
	 * So far apart from each other, and from what others read, that no cache line is
	 * shared.
	 */
	private final AtomicLongArray counts = new AtomicLongArray(64);

	/**
	 * Counts a message, on the receiver's thread.
	 */
	@Override
	public void run() {
		long count = this.counts.getPlain(COUNTED) + 1;
		this.counts.setPlain(COUNTED, count);
		if (count % TOLD == 0) {
			this.counts.lazySet(HANDLED, count);
		}
	}

	/**
	 * Sends a batch, and before it waits until there is room.
	 * @param receiver the receiver
	 */
	public void send(Receiver receiver) {
		long before = this.counts.getAndAdd(SENT, BATCH);
		for (int spins = 0; before - this.counts.get(HANDLED) > Receiver.CAPACITY; spins++) {
			pause(spins);
		}
		for (int i = 0; i < BATCH; i++) {
			for (int spins = 0; !receiver.offer(); spins++) {
				pause(spins);
			}
		}
	}

	private static void pause(int spins) {
		if (spins < SPINS) {
			Thread.onSpinWait();
		}
		else {
			Thread.yield();
		}
	}

}
