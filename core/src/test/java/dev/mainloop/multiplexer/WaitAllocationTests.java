package dev.mainloop.multiplexer;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

import com.sun.management.ThreadMXBean;
import dev.mainloop.fd.EventFd;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@LinuxTest
@EveryMultiplexer
class WaitAllocationTests {

	private static final int COUNT = 100;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final List<EventFd> eventFds = new ArrayList<>();

	private final IoMultiplexer multiplexer;

	WaitAllocationTests(MultiplexerKind kind) {
		this.multiplexer = kind.get();
	}

	@AfterEach
	void close() {
		this.multiplexer.close();
		this.eventFds.forEach(EventFd::close);
	}

	@Test
	void awaitShouldAllocateNothing() {
		for (int i = 0; i < COUNT; i++) {
			this.eventFds.add(EventFd.open(i % 2));
			add(i);
		}
		assertThat(leastAllocated(this::waitOnce)).isZero();
	}

	@Test
	void awaitAfterChangesShouldAllocateNothing() {
		for (int i = 0; i < COUNT; i++) {
			this.eventFds.add(EventFd.open(1));
		}
		assertThat(leastAllocated(this::waitAfterChanges)).isZero();
	}

	private long waitAfterChanges() {
		long allocated = 0;
		add(0);
		for (int i = 1; i < COUNT; i++) {
			add(i);
			allocated += waitOnce();
			this.multiplexer.modify(this.eventFds.get(i), Readiness.WRITABLE, Trigger.ONE_SHOT, i);
			allocated += waitOnce();
			this.multiplexer.remove(this.eventFds.get(i));
			allocated += waitOnce();
			add(i);
		}
		this.eventFds.forEach(this.multiplexer::remove);
		return allocated;
	}

	/** Repeats waits, as the JVM allocates a little itself when it compiles them anew. */
	private static long leastAllocated(LongSupplier waits) {
		return LongStream.generate(waits).limit(100).min().orElseThrow();
	}

	private void add(int token) {
		this.multiplexer.add(this.eventFds.get(token), Readiness.READABLE, Trigger.LEVEL, token);
	}

	/** Waits, and returns how many bytes were allocated. */
	private long waitOnce() {
		long before = THREADS.getCurrentThreadAllocatedBytes();
		int count = this.multiplexer.await(1);
		long sum = 0;
		for (int i = 0; i < count; i++) {
			sum += this.multiplexer.token(i) + this.multiplexer.readiness(i);
		}
		long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
		assertThat(sum).isPositive();
		return allocated;
	}

}
