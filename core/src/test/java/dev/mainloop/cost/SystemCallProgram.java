package dev.mainloop.cost;

import java.io.File;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.fd.EventFd;
import dev.mainloop.file.AsyncFiles;
import dev.mainloop.file.FileHandler;
import dev.mainloop.file.FileIo;
import dev.mainloop.file.FileOperation;
import dev.mainloop.kernel.DelegatingMultiplexer;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;

/**
 * Handles {@link #EVENTS} events of one kind between two marks, for
 * {@link SystemCallTests}. A mark is a system call for a file that is not there.
 */
public final class SystemCallProgram {

	/** How many events come between the marks. */
	static final int EVENTS = 500;

	/** How many file operations are in flight. */
	static final int IN_FLIGHT = 32;

	/** The mark of a thread whose system calls count. */
	static final String THREAD = "/mainloop-thread";

	/** The mark of the first event, whose handler is left out. */
	static final String BEGIN = "/mainloop-begin";

	/** The mark of the last event. */
	static final String END = "/mainloop-end";

	private final SleepCount sleeps = new SleepCount();

	private final MainLoop loop = MainLoop.builder().multiplexer(() -> this.sleeps).build();

	private int handled;

	private SystemCallProgram() {
	}

	/**
	 * Runs the loop until the events are handled.
	 * @param args the kind of the events
	 * @throws Exception if it fails
	 */
	public static void main(String[] args) throws Exception {
		SystemCallProgram program = new SystemCallProgram();
		try (program.loop; EventFd readable = EventFd.open(1)) {
			switch (args[0]) {
				case "message" -> program.sendWhileBusy();
				case "wake-up" -> program.sendWhileAsleep();
				case "tick" ->
					program.loop.every("ticks", Duration.ZERO, Duration.ofMillis(2), (timer) -> program.handled());
				case "file read" -> program.readFile();
				case "readiness" ->
					program.loop.watch("readable", readable, Readiness.READABLE, (fd, readiness) -> program.handled());
				default -> throw new IllegalArgumentException(args[0]);
			}
			mark(THREAD);
			program.loop.run();
		}
	}

	private void handled() {
		if (this.handled == 0) {
			mark(BEGIN);
		}
		else if (this.handled == EVENTS) {
			mark(END);
			this.loop.stop();
		}
		this.handled++;
	}

	/** Sends all messages while a handler keeps the loop from them. */
	private void sendWhileBusy() {
		CountDownLatch busy = new CountDownLatch(1);
		CountDownLatch sent = new CountDownLatch(1);
		EventQueue<Integer> queue = this.loop.queue("queue", EVENTS, (message) -> handled());
		this.loop.execute(() -> {
			handled();
			busy.countDown();
			await(sent);
		});
		start(() -> {
			await(busy);
			for (int i = 1; i <= EVENTS; i++) {
				queue.send(i);
			}
			sent.countDown();
		});
	}

	/** Sends each message once the loop sleeps. */
	private void sendWhileAsleep() {
		EventQueue<Integer> queue = this.loop.queue("queue", EVENTS, (message) -> handled());
		start(() -> {
			for (int i = 0; i <= EVENTS; i++) {
				while (this.sleeps.count <= i) {
					Thread.onSpinWait();
				}
				queue.send(i);
			}
		});
	}

	/** Begins the next reads when all that are in flight have completed. */
	private void readFile() {
		AsyncFiles files = AsyncFiles.builder(this.loop).fileIo(FileIo.IO_URING).build();
		ByteBuffer[] buffers = Stream.generate(() -> ByteBuffer.allocateDirect(1))
			.limit(IN_FLIGHT)
			.toArray(ByteBuffer[]::new);
		FileHandler read = new FileHandler() {

			@Override
			public void completed(FileOperation operation) {
				handled();
				if (files.inFlight() == 0 && SystemCallProgram.this.handled <= EVENTS) {
					for (ByteBuffer buffer : buffers) {
						operation.file().read(buffer.clear(), 0, this);
					}
				}
			}

		};
		this.loop.execute(() -> files.open(Path.of("/proc/self/exe"), 0, read));
	}

	private static void start(Runnable sender) {
		CountDownLatch marked = new CountDownLatch(1);
		new Thread(() -> {
			mark(THREAD);
			marked.countDown();
			sender.run();
		}).start();
		await(marked);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void mark(String mark) {
		if (new File(mark).exists()) {
			throw new IllegalStateException(mark);
		}
	}

	/** Counts how often the loop has begun to sleep. */
	private static final class SleepCount extends DelegatingMultiplexer {

		private volatile int count;

		SleepCount() {
			super(MultiplexerKind.EPOLL.get());
		}

		@Override
		public int await(long timeoutNanos) {
			if (timeoutNanos != 0) {
				this.count = this.count + 1;
			}
			return super.await(timeoutNanos);
		}

	}

}
