package dev.mainloop.benchmarks.program;

import java.time.Duration;

import dev.mainloop.MainLoop;
import dev.mainloop.benchmarks.peer.Peer;
import dev.mainloop.benchmarks.peer.Receiver;

/**
 * Measures how long a message to a loop that sleeps, or polls without sleeping, and its
 * answer take, in microseconds: {@code PingPong PEER COUNT}.
 */
public final class PingPong {

	private static final String BUSY = "BUSY_MAINLOOP";

	private static final Duration LONG = Duration.ofSeconds(1);

	private final Samples samples;

	private final Receiver near;

	private final Receiver far;

	private volatile long sent;

	private PingPong(String peer, int count) {
		this.samples = new Samples(count);
		this.near = receiver(peer, this::answered);
		this.far = receiver(peer, this::answer);
	}

	private static Receiver receiver(String peer, Runnable message) {
		if (peer.equals(BUSY)) {
			return Peer.receiver(MainLoop.builder().busyPoll(LONG).build(), message);
		}
		return Peer.valueOf(peer).receiver(message);
	}

	private void answer() {
		this.near.offer();
	}

	private void answered() {
		if (this.samples.add(System.nanoTime() - this.sent)) {
			send();
		}
	}

	private void send() {
		this.sent = System.nanoTime();
		this.far.offer();
	}

	/**
	 * Measures.
	 * @param args the name of a {@link Peer} or {@code BUSY_MAINLOOP}, and how many round
	 * trips
	 * @throws InterruptedException never
	 */
	public static void main(String[] args) throws InterruptedException {
		PingPong pingPong = new PingPong(args[0], Integer.parseInt(args[1]));
		pingPong.send();
		pingPong.samples.await();
		pingPong.samples.print();
		pingPong.near.close();
		pingPong.far.close();
	}

}
