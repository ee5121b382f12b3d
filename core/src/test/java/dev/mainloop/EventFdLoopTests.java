package dev.mainloop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.mainloop.fd.EventFd;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Eventfds between threads and loops.
 */
@LinuxTest
class EventFdLoopTests {

	private static final int COUNT = 2000;

	private final MainLoop loop = MainLoop.builder().build();

	private final EventFd eventFd = EventFd.open(0);

	private final EventFd answers = EventFd.open(0);

	@AfterEach
	void close() {
		this.loop.close();
		this.eventFd.close();
		this.answers.close();
	}

	@Test
	void sumOfThreadsShouldReachLoop() throws Exception {
		int threads = 3;
		AtomicLong sum = new AtomicLong();
		CountDownLatch all = new CountDownLatch(threads * COUNT);
		this.loop.watch("counter", this.eventFd, Readiness.READABLE, (fd, readiness) -> {
			long count = this.eventFd.take();
			sum.addAndGet(count);
			for (long i = 0; i < count; i++) {
				all.countDown();
			}
		});
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			CompletableFuture<?>[] adders = new CompletableFuture<?>[threads];
			for (int i = 0; i < threads; i++) {
				adders[i] = CompletableFuture.runAsync(() -> {
					for (int j = 0; j < COUNT; j++) {
						assertThat(this.eventFd.add(1)).isTrue();
					}
				});
			}
			CompletableFuture.allOf(adders).get(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS);
			LoopRunner.await(all);
			runner.awaitIteration();
			assertThat(sum).hasValue(threads * COUNT);
		}
	}

	@Test
	void loopsShouldCallEachOther() throws Exception {
		CountDownLatch rallies = new CountDownLatch(COUNT);
		try (MainLoop other = MainLoop.builder().build()) {
			this.loop.watch("there", this.eventFd, Readiness.READABLE, (fd, readiness) -> {
				assertThat(this.loop.isLoopThread()).isTrue();
				this.answers.add(this.eventFd.take());
			});
			other.watch("back", this.answers, Readiness.READABLE, (fd, readiness) -> {
				assertThat(other.isLoopThread()).isTrue();
				assertThat(this.answers.take()).isOne();
				rallies.countDown();
				this.eventFd.add(1);
			});
			try (LoopRunner first = LoopRunner.start(this.loop); LoopRunner second = LoopRunner.start(other)) {
				this.eventFd.add(1);
				LoopRunner.await(rallies);
				second.stop();
				first.stop();
			}
		}
	}

	@Test
	void eventFdThatIsWatchedByTwoLoopsShouldCountOnce() throws Exception {
		AtomicLong sum = new AtomicLong();
		CountDownLatch all = new CountDownLatch(COUNT);
		try (MainLoop other = MainLoop.builder().build()) {
			for (MainLoop some : new MainLoop[] { this.loop, other }) {
				some.watch("counter", this.eventFd, Readiness.READABLE, (fd, readiness) -> {
					long count = this.eventFd.take();
					sum.addAndGet(count);
					for (long i = 0; i < count; i++) {
						all.countDown();
					}
				});
			}
			try (LoopRunner first = LoopRunner.start(this.loop); LoopRunner second = LoopRunner.start(other)) {
				for (int i = 0; i < COUNT; i++) {
					this.eventFd.add(1);
				}
				LoopRunner.await(all);
				first.awaitIteration();
				second.awaitIteration();
				assertThat(sum).hasValue(COUNT);
			}
		}
	}

	@Test
	void semaphoreShouldCallHandlerOnceForEachAdded() {
		AtomicInteger calls = new AtomicInteger();
		try (EventFd semaphore = EventFd.openSemaphore(3)) {
			this.loop.watch("semaphore", semaphore, Readiness.READABLE, (fd, readiness) -> {
				assertThat(semaphore.take()).isOne();
				calls.incrementAndGet();
			});
			semaphore.add(2);
			for (int i = 1; i <= 5; i++) {
				this.loop.runOnce();
				assertThat(calls).hasValue(i);
			}
			this.loop.runOnce();
			assertThat(calls).hasValue(5);
		}
	}

	@Test
	void fullCounterShouldBeWritableAgainOnceTaken() throws Exception {
		long most = Long.MAX_VALUE;
		this.eventFd.add(most);
		this.eventFd.add(most);
		assertThat(this.eventFd.add(1)).isFalse();
		CountDownLatch added = new CountDownLatch(1);
		DescriptorSource writable = this.loop.watch("full", this.eventFd, Readiness.WRITABLE, (fd, readiness) -> {
			assertThat(this.eventFd.add(1)).isTrue();
			added.countDown();
		});
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			runner.awaitIteration();
			runner.awaitIteration();
			assertThat(added.getCount()).isOne();
			assertThat(Long.toUnsignedString(this.eventFd.take())).isEqualTo("18446744073709551614");
			LoopRunner.await(added);
			writable.close();
			runner.awaitIteration();
			assertThat(this.eventFd.take()).isPositive();
		}
	}

}
