package dev.mainloop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.DelegatingMultiplexer;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.multiplexer.IoMultiplexer;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Threads and handlers watch, change, pause, resume and close file descriptors at random,
 * and open new ones under the same numbers. What each does follows from a seed, which a
 * failure tells and {@code -Dmainloop.stress.seed} repeats; how they mix does not.
 */
@LinuxTest
@EveryMultiplexer
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class DescriptorStressTests {

	private static final int WORKERS = 3;

	private static final int OPERATIONS = 20_000;

	private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(3);

	private final long seed = Long.getLong("mainloop.stress.seed", ThreadLocalRandom.current().nextLong());

	private final MultiplexerKind kind;

	private final AtomicReferenceArray<Subject> subjects;

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private final AtomicLong opened = new AtomicLong();

	/** Counts the calls of handlers, which are one after another. */
	private final AtomicLong calls = new AtomicLong();

	/** What handlers do at random. */
	private final Random ofHandlers = new Random(this.seed);

	/** Whether handlers leave the others alone. */
	private volatile boolean calm;

	private RecordingMultiplexer multiplexer;

	private MainLoop loop;

	DescriptorStressTests(MultiplexerKind kind) {
		this.kind = kind;
		this.subjects = new AtomicReferenceArray<>((kind == MultiplexerKind.SELECT) ? 100 : 300);
	}

	@Test
	void noEventShouldReachWrongOrClosedSourceOrBeLostAndNothingShouldLeak() throws Exception {
		MainLoop.builder().build().close();
		List<String> before = ProcessFiles.anonymous();
		this.multiplexer = new RecordingMultiplexer(this.kind.get());
		this.loop = MainLoop.builder()
			.multiplexer(() -> this.multiplexer)
			.errorHandler((source, event, error) -> this.failures.add(error))
			.build();
		try (MainLoop closing = this.loop; LoopRunner runner = LoopRunner.start(this.loop)) {
			IntStream.range(0, this.subjects.length()).forEach((i) -> this.subjects.set(i, open(this.ofHandlers)));
			work();
			assertNoFailure();
			assertNoEventIsLost();
			closeAll();
			runner.awaitIteration();
			assertNoFailure();
			assertThat(closing.state()).isEqualTo(MainLoopState.RUNNING);
			assertThat(closing.sourceCounts()).containsEntry("descriptors", 0);
			this.multiplexer.assertNothingIsLeft(this.subjects.length() + WORKERS + 1, hint());
		}
		finally {
			closeAll();
		}
		assertThat(ProcessFiles.anonymous()).as(this::hint).isEqualTo(before);
		assertThat(this.multiplexer.reuses).as("numbers that were reused").isPositive();
	}

	private void work() throws InterruptedException {
		long deadline = System.nanoTime() + LONGEST_NANOS;
		List<Thread> workers = new ArrayList<>();
		for (int i = 1; i <= WORKERS; i++) {
			Random random = new Random(this.seed + i);
			Thread worker = new Thread(() -> operate(random, deadline), "worker " + i);
			workers.add(worker);
			worker.start();
		}
		for (Thread worker : workers) {
			worker.join();
		}
	}

	private void operate(Random random, long deadline) {
		try {
			for (int i = 0; i < OPERATIONS && System.nanoTime() - deadline < 0 && this.failures.isEmpty(); i++) {
				operate(random);
			}
		}
		catch (Throwable ex) {
			this.failures.add(ex);
		}
	}

	private void operate(Random random) {
		int index = random.nextInt(this.subjects.length());
		Subject subject = this.subjects.get(index);
		switch (random.nextInt(12)) {
			case 0 -> replace(index, subject, random);
			case 1 -> subject.pauseAndResume();
			case 2 -> subject.pause();
			case 3, 4 -> subject.resume();
			case 5 -> subject.interest(Readiness.READABLE | Readiness.WRITABLE);
			case 6 -> subject.interest(0);
			case 7 -> subject.interest(Readiness.READABLE);
			case 8 -> subject.share();
			default -> subject.write();
		}
	}

	/** Closes one and opens another, most likely under the same number. */
	private void replace(int index, Subject subject, Random random) {
		subject.close(random);
		Subject next = open(random);
		if (!this.subjects.compareAndSet(index, subject, next)) {
			next.close(random);
		}
	}

	private Subject open(Random random) {
		Trigger[] triggers = (this.kind == MultiplexerKind.EPOLL) ? Trigger.values()
				: new Trigger[] { Trigger.LEVEL, Trigger.ONE_SHOT };
		Subject subject = new Subject(this.opened.incrementAndGet(), triggers[random.nextInt(triggers.length)]);
		subject.open();
		return subject;
	}

	/** Each event that was written arrives once all are enabled. */
	private void assertNoEventIsLost() {
		List<Subject> all = IntStream.range(0, this.subjects.length()).mapToObj(this.subjects::get).toList();
		this.calm = true;
		all.forEach((subject) -> {
			subject.interest(Readiness.READABLE);
			subject.write();
		});
		await().atMost(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS)
			.untilAsserted(
					() -> assertThat(all).as(this::hint).filteredOn((subject) -> subject.waiting() != 0).isEmpty());
	}

	private void assertNoFailure() {
		assertThat(this.failures).as(this::hint).isEmpty();
	}

	private String hint() {
		return "%s, -Dmainloop.stress.seed=%d, after %d calls of handlers of %d file descriptors".formatted(this.kind,
				this.seed, this.calls.get(), this.opened.get());
	}

	private void closeAll() {
		for (int i = 0; i < this.subjects.length(); i++) {
			Subject subject = this.subjects.get(i);
			if (subject != null) {
				subject.close(this.ofHandlers);
			}
		}
	}

	/**
	 * An eventfd and its source. What is written to it tells whose it is: a count in the
	 * lower bits and the count times the identity in the upper ones.
	 */
	private final class Subject {

		private static final int COUNT_BITS = 20;

		private final EventFd eventFd = EventFd.open(0);

		private final AtomicLong written = new AtomicLong();

		private final AtomicLong taken = new AtomicLong();

		private final long identity;

		private final Trigger trigger;

		/** How many handlers had been called when it was closed. */
		private final AtomicLong closedAfter = new AtomicLong(Long.MAX_VALUE);

		/** How many handlers had been called when it was paused; changes under a lock. */
		private volatile long pausedAfter = Long.MAX_VALUE;

		private volatile boolean pausedByHandler;

		private volatile boolean shared;

		private volatile long lastCall;

		private boolean closedByHandler;

		private DescriptorSource source;

		Subject(long identity, Trigger trigger) {
			this.identity = identity;
			this.trigger = trigger;
		}

		synchronized void open() {
			this.source = DescriptorStressTests.this.loop.watch(toString(), this.eventFd, Readiness.READABLE,
					this.trigger, this::ready);
		}

		/** Returns the source, which can be called before it is known. */
		private synchronized DescriptorSource source() {
			return this.source;
		}

		/** Counts what was written and has not arrived, unless it never will. */
		long waiting() {
			resume();
			boolean closed = source().state() == EventSource.State.CLOSED;
			return closed ? 0 : this.written.get() - this.taken.get();
		}

		private void ready(FileDescriptor fd, Readiness readiness) {
			long call = DescriptorStressTests.this.calls.incrementAndGet();
			this.lastCall = call;
			assertThat(fd).as("the file descriptor of %s", this).isSameAs(this.eventFd);
			assertThat(readiness.isError() || readiness.isHangUp()).as("%s of %s", readiness, this).isFalse();
			assertThat(this.closedByHandler).as("%s was closed by a handler", this).isFalse();
			assertThat(this.pausedByHandler).as("%s was paused by a handler", this).isFalse();
			assertNotCalledAfter("closed", this.closedAfter.get());
			assertNotCalledAfter("paused", this.pausedAfter);
			if (readiness.isWritable()) {
				interest(Readiness.READABLE);
			}
			Random random = DescriptorStressTests.this.ofHandlers;
			if (readiness.isReadable() && (this.trigger == Trigger.EDGE || random.nextInt(4) != 0)) {
				take();
			}
			if (this.trigger == Trigger.ONE_SHOT && random.nextInt(4) != 0) {
				resume();
			}
			if (!DescriptorStressTests.this.calm) {
				actOnAnother(random);
			}
		}

		/**
		 * One handler may have been about to be called when the other thread was done.
		 */
		private void assertNotCalledAfter(String what, long after) {
			assertThat(this.lastCall - 1).as("a call of %s, which was %s", this, what).isLessThanOrEqualTo(after);
		}

		private void take() {
			try {
				long value = this.eventFd.take();
				long count = value & ((1 << COUNT_BITS) - 1);
				assertThat(value >>> COUNT_BITS).as("what was written to %s", this).isEqualTo(count * this.identity);
				assertThat(count > 0 || this.shared).as("something to read for %s", this).isTrue();
				this.taken.addAndGet(count);
			}
			catch (IllegalStateException ex) {
				ignoreIfClosed(ex);
			}
		}

		private void ignoreIfClosed(IllegalStateException ex) {
			if (this.eventFd.isOpen()) {
				throw ex;
			}
		}

		/** Acts on another whose event may be in the same batch. */
		private void actOnAnother(Random random) {
			int index = random.nextInt(DescriptorStressTests.this.subjects.length());
			Subject other = DescriptorStressTests.this.subjects.get(index);
			switch ((other != null) ? random.nextInt(12) : -1) {
				case 0 -> replace(index, other, random);
				case 1 -> {
					other.source().close();
					other.closedByHandler = true;
				}
				case 2 -> other.pauseByHandler();
				case 3, 4 -> other.resume();
				case 5 -> other.pauseAndResume();
				case 6 -> other.write();
				default -> {
				}
			}
		}

		void write() {
			try {
				if (this.eventFd.add(this.identity << COUNT_BITS | 1)) {
					this.written.incrementAndGet();
				}
			}
			catch (IllegalStateException ex) {
				ignoreIfClosed(ex);
			}
		}

		void interest(int interest) {
			source().interest(interest);
		}

		synchronized void pause() {
			this.source.pause();
			this.pausedAfter = Math.min(this.pausedAfter, DescriptorStressTests.this.calls.get());
		}

		private synchronized void pauseByHandler() {
			pause();
			this.pausedByHandler = true;
		}

		synchronized void resume() {
			this.pausedByHandler = false;
			this.pausedAfter = Long.MAX_VALUE;
			this.source.resume();
		}

		synchronized void pauseAndResume() {
			pause();
			Thread.yield();
			assertNotCalledAfter("paused", this.pausedAfter);
			resume();
		}

		/** Has a second source for a while, which other changes meet. */
		void share() {
			if (this.trigger != Trigger.LEVEL) {
				return;
			}
			this.shared = true;
			try (DescriptorSource second = DescriptorStressTests.this.loop.watch("second of " + this, this.eventFd,
					Readiness.READABLE, (fd, readiness) -> readyToo(fd))) {
				write();
				Thread.yield();
				assertThat(second.fd()).isSameAs(this.eventFd);
			}
			catch (IllegalStateException ex) {
				ignoreIfClosed(ex);
			}
		}

		private void readyToo(FileDescriptor fd) {
			DescriptorStressTests.this.calls.incrementAndGet();
			assertThat(fd).as("the file descriptor of the second of %s", this).isSameAs(this.eventFd);
			take();
		}

		/**
		 * Closes the source, the file descriptor, or both, which may be closed already.
		 */
		void close(Random random) {
			boolean first = random.nextBoolean();
			if (first) {
				source().close();
				closed();
			}
			this.eventFd.close();
			if (!first) {
				source().close();
				closed();
			}
		}

		private void closed() {
			this.closedAfter.accumulateAndGet(DescriptorStressTests.this.calls.get(), Math::min);
			if (DescriptorStressTests.this.loop.isLoopThread()) {
				this.closedByHandler = true;
			}
		}

		@Override
		public String toString() {
			return "%s subject %d".formatted(this.trigger, this.identity);
		}

	}

	/** Knows what is registered; changes come one after another. */
	private static final class RecordingMultiplexer extends DelegatingMultiplexer {

		private final Map<Integer, Long> tokens = new HashMap<>();

		private final Map<Integer, Long> lastTokens = new HashMap<>();

		private int slots;

		private int reuses;

		RecordingMultiplexer(IoMultiplexer delegate) {
			super(delegate);
		}

		@Override
		public void add(FileDescriptor fd, int interest, Trigger trigger, long token) {
			super.add(fd, interest, trigger, token);
			int number = ProcessFiles.number(fd);
			assertThat(this.tokens.put(number, token)).as("the token of %s before", fd).isNull();
			this.slots = Math.max(this.slots, (int) token + 1);
			this.reuses += (this.lastTokens.put(number, token) != null) ? 1 : 0;
		}

		@Override
		public void modify(FileDescriptor fd, int interest, Trigger trigger, long token) {
			super.modify(fd, interest, trigger, token);
			assertThat(this.tokens.get(ProcessFiles.number(fd))).as("the token of %s", fd).isEqualTo(token);
		}

		@Override
		public void remove(FileDescriptor fd) {
			assertThat(this.tokens.remove(ProcessFiles.number(fd))).as("the token of %s", fd).isNotNull();
			super.remove(fd);
		}

		@Override
		public boolean reset() {
			throw new AssertionError("All are registered anew, though no number was closed by other code");
		}

		/** The eventfd, and the timerfd if the loop needs one. */
		private int ofTheLoop() {
			return isExact() ? 1 : 2;
		}

		void assertNothingIsLeft(int most, String hint) {
			assertThat(this.tokens).as(hint).hasSize(ofTheLoop());
			assertThat(this.slots).as(hint).isLessThanOrEqualTo(most + ofTheLoop());
		}

	}

}
