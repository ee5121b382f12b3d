package dev.mainloop.benchmarks.program;

import dev.mainloop.benchmarks.peer.Delay;
import dev.mainloop.benchmarks.peer.Flood;
import dev.mainloop.benchmarks.peer.Peer;
import dev.mainloop.benchmarks.peer.TimerLoop;

/**
 * Measures how late a timer of a millisecond is, in microseconds, on a loop that is idle
 * or flooded with messages: {@code Lateness PEER COUNT idle|flood}.
 */
public final class Lateness {

	private final Samples samples;

	private final Flood flood = new Flood();

	private final TimerLoop<?> loop;

	private volatile boolean flooding;

	private long due;

	private Lateness(Peer peer, int count) {
		this.samples = new Samples(count);
		this.loop = peer.timerLoop(this.flood, this::expired);
	}

	private void expired() {
		if (this.samples.add(System.nanoTime() - this.due)) {
			arm();
		}
	}

	private void arm() {
		Delay delay = this.samples.isWarmingUp() ? Delay.SHORT : Delay.MILLISECOND;
		this.due = System.nanoTime() + delay.nanos();
		this.loop.arm(delay);
	}

	private void measure(boolean flooded) throws InterruptedException {
		this.flooding = flooded;
		Thread sender = new Thread(this::send);
		sender.start();
		this.loop.execute(this::arm);
		this.samples.await();
		this.flooding = false;
		sender.join();
		this.samples.print();
		this.loop.close();
	}

	private void send() {
		while (this.flooding) {
			this.flood.send(this.loop);
		}
	}

	/**
	 * Measures.
	 * @param args the name of a {@link Peer}, how many times, and whether it is flooded
	 * @throws InterruptedException never
	 */
	public static void main(String[] args) throws InterruptedException {
		new Lateness(Peer.valueOf(args[0]), Integer.parseInt(args[1])).measure(args[2].equals("flood"));
	}

}
