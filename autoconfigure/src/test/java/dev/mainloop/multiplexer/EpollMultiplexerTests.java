package dev.mainloop.multiplexer;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EpollMultiplexerTests {

	private static final long LONG = TimeUnit.SECONDS.toNanos(30);

	private final EpollMultiplexer multiplexer = EpollMultiplexer.open();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.multiplexer.close();
	}

	@Test
	void awaitWhenLevelShouldReportUntilRead() {
		try (EventFd eventFd = EventFd.open(1)) {
			this.multiplexer.add(eventFd, Readiness.READABLE, Trigger.LEVEL, 42);
			for (int i = 0; i < 3; i++) {
				assertThat(this.multiplexer.await(LONG)).isOne();
				assertThat(this.multiplexer.token(0)).isEqualTo(42);
				assertThat(this.multiplexer.readiness(0)).isEqualTo(Readiness.READABLE);
			}
			eventFd.take();
			assertThat(this.multiplexer.await(0)).isZero();
		}
	}

	@Test
	void awaitWhenEdgeShouldReportEachWriteOnce() {
		try (EventFd eventFd = EventFd.open(1)) {
			this.multiplexer.add(eventFd, Readiness.READABLE, Trigger.EDGE, -1);
			for (int i = 0; i < 3; i++) {
				assertThat(this.multiplexer.await(LONG)).isOne();
				assertThat(this.multiplexer.token(0)).isEqualTo(-1);
				assertThat(this.multiplexer.await(0)).isZero();
				eventFd.add(1);
			}
		}
	}

	@Test
	void awaitWhenOneShotShouldReportOnceUntilModified() {
		try (EventFd eventFd = EventFd.open(1)) {
			this.multiplexer.add(eventFd, Readiness.READABLE, Trigger.ONE_SHOT, 1);
			assertThat(this.multiplexer.await(LONG)).isOne();
			eventFd.add(1);
			assertThat(this.multiplexer.await(0)).isZero();
			this.multiplexer.modify(eventFd, Readiness.READABLE, Trigger.ONE_SHOT, 2);
			assertThat(this.multiplexer.await(LONG)).isOne();
			assertThat(this.multiplexer.token(0)).isEqualTo(2);
			assertThat(this.multiplexer.await(0)).isZero();
		}
	}

	@Test
	void modifyShouldReplaceInterestTriggerAndToken() {
		try (EventFd eventFd = EventFd.open(1)) {
			this.multiplexer.add(eventFd, Readiness.READABLE, Trigger.EDGE, 1);
			this.multiplexer.modify(eventFd, Readiness.WRITABLE, Trigger.LEVEL, Long.MIN_VALUE);
			for (int i = 0; i < 2; i++) {
				assertThat(this.multiplexer.await(LONG)).isOne();
				assertThat(this.multiplexer.token(0)).isEqualTo(Long.MIN_VALUE);
				assertThat(this.multiplexer.readiness(0)).isEqualTo(Readiness.WRITABLE);
			}
		}
	}

	@Test
	void removeShouldEndReports() {
		try (EventFd eventFd = EventFd.open(1)) {
			this.multiplexer.add(eventFd, Readiness.READABLE, Trigger.LEVEL, 1);
			this.multiplexer.remove(eventFd);
			assertThat(this.multiplexer.await(0)).isZero();
			this.multiplexer.add(eventFd, Readiness.READABLE, Trigger.LEVEL, 2);
			assertThat(this.multiplexer.await(LONG)).isOne();
			assertThat(this.multiplexer.token(0)).isEqualTo(2);
		}
	}

	@Test
	void addWhenRegularFileShouldFailWithEperm() throws Exception {
		Path file = Files.createFile(this.directory.resolve("file"));
		try (FileDescriptor fd = FileDescriptor.open(file)) {
			assertFails(Errno.EPERM, fd, () -> this.multiplexer.add(fd, Readiness.READABLE, Trigger.LEVEL, 0));
		}
	}

	@Test
	void addAgainShouldFailWithEexist() {
		try (EventFd eventFd = EventFd.open(0)) {
			this.multiplexer.add(eventFd, Readiness.READABLE, Trigger.LEVEL, 0);
			assertFails(Errno.EEXIST, eventFd,
					() -> this.multiplexer.add(eventFd, Readiness.READABLE, Trigger.LEVEL, 0));
		}
	}

	@Test
	void modifyAndRemoveWhenNotAddedShouldFailWithEnoent() {
		try (EventFd eventFd = EventFd.open(0)) {
			assertFails(Errno.ENOENT, eventFd,
					() -> this.multiplexer.modify(eventFd, Readiness.READABLE, Trigger.LEVEL, 0));
			assertFails(Errno.ENOENT, eventFd, () -> this.multiplexer.remove(eventFd));
		}
	}

	@Test
	void awaitWhenWriterIsGoneShouldReportHangUp() {
		Path fifo = makeFifo();
		try (FileDescriptor reader = FileDescriptor.open(fifo)) {
			try (FileDescriptor writer = FileDescriptor.open(fifo, StandardOpenOption.WRITE)) {
				this.multiplexer.add(reader, Readiness.READABLE, Trigger.LEVEL, 0);
				assertThat(this.multiplexer.await(0)).isZero();
				writer.write(ByteBuffer.wrap(new byte[1]));
			}
			assertThat(this.multiplexer.await(LONG)).isOne();
			assertThat(Readiness.of(this.multiplexer.readiness(0))).hasToString("readable|hang-up");
			reader.read(ByteBuffer.allocate(8));
			assertThat(this.multiplexer.await(LONG)).isOne();
			assertThat(Readiness.of(this.multiplexer.readiness(0))).hasToString("hang-up");
		}
	}

	@Test
	void awaitWhenReaderIsGoneShouldReportErrorWithoutInterest() {
		Path fifo = makeFifo();
		FileDescriptor reader = FileDescriptor.open(fifo);
		try (FileDescriptor writer = FileDescriptor.open(fifo, StandardOpenOption.WRITE)) {
			this.multiplexer.add(writer, 0, Trigger.LEVEL, 0);
			assertThat(this.multiplexer.await(0)).isZero();
			reader.close();
			assertThat(this.multiplexer.await(LONG)).isOne();
			assertThat(Readiness.of(this.multiplexer.readiness(0)).isError()).isTrue();
		}
		finally {
			reader.close();
		}
	}

	@Test
	void awaitShouldReportMoreEventsThanFitTheFirstBatch() {
		int count = 500;
		List<EventFd> eventFds = new ArrayList<>();
		try {
			for (int i = 0; i < count; i++) {
				EventFd eventFd = EventFd.open(1);
				eventFds.add(eventFd);
				this.multiplexer.add(eventFd, Readiness.READABLE, Trigger.LEVEL, i);
			}
			assertThat(this.multiplexer.await(LONG)).isEqualTo(128);
			assertThat(this.multiplexer.await(LONG)).isEqualTo(256);
			assertThat(this.multiplexer.await(LONG)).isEqualTo(count);
			Set<Long> tokens = new HashSet<>();
			for (int i = 0; i < count; i++) {
				tokens.add(this.multiplexer.token(i));
			}
			assertThat(tokens).hasSize(count).allMatch((token) -> token >= 0 && token < count);
		}
		finally {
			eventFds.forEach(EventFd::close);
		}
	}

	@Test
	void awaitWhenNothingHappensShouldReturnAfterTimeoutAndNotBefore() {
		long timeout = TimeUnit.MILLISECONDS.toNanos(20) + 1;
		long start = System.nanoTime();
		assertThat(this.multiplexer.await(timeout)).isZero();
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(timeout);
	}

	@Test
	void awaitWithLongestTimeoutShouldWaitForEvent() throws Exception {
		try (EventFd eventFd = EventFd.open(0)) {
			this.multiplexer.add(eventFd, Readiness.READABLE, Trigger.LEVEL, 0);
			for (long timeout : new long[] { Long.MAX_VALUE, TimeUnit.DAYS.toNanos(30), -1 }) {
				CompletableFuture<Boolean> added = CompletableFuture.supplyAsync(() -> eventFd.add(1));
				assertThat(this.multiplexer.await(timeout)).isOne();
				assertThat(added.get(30, TimeUnit.SECONDS)).isTrue();
				assertThat(eventFd.take()).isOne();
			}
		}
	}

	@Test
	void closeShouldLeaveDescriptorsOpen() {
		try (EventFd eventFd = EventFd.open(0)) {
			EpollMultiplexer other = EpollMultiplexer.open();
			other.add(eventFd, Readiness.READABLE, Trigger.LEVEL, 0);
			other.close();
			other.close();
			assertThat(eventFd.add(1)).isTrue();
		}
	}

	@Test
	void supportsShouldBeTrueForEveryTrigger() {
		assertThat(this.multiplexer.name()).isEqualTo("epoll");
		assertThat(Trigger.values()).allMatch(this.multiplexer::supports);
	}

	private Path makeFifo() {
		Path fifo = this.directory.resolve("fifo");
		FileDescriptor.openFifo(fifo).close();
		return fifo;
	}

	private static void assertFails(Errno errno, FileDescriptor fd, ThrowingCallable call) {
		assertThatExceptionOfType(ErrnoException.class).isThrownBy(call)
			.withMessageContaining(errno.name())
			.withMessageContaining(fd.toString())
			.satisfies((ex) -> {
				assertThat(ex.call()).isEqualTo("epoll_ctl");
				assertThat(ex.is(errno)).isTrue();
			});
	}

}
