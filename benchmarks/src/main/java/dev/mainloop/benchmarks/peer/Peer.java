package dev.mainloop.benchmarks.peer;

import dev.mainloop.MainLoop;

/**
 * What is compared.
 */
public enum Peer {

	/** Our own loop. */
	MAINLOOP,

	/** An event loop of Netty. */
	NETTY,

	/** A context of Vert.x. */
	VERTX,

	/** A {@link java.util.concurrent.ThreadPoolExecutor}, or its kind with timers. */
	EXECUTOR,

	/** The LMAX Disruptor. */
	DISRUPTOR;

	/**
	 * Starts a thread that handles messages.
	 * @param message what it runs for each
	 * @return the receiver, to be closed by the caller
	 */
	public Receiver receiver(Runnable message) {
		return switch (this) {
			case MAINLOOP, NETTY -> timerLoop(message, Peer::unexpected);
			case VERTX -> new VertxPeer(message);
			case EXECUTOR -> new ExecutorPeer(message);
			case DISRUPTOR -> new DisruptorPeer(message);
		};
	}

	/**
	 * Starts our own loop, made in a way of the caller's.
	 * @param loop the loop
	 * @param message what it runs for each message
	 * @return the receiver, to be closed by the caller, which closes the loop
	 */
	public static Receiver receiver(MainLoop loop, Runnable message) {
		return new MainLoopPeer(loop, message, Peer::unexpected);
	}

	/**
	 * Starts threads that handle orders.
	 * @param threads how many
	 * @param orders where they count what they have handled
	 * @return the threads, to be closed by the caller
	 */
	public Shards shards(int threads, Orders orders) {
		return switch (this) {
			case MAINLOOP -> new MainLoopShards(threads, orders);
			case NETTY -> new NettyShards(threads, orders);
			case VERTX -> new VertxShards(threads, orders);
			case EXECUTOR -> new StripedPool(threads, orders);
			case DISRUPTOR -> throw new IllegalArgumentException(this + " is not compared by shards");
		};
	}

	/**
	 * Starts a loop with timers that are not to expire.
	 * @return the loop, to be closed by the caller
	 */
	public TimerLoop<?> timerLoop() {
		return timerLoop(Peer::unexpected, Peer::unexpected);
	}

	/**
	 * Starts a loop with timers.
	 * @param message what it runs for each message
	 * @param expired what it runs whenever a timer expires
	 * @return the loop, to be closed by the caller
	 */
	public TimerLoop<?> timerLoop(Runnable message, Runnable expired) {
		return switch (this) {
			case MAINLOOP -> new MainLoopPeer(MainLoop.builder().build(), message, expired);
			case NETTY -> new NettyPeer(message, expired);
			case EXECUTOR -> new ScheduledExecutorPeer(message, expired);
			case VERTX, DISRUPTOR -> throw new IllegalArgumentException(this + " has no timers to compare");
		};
	}

	private static void unexpected() {
		throw new IllegalStateException("It was neither armed to expire nor sent");
	}

}
