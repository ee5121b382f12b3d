package dev.mainloop;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import com.sun.management.ThreadMXBean;
import dev.mainloop.fd.Signal;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import org.springframework.boot.convert.DurationStyle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Floods queues of every kind for a while, for a time that {@code mainloop.test.soak}
 * sets. Nothing may be lost or get out of order, nor any resource be used up.
 */
@LinuxTest
class MessageSoakTests {

	private static final Duration LENGTH = DurationStyle.detectAndParse(System.getProperty("mainloop.test.soak", "3s"));

	private static final int SENDERS = 4;

	private final List<Throwable> errors = new ArrayList<>();

	private final MainLoop loop = MainLoop.builder()
		.budget(32)
		.errorHandler((source, event, error) -> this.errors.add(error))
		.build();

	private volatile boolean ended;

	@Test
	void everyMessageShouldBeHandledDroppedOrRefused() throws Exception {
		List<Flood> floods = new ArrayList<>();
		for (Overflow overflow : Overflow.values()) {
			floods.add(new Flood(this.loop, overflow));
		}
		long[] ticks = new long[1];
		Semaphore signals = new Semaphore(0);
		this.loop.every("timer", Duration.ZERO, Duration.ofMillis(1), (timer) -> ticks[0]++);
		this.loop.onSignal("signal", Signal.of("WINCH"), (signal) -> signals.release());
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			List<FutureTask<Void>> senders = new ArrayList<>();
			for (int i = 0; i < SENDERS; i++) {
				int number = i;
				senders.add(start(() -> flood(floods, number)));
			}
			senders.add(start(() -> signal(signals)));
			runFor(LENGTH.dividedBy(3));
			List<String> before = ProcessFiles.anonymous();
			Allocation allocation = allocation(floods);
			runFor(LENGTH.multipliedBy(2).dividedBy(3));
			Allocation later = allocation(floods);
			assertThat(ProcessFiles.anonymous()).isEqualTo(before);
			this.ended = true;
			for (FutureTask<Void> sender : senders) {
				sender.get(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS);
			}
			runner.stop();
			assertThat(later.bytesPerMessageSince(allocation)).isLessThan(16);
		}
		finally {
			this.loop.close();
		}
		assertThat(this.errors).isEmpty();
		assertThat(ticks[0]).isPositive();
		assertThat(floods).allSatisfy(Flood::requireAllAccounted);
	}

	private Void flood(List<Flood> floods, int sender) throws Exception {
		while (!this.ended) {
			for (Flood flood : floods) {
				flood.send(sender);
			}
		}
		return null;
	}

	/** Sends signals one by one, so that none is left on its way at the end. */
	private Void signal(Semaphore handled) throws Exception {
		String[] command = { "sh", "-c", "kill -WINCH " + ProcessHandle.current().pid() };
		while (!this.ended) {
			assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
			assertThat(handled.tryAcquire(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
		}
		return null;
	}

	/** Waits by a timer of the loop, which has to come among all else. */
	private void runFor(Duration time) throws Exception {
		CompletableFuture<Void> end = new CompletableFuture<>();
		this.loop.after("end", time, (timer) -> end.complete(null));
		end.get(time.toSeconds() + LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS);
	}

	/** Looks at what the loop's thread has allocated, on that thread itself. */
	private Allocation allocation(List<Flood> floods) throws Exception {
		return CompletableFuture.supplyAsync(() -> {
			ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
			return new Allocation(threads.getCurrentThreadAllocatedBytes(),
					floods.stream().mapToLong((flood) -> flood.handled).sum());
		}, this.loop::execute).get(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS);
	}

	private static FutureTask<Void> start(Callable<Void> action) {
		FutureTask<Void> task = new FutureTask<>(action);
		Thread thread = new Thread(task, "sender");
		thread.setDaemon(true);
		thread.start();
		return task;
	}

	/**
	 * What the loop's thread has allocated.
	 *
	 * @param bytes the bytes
	 * @param messages how many messages it had handled then
	 */
	private record Allocation(long bytes, long messages) {

		double bytesPerMessageSince(Allocation earlier) {
			return (double) (this.bytes - earlier.bytes) / (this.messages - earlier.messages);
		}

	}

	/**
	 * A message.
	 *
	 * @param sender who sent it
	 * @param number how many it sent before
	 */
	private record Message(int sender, long number) {

	}

	/** A queue that is flooded, and what became of the messages. */
	private static final class Flood {

		private final Overflow overflow;

		private final QueueSource<Message> queue;

		/** By sender, written by it. */
		private final long[] sent = new long[SENDERS];

		/** By sender, written by it. */
		private final long[] refused = new long[SENDERS];

		/** By sender, owned by the loop's thread. */
		private final long[] last = new long[SENDERS];

		private long handled;

		private long disorder;

		Flood(MainLoop loop, Overflow overflow) {
			this.overflow = overflow;
			this.queue = loop.queue(overflow.name(), 64, overflow, this::handle);
			Arrays.fill(this.last, -1);
		}

		void send(int sender) throws Exception {
			Message message = new Message(sender, this.sent[sender]++);
			try {
				if (this.overflow == Overflow.REJECT && message.number() % 2 == 0) {
					this.queue.send(message, Duration.ofMillis(1));
				}
				else {
					this.queue.send(message);
				}
			}
			catch (MessageRefusedException ex) {
				this.refused[sender]++;
			}
		}

		private void handle(Message message) {
			if (message.number() <= this.last[message.sender()]) {
				this.disorder++;
			}
			this.last[message.sender()] = message.number();
			this.handled++;
		}

		void requireAllAccounted() {
			long sum = Arrays.stream(this.sent).sum();
			assertThat(sum).isPositive();
			assertThat(this.disorder).isZero();
			assertThat(this.handled + this.queue.dropped() + Arrays.stream(this.refused).sum()).isEqualTo(sum);
			assertThat(this.handled).isPositive();
		}

	}

}
