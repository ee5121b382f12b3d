package dev.mainloop.cost;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;

import com.sun.management.ThreadMXBean;
import dev.mainloop.DescriptorSource;
import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopGroup;
import dev.mainloop.MainLoopInvoker;
import dev.mainloop.TimerHandler;
import dev.mainloop.TimerTick;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnReadable;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.Signal;
import dev.mainloop.file.AsyncFiles;
import dev.mainloop.file.FileHandler;
import dev.mainloop.file.FileIo;
import dev.mainloop.file.FileOperation;
import dev.mainloop.handler.EventHandlers;
import dev.mainloop.handler.EventQueues;
import dev.mainloop.handler.MainLoopLifecycle;
import dev.mainloop.handler.MainLoops;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.metrics.MainLoopTimers;
import dev.mainloop.multiplexer.Readiness;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * Handles events of one kind on its main thread and prints how many bytes each allocates
 * there, for {@link AllocationTests}.
 */
public final class AllocationProgram {

	private static final int EVENTS = 100;

	/** After which the JIT compiler has compiled all that there is. */
	private static final int ROUNDS = 1000;

	/** As the JVM starts a thread for each signal. */
	private static final int SIGNAL_ROUNDS = 20;

	/** As each may go to a thread of the kernel and back. */
	private static final int FILE_ROUNDS = 200;

	private static final int OWNER = 0600;

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private long now;

	private final MainLoop loop = MainLoop.builder().clock(() -> this.now).build();

	private final EventQueues queues = new EventQueues(this.loop, EVENTS);

	private long handled;

	private AllocationProgram() {
	}

	/**
	 * Prints the bytes.
	 * @param args the kind of the events
	 */
	public static void main(String[] args) {
		AllocationProgram program = new AllocationProgram();
		PrintStream out = System.out;
		try (program.loop; program.context; EventFd readable = EventFd.open(1)) {
			long least = program.leastAllocated(args[0], readable);
			out.println((double) least / EVENTS);
		}
	}

	private long leastAllocated(String event, EventFd readable) {
		return switch (event) {
			case "message" -> messages(this.loop.queue("queue", EVENTS, (message) -> this.handled += message));
			case "annotated message" -> {
				start(readable);
				yield messages(this.queues.get(Integer.class));
			}
			case "annotated message with metrics" -> messagesWithMetrics(readable, new SimpleMeterRegistry());
			case "annotated message with Prometheus" ->
				messagesWithMetrics(readable, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
			case "send with a key" -> keyedMessages();
			case "tick" -> {
				this.loop.every("ticks", Duration.ZERO, Duration.ofMillis(1), (timer) -> this.handled++);
				yield ticks();
			}
			case "annotated tick" -> {
				start(readable, Ticks.class);
				yield ticks();
			}
			case "annotated tick with TimerTick" -> {
				start(readable, TicksWithArgument.class);
				yield ticks();
			}
			case "readiness" -> {
				this.loop.watch("readable", readable, Readiness.READABLE, (fd, readiness) -> this.handled++);
				yield leastAllocated(ROUNDS, this.loop::runOnce);
			}
			case "annotated readiness" -> {
				start(readable, Readable.class);
				yield leastAllocated(ROUNDS, this.loop::runOnce);
			}
			case "signal" -> signals();
			case "file read" -> fileReads();
			case "100 cancelled timers" -> cancelledTimers();
			default -> throw new IllegalArgumentException(event);
		};
	}

	private void start(EventFd readable, Class<?>... handlers) {
		this.context.registerBean("readable", EventFd.class, () -> readable);
		this.context.registerBean(EventHandlers.class,
				() -> new EventHandlers(this.context.getBeanFactory(), this.queues));
		this.context.registerBean(MainLoopLifecycle.class,
				() -> new MainLoopLifecycle(MainLoops.of(this.loop), new MainLoopGroup(),
						(place, loop) -> new MainLoopInvoker(loop), this.context.getBean(EventHandlers.class),
						Duration.ZERO));
		this.context.registerBean(AllocationProgram.class, () -> this);
		this.context.register(Messages.class);
		if (handlers.length > 0) {
			this.context.register(handlers);
		}
		this.context.refresh();
	}

	private long messagesWithMetrics(EventFd readable, MeterRegistry registry) {
		this.context.registerBean(MainLoopTimers.class,
				() -> new MainLoopTimers(MainLoops.of(this.loop), registry, Tags.empty()));
		start(readable);
		return messages(this.queues.get(Integer.class));
	}

	private long messages(EventQueue<Integer> queue) {
		return leastAllocated(ROUNDS, () -> {
			queue.send(1);
			return this.loop.runOnce();
		});
	}

	/** Sends to loops that have threads of their own, and counts what they take. */
	private long keyedMessages() {
		TestPropertyValues.of("mainloop.loops.shards.count=2", "mainloop.blocked-handler.enabled=false")
			.applyTo(this.context);
		this.context.register(MainLoopAutoConfiguration.class, Shard.class, OrderSender.class);
		this.context.refresh();
		EventQueue<Order> queue = this.context.getBean(OrderSender.class).queue();
		Order order = new Order("customer");
		return leastAllocated(ROUNDS, () -> {
			while (!queue.offer(order)) {
				Thread.yield();
			}
			this.handled++;
			return true;
		});
	}

	private long ticks() {
		return leastAllocated(ROUNDS, () -> {
			this.now += 1_000_000;
			return this.loop.runOnce();
		});
	}

	private long cancelledTimers() {
		Duration delay = Duration.ofHours(1);
		TimerHandler handler = (timer) -> {
		};
		EventQueue<Integer> messages = this.loop.queue("messages", EVENTS, (message) -> {
			for (int i = 0; i < 100; i++) {
				this.loop.after("cancelled", delay, handler).close();
			}
			this.handled += message;
		});
		return leastAllocated(ROUNDS, () -> {
			messages.send(1);
			boolean all = messages.size() == EVENTS;
			while (all && messages.size() > 0) {
				this.loop.runOnce();
			}
			return all;
		});
	}

	private long fileReads() {
		AsyncFiles files = AsyncFiles.builder(this.loop).fileIo(FileIo.IO_URING).build();
		FileReads reads = new FileReads(this);
		this.loop.execute(() -> files.open(file(), OWNER, reads));
		long least = leastAllocated(FILE_ROUNDS, this::awaitHandled);
		reads.ending = true;
		awaitHandled();
		return least;
	}

	private static Path file() {
		try {
			Path file = Files.createTempFile("allocation", "");
			file.toFile().deleteOnExit();
			return Files.write(file, new byte[FileReads.SIZE]);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private boolean awaitHandled() {
		long before = this.handled;
		while (this.handled == before) {
			this.loop.runOnce(TIMEOUT);
		}
		return true;
	}

	private long signals() {
		Signal signal = Signal.of("SIGWINCH");
		long pid = ProcessHandle.current().pid();
		this.loop.onSignal("signals", signal, (info) -> this.handled++);
		return leastAllocated(SIGNAL_ROUNDS, () -> {
			Kernel.kill(pid, signal.number());
			return awaitHandled();
		});
	}

	/**
	 * Repeats rounds of events, as the JVM allocates a little itself when it links and
	 * compiles code, and takes the round that allocated least.
	 */
	private long leastAllocated(int rounds, BooleanSupplier event) {
		long least = Long.MAX_VALUE;
		for (int round = 0; round < rounds; round++) {
			long handledBefore = this.handled;
			long before = THREADS.getCurrentThreadAllocatedBytes();
			for (int i = 0; i < EVENTS; i++) {
				event.getAsBoolean();
			}
			least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
			if (this.handled < handledBefore + EVENTS) {
				throw new IllegalStateException("Of %d events %d were handled".formatted(EVENTS, this.handled));
			}
		}
		return least;
	}

	/** Reads again whenever it has read. */
	private static final class FileReads implements FileHandler {

		private static final int SIZE = 4096;

		private final ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);

		private final AllocationProgram program;

		private boolean ending;

		FileReads(AllocationProgram program) {
			this.program = program;
		}

		@Override
		public void completed(FileOperation operation) {
			this.program.handled += (operation.result() == this.buffer.position()) ? 1 : 0;
			if (!this.ending) {
				operation.file().read(this.buffer.clear(), 0, this);
			}
		}

	}

	@EventHandler
	record Messages(AllocationProgram program) {

		@OnMessage
		void add(Integer message) {
			this.program.handled += message;
		}

	}

	record Order(String customer) {

	}

	record OrderSender(EventQueue<Order> queue) {

	}

	@EventHandler(loop = "shards")
	static class Shard {

		@OnMessage(key = "#order.customer")
		void take(Order order) {
			// What the sender allocates is counted.
		}

	}

	@EventHandler
	record Ticks(AllocationProgram program) {

		@OnTimer(every = "1ms")
		void tick() {
			this.program.handled++;
		}

	}

	@EventHandler
	record TicksWithArgument(AllocationProgram program) {

		@OnTimer(every = "1ms")
		void tick(TimerTick tick) {
			this.program.handled += tick.expirations();
		}

	}

	@EventHandler
	record Readable(AllocationProgram program) {

		@OnReadable("readable")
		void read(EventFd fd, Readiness readiness, DescriptorSource source) {
			this.program.handled += readiness.isReadable() ? 1 : 0;
		}

	}

}
