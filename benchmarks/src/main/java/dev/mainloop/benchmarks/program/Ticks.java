package dev.mainloop.benchmarks.program;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

import dev.mainloop.benchmarks.peer.Delay;
import dev.mainloop.benchmarks.peer.Peer;
import dev.mainloop.benchmarks.peer.TimerLoop;

/**
 * Has a periodic timer tick, for {@code strace(1)} to count the system calls of its
 * thread between two questions for files that are named as what they mark:
 * {@code Ticks PEER COUNT}.
 */
public final class Ticks {

	private static final int WARM_UP = 100;

	private final CountDownLatch done = new CountDownLatch(1);

	private final TimerLoop<?> loop;

	private final int count;

	private int ticks;

	private Ticks(Peer peer, int count) {
		this.loop = peer.timerLoop(Ticks::nothing, this::tick);
		this.count = count;
	}

	private static void nothing() {
		// No message is sent.
	}

	private void tick() {
		this.ticks++;
		if (this.ticks == WARM_UP) {
			mark("/measured-from-here");
		}
		if (this.ticks == WARM_UP + this.count) {
			mark("/measured-to-here");
			this.done.countDown();
		}
	}

	private static void mark(String name) {
		Files.exists(Path.of(name));
	}

	/**
	 * Ticks.
	 * @param args the name of a {@link Peer}, and how often
	 * @throws InterruptedException never
	 */
	public static void main(String[] args) throws InterruptedException {
		Ticks ticks = new Ticks(Peer.valueOf(args[0]), Integer.parseInt(args[1]));
		ticks.loop.execute(() -> ticks.loop.every(Delay.MILLISECOND));
		ticks.done.await();
		ticks.loop.close();
	}

}
