package dev.mainloop;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.Pipe;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.libc.LibC;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Handlers that leave their file descriptor as it is, and those that only look so. Each
 * iteration takes as long as the clock is moved.
 */
@LinuxTest
@EveryMultiplexer
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
@ExtendWith(OutputCaptureExtension.class)
class SpinningHandlerTests {

	private static final int F_DUPFD = 0;

	/** More than enough iterations for a handler to be found out. */
	private static final int MANY = 4 * SpinCounter.CALLS;

	private static final Duration ITERATION = SpinCounter.TIME.dividedBy(SpinCounter.CALLS);

	private final MultiplexerKind kind;

	private final ManualClock clock = new ManualClock();

	private final MainLoop loop;

	private final MainLoop slowingLoop;

	private final AtomicInteger calls = new AtomicInteger();

	SpinningHandlerTests(MultiplexerKind kind) {
		this.kind = kind;
		this.loop = MainLoop.builder().multiplexer(kind).clock(this.clock).build();
		this.slowingLoop = MainLoop.builder().multiplexer(kind).clock(this.clock).spinPolicy(SpinPolicy.SLOW).build();
	}

	@AfterEach
	void close() {
		this.loop.close();
		this.slowingLoop.close();
	}

	@Test
	void readerThatNeverReadsShouldBeNamedOnce(CapturedOutput output) {
		try (EventFd eventFd = EventFd.open(1)) {
			this.loop.watch("orders.read", eventFd, Readiness.READABLE, this::count);
			run(this.loop, SpinCounter.CALLS / 2);
			assertThat(output).doesNotContain("spins");
			run(this.loop, 2 * MANY);
			assertThat(output).containsOnlyOnce("spins")
				.contains("'orders.read' spins and keeps a core busy")
				.contains("read or written through " + eventFd + ", which is readable. Read it until read() returns 0");
			assertThat(this.calls).hasValue(SpinCounter.CALLS / 2 + 2 * MANY);
		}
	}

	@Test
	void writerThatDoesNotPauseShouldBeNamed(CapturedOutput output) {
		try (Pipe pipe = Pipe.open()) {
			this.loop.watch("orders.write", pipe.writer(), Readiness.WRITABLE, this::count);
			run(this.loop, MANY);
			assertThat(output).containsOnlyOnce("'orders.write' spins")
				.contains("which is writable. Pause its DescriptorSource while there is nothing to write");
		}
	}

	@Test
	void readerThatGoesOnAfterTheEndShouldBeNamed(CapturedOutput output) {
		try (Pipe pipe = Pipe.open()) {
			pipe.writer().write(ByteBuffer.allocate(1));
			pipe.writer().close();
			this.loop.watch("orders.read", pipe.reader(), Readiness.READABLE, SpinningHandlerTests::read);
			run(this.loop, MANY);
			assertThat(output).containsOnlyOnce("'orders.read' spins")
				.contains("which is hang-up. Close it or its DescriptorSource at the end of the file");
		}
	}

	@Test
	void readThatFailsShouldBeNamed(CapturedOutput output) {
		try (Pipe pipe = Pipe.open()) {
			this.loop.watch("orders.read", pipe.writer(), Readiness.WRITABLE, SpinningHandlerTests::read);
			run(this.loop, MANY);
			assertThat(output).containsOnlyOnce("'orders.read' spins").contains("EBADF");
		}
	}

	@Test
	void busyReaderShouldNotBeNamedNorSlowedDown(CapturedOutput output) {
		try (Pipe pipe = Pipe.open()) {
			this.slowingLoop.watch("busy", pipe.reader(), Readiness.READABLE, (fd, readiness) -> {
				count(fd, readiness);
				read(fd, readiness);
			});
			pipe.writer().write(ByteBuffer.allocate(4096));
			for (int i = 0; i < MANY; i++) {
				pipe.writer().write(ByteBuffer.allocate(1));
				run(this.slowingLoop, 1);
			}
			assertThat(this.calls).hasValue(MANY);
			assertThat(output).doesNotContain("spins");
		}
	}

	@Test
	void handlerWhoseDescriptorIsReadByOtherCodeShouldNotBeNamedIfItSaysSo(CapturedOutput output) {
		try (Pipe pipe = Pipe.open()) {
			this.loop.watch("native", pipe.reader(), Readiness.READABLE, (fd, readiness) -> fd.transferred());
			pipe.writer().write(ByteBuffer.allocate(1));
			run(this.loop, MANY);
			assertThat(output).doesNotContain("spins");
		}
	}

	@Test
	void handlerOfADescriptorThatIsNotReadyBetweenShouldNotBeNamed(CapturedOutput output) {
		try (Pipe pipe = Pipe.open()) {
			FileDescriptor other = FileDescriptor.borrow(ProcessFiles.number(pipe.reader()), "other");
			this.loop.watch("native", pipe.reader(), Readiness.READABLE, (fd, readiness) -> read(other, readiness));
			for (int i = 0; i < MANY; i++) {
				pipe.writer().write(ByteBuffer.allocate(1));
				run(this.loop, 2);
			}
			assertThat(output).doesNotContain("spins");
		}
	}

	@Test
	void handlerThatIsCalledOftenForLessThanTheTimeShouldNotBeNamed(CapturedOutput output) {
		try (EventFd eventFd = EventFd.open(1)) {
			this.loop.watch("short", eventFd, Readiness.READABLE, this::count);
			for (int i = 0; i < MANY; i++) {
				this.loop.runOnce();
			}
			eventFd.take();
			run(this.loop, MANY);
			assertThat(this.calls).hasValue(MANY);
			assertThat(output).doesNotContain("spins");
		}
	}

	@Test
	void handlerThatSpinsShouldBeSlowedDownUntilItReads(CapturedOutput output) {
		try (EventFd eventFd = EventFd.open(1); EventFd other = EventFd.open(0)) {
			AtomicInteger served = new AtomicInteger();
			boolean[] reads = new boolean[1];
			this.slowingLoop.watch("orders.read", eventFd, Readiness.READABLE, (fd, readiness) -> {
				count(fd, readiness);
				if (reads[0]) {
					eventFd.take();
				}
			});
			this.slowingLoop.watch("other", other, Readiness.READABLE, (fd, readiness) -> {
				other.take();
				served.incrementAndGet();
			});
			run(this.slowingLoop, MANY);
			assertThat(output).containsOnlyOnce("'orders.read' spins");
			int before = this.calls.get();
			for (int i = 1; i <= 20; i++) {
				this.clock.advance(DescriptorSource.REST);
				other.add(1);
				runOnce(this.slowingLoop, 4);
				assertThat(this.calls).hasValue(before + i);
				assertThat(served).hasValue(i);
			}
			reads[0] = true;
			this.clock.advance(DescriptorSource.REST);
			runOnce(this.slowingLoop, 4);
			assertThat(this.calls).hasValue(before + 21);
			for (int i = 1; i <= 20; i++) {
				eventFd.add(1);
				runOnce(this.slowingLoop, 2);
				assertThat(this.calls).hasValue(before + 21 + i);
			}
		}
	}

	@Test
	void pauseAndResumeDuringRestShouldHaveTheirEffect() {
		try (EventFd eventFd = EventFd.open(1)) {
			DescriptorSource source = this.slowingLoop.watch("orders.read", eventFd, Readiness.READABLE, this::count);
			run(this.slowingLoop, MANY);
			source.pause();
			int before = this.calls.get();
			this.clock.advance(DescriptorSource.REST);
			runOnce(this.slowingLoop, 4);
			assertThat(this.calls).hasValue(before);
			source.resume();
			runOnce(this.slowingLoop, 1);
			assertThat(this.calls).hasValue(before + 1);
			source.close();
			this.clock.advance(DescriptorSource.REST);
			runOnce(this.slowingLoop, 4);
			assertThat(this.calls).hasValue(before + 1);
		}
	}

	@Test
	void handlerOfANumberThatIsUsedAgainShouldBeToldOfThat(CapturedOutput output) {
		try (Pipe pipe = Pipe.open(); EventFd other = EventFd.open(0)) {
			int number = LibC.fcntl(ProcessFiles.number(pipe.reader()), F_DUPFD, ProcessFiles.HIGH_NUMBER);
			FileDescriptor lost = FileDescriptor.borrow(number, "lost");
			this.loop.watch("orders.read", lost, Readiness.READABLE, (fd, readiness) -> {
				count(fd, readiness);
				assertThat(fd.read(ByteBuffer.allocate(8))).isZero();
			});
			Kernel.close(number);
			int again = LibC.fcntl(ProcessFiles.number(other), F_DUPFD, ProcessFiles.HIGH_NUMBER);
			assertThat(again).isEqualTo(number);
			pipe.writer().write(ByteBuffer.allocate(1));
			run(this.loop, MANY);
			Kernel.close(again);
			assertThat(output).doesNotContain("spins");
			if (this.kind == MultiplexerKind.EPOLL) {
				assertThat(output).containsOnlyOnce("'orders.read' gets no events any more");
				assertThat(this.calls.get()).isBetween(SpinCounter.CALLS, MANY - 1);
			}
		}
	}

	@Test
	void loopThatRunsShouldNameHandlerInRealTime(CapturedOutput output) {
		MainLoop real = MainLoop.builder().multiplexer(this.kind).build();
		try (real; EventFd eventFd = EventFd.open(1)) {
			real.watch("orders.read", eventFd, Readiness.READABLE, (fd, readiness) -> {
				if (output.toString().contains("'orders.read' spins")) {
					real.stop();
				}
			});
			real.run();
			assertThat(output).containsOnlyOnce("'orders.read' spins");
		}
	}

	private void count(FileDescriptor fd, Readiness readiness) {
		this.calls.incrementAndGet();
	}

	private static void read(FileDescriptor fd, Readiness readiness) {
		fd.read(ByteBuffer.allocate(1));
	}

	private void run(MainLoop any, int iterations) {
		for (int i = 0; i < iterations; i++) {
			any.runOnce();
			this.clock.advance(ITERATION);
		}
	}

	private static void runOnce(MainLoop any, int iterations) {
		for (int i = 0; i < iterations; i++) {
			any.runOnce();
		}
	}

}
