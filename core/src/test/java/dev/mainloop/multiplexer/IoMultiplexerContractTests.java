package dev.mainloop.multiplexer;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;

import dev.mainloop.MainLoop;
import dev.mainloop.SignalMode;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.Signal;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.NativeThread;
import dev.mainloop.kernel.Pipe;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.kernel.SocketPair;
import dev.mainloop.kernel.TcpConnection;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.FdSet;
import dev.mainloop.libc.LibC;
import dev.mainloop.testing.LinuxTest;
import org.assertj.core.api.Assumptions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What all multiplexers have in common, and where they differ, under the sentences of the
 * manual pages that they stand on.
 */
@LinuxTest
@EveryMultiplexer
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class IoMultiplexerContractTests {

	private static final long LONG = TimeUnit.SECONDS.toNanos(30);

	private static final int F_DUPFD = 0;

	private final MultiplexerKind kind;

	private final IoMultiplexer multiplexer;

	@TempDir
	private Path directory;

	IoMultiplexerContractTests(MultiplexerKind kind) {
		this.kind = kind;
		this.multiplexer = kind.get();
	}

	@AfterEach
	void close() {
		this.multiplexer.close();
	}

	@Test
	@DisplayName("Every kind tells its name and what it can do")
	void kindShouldTellWhatItCanDo() {
		assertThat(this.multiplexer.name()).isEqualTo(this.kind.toString());
		assertThat(this.multiplexer.fallbackReason()).isNull();
		assertThat(this.multiplexer.supports(Trigger.LEVEL)).isTrue();
		assertThat(this.multiplexer.supports(Trigger.ONE_SHOT)).isTrue();
		assertThat(this.multiplexer.supports(Trigger.EDGE)).isEqualTo(isEpoll());
		assertThat(this.multiplexer.isConcurrent()).isEqualTo(isEpoll());
	}

	@Test
	@DisplayName("epoll(7): when used as a level-triggered interface, epoll is simply a faster poll(2)")
	void awaitWhenLevelShouldReportUntilRead() {
		try (EventFd eventFd = EventFd.open(1)) {
			add(eventFd, Readiness.READABLE, 42);
			for (int i = 0; i < 3; i++) {
				assertThat(await(LONG)).containsExactly(Map.entry(42L, "readable"));
			}
			eventFd.take();
			assertThat(await(0)).isEmpty();
			eventFd.add(1);
			assertThat(await(LONG)).containsExactly(Map.entry(42L, "readable"));
		}
	}

	@Test
	@DisplayName("poll(2): POLLIN: There is data to read")
	void awaitShouldReportWhatThereIsToRead() {
		try (Pipe pipe = Pipe.open()) {
			add(pipe.reader(), Readiness.READABLE, 1);
			assertThat(await(0)).isEmpty();
			write(pipe.writer(), 2);
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "readable"));
			read(pipe.reader(), 1);
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "readable"));
			read(pipe.reader(), 1);
			assertThat(await(0)).isEmpty();
		}
	}

	@Test
	@DisplayName("poll(2): POLLOUT: Writing is now possible")
	void awaitShouldReportThatThereIsRoomToWrite() {
		try (Pipe pipe = Pipe.open()) {
			add(pipe.writer(), Readiness.WRITABLE, 1);
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "writable"));
			int filled = fill(pipe.writer());
			assertThat(await(0)).isEmpty();
			read(pipe.reader(), filled);
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "writable"));
		}
	}

	@Test
	@DisplayName("poll(2): POLLPRI: There is out-of-band data on a TCP socket")
	void awaitShouldReportOutOfBandData() throws Exception {
		try (TcpConnection connection = TcpConnection.open()) {
			add(connection.receiver(), Readiness.PRIORITY, 1);
			connection.sender().getOutputStream().write(1);
			assertThat(await(TimeUnit.MILLISECONDS.toNanos(20))).isEmpty();
			connection.sender().sendUrgentData(2);
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "priority"));
			modify(connection.receiver(), Readiness.READABLE | Readiness.WRITABLE | Readiness.PRIORITY, 1);
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "readable|priority|writable"));
			modify(connection.receiver(), Readiness.READABLE, 1);
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "readable"));
		}
	}

	@Test
	@DisplayName("epoll_wait(2): The events field is a bit mask that indicates the events that have occurred")
	void awaitShouldReportAllOfADescriptorInOneEvent() {
		try (EventFd eventFd = EventFd.open(1); Pipe pipe = Pipe.open()) {
			add(eventFd, Readiness.READABLE | Readiness.WRITABLE | Readiness.PRIORITY, 1);
			add(pipe.reader(), Readiness.READABLE, 2);
			add(pipe.writer(), Readiness.WRITABLE, 3);
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "readable|writable"), Map.entry(3L, "writable"));
			write(pipe.writer(), 1);
			eventFd.take();
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "writable"), Map.entry(2L, "readable"),
					Map.entry(3L, "writable"));
		}
	}

	@Test
	@DisplayName("epoll_wait(2): The data field contains the same data as was specified in the most recent call")
	void tokensShouldComeBackUnchanged() {
		long[] tokens = { 0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x123456789abcdef0L, 0xfedcba9876543210L,
				1L << 32 };
		try (EventFd eventFd = EventFd.open(1)) {
			add(eventFd, Readiness.READABLE, 7);
			for (long token : tokens) {
				modify(eventFd, Readiness.READABLE, token);
				assertThat(await(LONG)).containsOnlyKeys(token);
			}
			this.multiplexer.remove(eventFd);
			for (long token : tokens) {
				add(eventFd, Readiness.READABLE, token);
				assertThat(await(LONG)).containsOnlyKeys(token);
				this.multiplexer.remove(eventFd);
			}
		}
	}

	@Test
	@DisplayName("epoll_ctl(2): EPOLL_CTL_MOD: Change the settings associated with fd to the new settings")
	void modifyShouldReplaceInterestTriggerAndToken() {
		try (EventFd eventFd = EventFd.open(1)) {
			this.multiplexer.add(eventFd, Readiness.READABLE, Trigger.ONE_SHOT, 1);
			this.multiplexer.modify(eventFd, Readiness.WRITABLE, Trigger.LEVEL, 2);
			assertThat(await(LONG)).containsExactly(Map.entry(2L, "writable"));
			assertThat(await(LONG)).containsExactly(Map.entry(2L, "writable"));
			modify(eventFd, 0, 3);
			assertThat(await(0)).isEmpty();
			modify(eventFd, Readiness.READABLE, 4);
			assertThat(await(LONG)).containsExactly(Map.entry(4L, "readable"));
		}
	}

	@Test
	@DisplayName("epoll_ctl(2): EPOLL_CTL_DEL: Remove (deregister) the target file descriptor")
	void removeShouldEndReports() {
		try (EventFd eventFd = EventFd.open(1); EventFd other = EventFd.open(1)) {
			add(eventFd, Readiness.READABLE, 1);
			add(other, Readiness.READABLE, 2);
			this.multiplexer.remove(eventFd);
			assertThat(await(LONG)).containsOnlyKeys(2L);
			add(eventFd, Readiness.READABLE, 3);
			assertThat(await(LONG)).containsOnlyKeys(2L, 3L);
			this.multiplexer.remove(other);
			this.multiplexer.remove(eventFd);
			assertThat(await(0)).isEmpty();
		}
	}

	@Test
	@DisplayName("epoll_ctl(2): EEXIST: the supplied file descriptor fd is already registered")
	void addAgainShouldFailWithEexistAndLeaveFirst() {
		try (EventFd eventFd = EventFd.open(1)) {
			add(eventFd, Readiness.READABLE, 1);
			assertFails(Errno.EEXIST, eventFd, () -> add(eventFd, Readiness.WRITABLE, 2));
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "readable"));
		}
	}

	@Test
	@DisplayName("epoll_ctl(2): ENOENT: op was EPOLL_CTL_MOD or EPOLL_CTL_DEL, and fd is not registered")
	void modifyAndRemoveWhenNotAddedShouldFailWithEnoent() {
		try (EventFd eventFd = EventFd.open(1)) {
			assertFails(Errno.ENOENT, eventFd, () -> modify(eventFd, Readiness.READABLE, 0));
			assertFails(Errno.ENOENT, eventFd, () -> this.multiplexer.remove(eventFd));
			add(eventFd, Readiness.READABLE, 1);
			this.multiplexer.remove(eventFd);
			assertFails(Errno.ENOENT, eventFd, () -> modify(eventFd, Readiness.READABLE, 0));
			assertFails(Errno.ENOENT, eventFd, () -> this.multiplexer.remove(eventFd));
			assertThat(await(0)).isEmpty();
		}
	}

	@Test
	@DisplayName("A file descriptor that is closed is refused before the kernel sees its number")
	void callsWhenDescriptorIsClosedShouldThrow() {
		EventFd eventFd = EventFd.open(1);
		eventFd.close();
		assertThatIllegalStateException().isThrownBy(() -> add(eventFd, Readiness.READABLE, 0));
		assertThatIllegalStateException().isThrownBy(() -> modify(eventFd, Readiness.READABLE, 0));
		assertThatIllegalStateException().isThrownBy(() -> this.multiplexer.remove(eventFd));
	}

	@Test
	@DisplayName("epoll(7): it is possible to add a duplicate (dup(2)) file descriptor")
	void duplicatesShouldHaveRegistrationsOfTheirOwn() {
		try (EventFd eventFd = EventFd.open(1); FileDescriptor duplicate = duplicate(eventFd, 0)) {
			add(eventFd, Readiness.READABLE, 1);
			add(duplicate, Readiness.WRITABLE, 2);
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "readable"), Map.entry(2L, "writable"));
			this.multiplexer.remove(eventFd);
			assertThat(await(LONG)).containsExactly(Map.entry(2L, "writable"));
		}
	}

	@Test
	@DisplayName("poll(2): POLLHUP: this event merely indicates that the peer closed its end of the channel")
	void awaitWhenWriterOfPipeIsGoneShouldReportHangUpAndWhatIsLeft() {
		try (Pipe pipe = Pipe.open()) {
			add(pipe.reader(), Readiness.READABLE, 1);
			write(pipe.writer(), 1);
			pipe.writer().close();
			assertHangsUp(pipe.reader(), "hang-up");
		}
	}

	@Test
	@DisplayName("poll(2): POLLHUP, for a FIFO")
	void awaitWhenWriterOfFifoIsGoneShouldReportHangUpAndWhatIsLeft() {
		Path fifo = this.directory.resolve("fifo");
		FileDescriptor.openFifo(fifo).close();
		try (FileDescriptor reader = FileDescriptor.open(fifo)) {
			add(reader, Readiness.READABLE, 1);
			try (FileDescriptor writer = FileDescriptor.open(fifo, StandardOpenOption.WRITE)) {
				assertThat(await(0)).isEmpty();
				write(writer, 1);
			}
			assertHangsUp(reader, "hang-up");
			FileDescriptor.open(fifo, StandardOpenOption.WRITE).close();
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "hang-up"));
		}
	}

	@Test
	@DisplayName("poll(2): POLLHUP, for a stream socket")
	void awaitWhenPeerOfSocketIsGoneShouldReportHangUpAndWhatIsLeft() {
		try (SocketPair sockets = SocketPair.open()) {
			add(sockets.one(), Readiness.READABLE, 1);
			write(sockets.other(), 1);
			sockets.other().close();
			assertHangsUp(sockets.one(), "readable|hang-up");
		}
	}

	private void assertHangsUp(FileDescriptor reader, String afterwards) {
		assertThat(await(LONG)).containsExactly(Map.entry(1L, "readable|hang-up"));
		read(reader, 1);
		assertThat(await(LONG)).containsExactly(Map.entry(1L, afterwards));
		assertThat(reader.read(ByteBuffer.allocate(1))).isEqualTo(-1);
		assertThat(await(LONG)).containsExactly(Map.entry(1L, afterwards));
	}

	@Test
	@DisplayName("poll(2): This bit is also set for the write end of a pipe when the read end has been closed")
	void awaitWhenReaderOfPipeIsGoneShouldReportError() {
		try (Pipe pipe = Pipe.open()) {
			add(pipe.writer(), Readiness.WRITABLE, 1);
			fill(pipe.writer());
			assertThat(await(0)).isEmpty();
			pipe.reader().close();
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "error"));
		}
	}

	@Test
	@DisplayName("epoll_ctl(2): it is not necessary to set it in events; on select(2) it is")
	void awaitWithoutInterestShouldReportErrorAndHangUpButOnSelect() {
		try (Pipe broken = Pipe.open(); Pipe ended = Pipe.open()) {
			add(broken.writer(), 0, 1);
			add(ended.reader(), 0, 2);
			write(ended.writer(), 1);
			assertThat(await(0)).isEmpty();
			broken.reader().close();
			ended.writer().close();
			if (isSelect()) {
				assertThat(await(0)).isEmpty();
			}
			else {
				assertThat(await(LONG)).containsExactly(Map.entry(1L, "error"), Map.entry(2L, "hang-up"));
			}
		}
	}

	@Test
	@DisplayName("poll(2): POLLRDHUP: Stream socket peer closed connection, or shut down writing half of connection")
	void awaitWhenPeerShutDownItsWritingHalfShouldReportIt() {
		try (SocketPair sockets = SocketPair.open()) {
			add(sockets.one(), Readiness.READABLE | Readiness.PEER_CLOSED, 1);
			write(sockets.other(), 1);
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "readable"));
			sockets.shutDownOther();
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "readable|peer closed"));
			read(sockets.one(), 1);
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "readable|peer closed"));
			modify(sockets.one(), Readiness.READABLE, 1);
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "readable"));
			modify(sockets.one(), Readiness.READABLE | Readiness.PEER_CLOSED, 1);
			sockets.other().close();
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "readable|hang-up|peer closed"));
		}
	}

	@Test
	@DisplayName("poll(2): POLLRDHUP without POLLIN, which select(2) refuses, as it tells both alike")
	void peerClosedAloneShouldNotReportDataOrBeRefusedWithReason() {
		try (SocketPair sockets = SocketPair.open()) {
			write(sockets.other(), 1);
			if (isSelect()) {
				String reason = "select cannot wait for the end of a peer alone, which it does not tell from data; "
						+ "wait for READABLE too, or use epoll or poll";
				assertRefused(() -> add(sockets.one(), Readiness.PEER_CLOSED, 1), reason);
				assertRefused(() -> add(sockets.one(), Readiness.PEER_CLOSED | Readiness.WRITABLE, 1), reason);
				assertThat(await(0)).isEmpty();
				add(sockets.one(), Readiness.READABLE, 1);
				assertRefused(() -> modify(sockets.one(), Readiness.PEER_CLOSED, 2), reason);
				assertThat(await(LONG)).containsExactly(Map.entry(1L, "readable"));
				return;
			}
			add(sockets.one(), Readiness.PEER_CLOSED, 1);
			assertThat(await(0)).isEmpty();
			sockets.shutDownOther();
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "peer closed"));
		}
	}

	@Test
	@DisplayName("epoll_ctl(2): EPOLLONESHOT: no other events will be reported until EPOLL_CTL_MOD rearms it")
	void awaitWhenOneShotShouldReportOnceUntilModified() {
		try (Pipe pipe = Pipe.open()) {
			this.multiplexer.add(pipe.reader(), Readiness.READABLE, Trigger.ONE_SHOT, 1);
			assertThat(await(0)).isEmpty();
			write(pipe.writer(), 1);
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "readable"));
			write(pipe.writer(), 1);
			assertThat(await(0)).isEmpty();
			this.multiplexer.modify(pipe.reader(), Readiness.READABLE, Trigger.ONE_SHOT, 2);
			assertThat(await(LONG)).containsExactly(Map.entry(2L, "readable"));
			pipe.writer().close();
			assertThat(await(0)).as("not even a hang-up").isEmpty();
			modify(pipe.reader(), Readiness.READABLE, 3);
			assertThat(await(LONG)).containsExactly(Map.entry(3L, "readable|hang-up"));
			assertThat(await(LONG)).containsExactly(Map.entry(3L, "readable|hang-up"));
		}
	}

	@Test
	@DisplayName("epoll_ctl(2): EPOLLONESHOT, for one of several")
	void awaitWhenOneShotShouldNotDisarmOthers() {
		try (EventFd one = EventFd.open(1); EventFd other = EventFd.open(0); EventFd level = EventFd.open(1)) {
			this.multiplexer.add(one, Readiness.READABLE, Trigger.ONE_SHOT, 1);
			this.multiplexer.add(other, Readiness.READABLE, Trigger.ONE_SHOT, 2);
			add(level, Readiness.READABLE, 3);
			assertThat(await(LONG)).containsOnlyKeys(1L, 3L);
			assertThat(await(LONG)).containsOnlyKeys(3L);
			other.add(1);
			assertThat(await(LONG)).containsOnlyKeys(2L, 3L);
			this.multiplexer.remove(one);
			this.multiplexer.add(one, Readiness.READABLE, Trigger.ONE_SHOT, 4);
			assertThat(await(LONG)).containsOnlyKeys(3L, 4L);
			assertThat(await(LONG)).containsOnlyKeys(3L);
		}
	}

	@Test
	@DisplayName("epoll_ctl(2): EPOLLET: Requests edge-triggered notification; poll(2) and select(2) refuse it")
	void edgeTriggerShouldWorkOrBeRefusedWithReason() {
		try (EventFd eventFd = EventFd.open(1)) {
			if (isEpoll()) {
				this.multiplexer.add(eventFd, Readiness.READABLE, Trigger.EDGE, 1);
				for (int i = 0; i < 3; i++) {
					assertThat(await(LONG)).containsExactly(Map.entry(1L, "readable"));
					assertThat(await(0)).isEmpty();
					eventFd.add(1);
				}
				return;
			}
			assertRefused(() -> this.multiplexer.add(eventFd, Readiness.READABLE, Trigger.EDGE, 1), this.kind
					+ " cannot be edge-triggered: it tells what is ready, not what has become ready; use epoll");
			assertThat(await(0)).isEmpty();
			add(eventFd, Readiness.READABLE, 2);
			assertRefused(() -> this.multiplexer.modify(eventFd, Readiness.WRITABLE, Trigger.EDGE, 3),
					this.kind + " cannot be edge-triggered");
			assertThat(await(LONG)).containsExactly(Map.entry(2L, "readable"));
		}
	}

	@Test
	@DisplayName("select(2): select() can monitor only file descriptors numbers that are less than FD_SETSIZE (1024)")
	void descriptorOf1024OrMoreShouldWorkOrBeRefusedWithReason() {
		try (EventFd eventFd = EventFd.open(1);
				FileDescriptor last = duplicate(eventFd, FdSet.SIZE - 1);
				FileDescriptor beyond = duplicate(eventFd, FdSet.SIZE)) {
			if (isSelect()) {
				assertRefused(() -> add(beyond, Readiness.READABLE, 2),
						"select takes file descriptors below 1024 and not " + beyond + "; use epoll or poll");
				assertThat(await(0)).isEmpty();
			}
			else {
				add(beyond, Readiness.READABLE, 2);
				assertThat(await(LONG)).containsExactly(Map.entry(2L, "readable"));
				this.multiplexer.remove(beyond);
			}
			Assumptions.assumeThat(ProcessFiles.number(last)).isEqualTo(FdSet.SIZE - 1);
			add(last, Readiness.READABLE | Readiness.WRITABLE, 3);
			assertThat(await(LONG)).containsExactly(Map.entry(3L, "readable|writable"));
		}
	}

	@Test
	@DisplayName("epoll_ctl(2): EPERM: The target file fd does not support epoll; poll(3p): is always ready")
	void fileThatNeverHasToBeWaitedForShouldBeRefused() throws Exception {
		Path file = Files.createFile(this.directory.resolve("file"));
		for (Path path : List.of(file, this.directory, Path.of("/dev/null"))) {
			try (FileDescriptor fd = FileDescriptor.open(path)) {
				assertFails(Errno.EPERM, fd, () -> add(fd, Readiness.READABLE, 1));
				assertThat(await(0)).isEmpty();
			}
		}
	}

	@Test
	@DisplayName("proc(5): /proc/self/mounts: the file is pollable, though it is a regular one")
	void fileOfTheKernelShouldBeWatched() {
		try (FileDescriptor mounts = FileDescriptor.open(Path.of("/proc/self/mounts"))) {
			add(mounts, Readiness.READABLE, 1);
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "readable"));
		}
	}

	@Test
	@DisplayName("poll(2) of one file descriptor tells what it is ready for now, whatever the last wait has told")
	void currentReadinessShouldBeWhatItIsReadyForNow() {
		EventFd eventFd = EventFd.open(1);
		try (eventFd) {
			add(eventFd, Readiness.READABLE | Readiness.WRITABLE, 1);
			assertThat(await(LONG)).containsExactly(Map.entry(1L, "readable|writable"));
			assertThat(this.multiplexer.currentReadiness(eventFd, Readiness.READABLE)).isEqualTo(Readiness.READABLE);
			eventFd.take();
			assertThat(this.multiplexer.currentReadiness(eventFd, Readiness.READABLE)).isZero();
			assertThat(this.multiplexer.currentReadiness(eventFd, Readiness.READABLE | Readiness.WRITABLE))
				.isEqualTo(Readiness.WRITABLE);
			this.multiplexer.remove(eventFd);
		}
		assertThat(this.multiplexer.currentReadiness(eventFd, Readiness.WRITABLE)).isZero();
	}

	@Test
	@DisplayName("epoll(7): a file descriptor that was closed is reported while a duplicate of it is open")
	void resetShouldEndWhatCannotBeRemoved() {
		try (Pipe pipe = Pipe.open(); EventFd other = EventFd.open(1)) {
			int number = ProcessFiles.number(duplicate(pipe.reader(), ProcessFiles.HIGH_NUMBER));
			FileDescriptor borrowed = FileDescriptor.borrow(number, "borrowed");
			add(borrowed, Readiness.READABLE, 1);
			add(other, Readiness.READABLE, 2);
			write(pipe.writer(), 1);
			Kernel.close(number);
			assertThat(await(LONG)).containsOnlyKeys(1L, 2L);
			if (!isEpoll()) {
				assertThat(this.multiplexer.reset()).isFalse();
				assertThat(await(LONG)).containsOnlyKeys(2L);
				return;
			}
			assertThat(await(LONG)).containsOnlyKeys(1L, 2L);
			assertThat(this.multiplexer.reset()).isTrue();
			assertThat(await(0)).isEmpty();
			add(other, Readiness.READABLE, 3);
			assertThat(await(LONG)).containsOnlyKeys(3L);
		}
	}

	@Test
	@DisplayName("poll(2): Specifying a timeout of zero causes poll() to return immediately")
	void awaitWithoutTimeShouldReturnAtOnce() {
		assertThat(await(0)).isEmpty();
		try (EventFd eventFd = EventFd.open(0)) {
			add(eventFd, Readiness.READABLE, 1);
			assertThat(await(0)).isEmpty();
			eventFd.add(1);
			assertThat(await(0)).containsOnlyKeys(1L);
		}
	}

	@Test
	@DisplayName("poll(2): Note that the timeout interval will be rounded up")
	void awaitWhenNothingHappensShouldReturnAfterTimeoutAndNotBefore() {
		try (EventFd eventFd = EventFd.open(0)) {
			for (boolean registered : new boolean[] { false, true }) {
				if (registered) {
					add(eventFd, Readiness.READABLE, 1);
				}
				for (long timeout : new long[] { 1, 999, 1_000_001, 20_000_001 }) {
					long start = System.nanoTime();
					assertThat(await(timeout)).isEmpty();
					assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(timeout);
				}
			}
		}
	}

	@Test
	@DisplayName("poll(2): Specifying a negative value in timeout means an infinite timeout")
	void awaitWithoutLimitShouldWaitForEvent() throws Exception {
		try (EventFd eventFd = EventFd.open(0)) {
			add(eventFd, Readiness.READABLE, 1);
			for (long timeout : new long[] { -1, Long.MIN_VALUE, Long.MAX_VALUE, TimeUnit.DAYS.toNanos(30) }) {
				Wait wait = new Wait(timeout);
				assertThat(wait.isOver()).isFalse();
				eventFd.add(1);
				assertThat(wait.events()).containsExactly(Map.entry(1L, "readable"));
				eventFd.take();
			}
		}
	}

	@Test
	@DisplayName("signal(7): EINTR, which poll(2) and epoll_wait(2) fail with regardless of SA_RESTART, ends no wait")
	void awaitWhenSignalIsHandledShouldGoOn() throws Exception {
		try (EventFd eventFd = EventFd.open(0);
				MainLoop handling = MainLoop.builder().signals(SignalMode.RELAY).build()) {
			handling.onSignal("signal", Signal.of("USR1"), (info) -> {
			});
			add(eventFd, Readiness.READABLE, 1);
			for (long timeout : new long[] { -1, Long.MAX_VALUE }) {
				Wait wait = new Wait(timeout);
				for (int i = 0; i < 3; i++) {
					assertThat(wait.isInterruptedBySignal()).isTrue();
				}
				eventFd.add(1);
				assertThat(wait.events()).containsExactly(Map.entry(1L, "readable"));
				eventFd.take();
			}
			long timeout = TimeUnit.MILLISECONDS.toNanos(100);
			boolean interrupted;
			do {
				timeout *= 2;
				long start = System.nanoTime();
				Wait wait = new Wait(timeout);
				interrupted = wait.isInterruptedBySignal();
				assertThat(wait.events()).isEmpty();
				assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(timeout);
			}
			while (!interrupted);
			while (handling.runOnce()) {
				assertThat(handling.sourceCounts()).containsEntry("signals", 1);
			}
		}
	}

	@Test
	@DisplayName("epoll(7): The interface scales well to large numbers of watched file descriptors")
	void awaitShouldReportEachOfManyDescriptors() {
		int count = isSelect() ? 500 : 3000;
		List<EventFd> eventFds = new ArrayList<>();
		try {
			for (int i = 0; i < count; i++) {
				eventFds.add(EventFd.open(0));
				add(eventFds.get(i), Readiness.READABLE, i);
			}
			assertThat(await(0)).isEmpty();
			for (int i = 0; i < count; i += 7) {
				eventFds.get(i).add(1);
			}
			assertThat(await(LONG)).containsOnlyKeys(tokens(0, count, 7));
			for (int i = 0; i < count; i += 2) {
				this.multiplexer.remove(eventFds.get(i));
			}
			assertThat(await(LONG)).containsOnlyKeys(tokens(7, count, 14));
			eventFds.forEach((eventFd) -> eventFd.add(1));
			assertThat(await(LONG)).containsOnlyKeys(tokens(1, count, 2));
		}
		finally {
			eventFds.forEach(EventFd::close);
		}
	}

	private static Long[] tokens(int first, int end, int step) {
		return LongStream.iterate(first, (token) -> token < end, (token) -> token + step).boxed().toArray(Long[]::new);
	}

	@Test
	@DisplayName("epoll(7): The file descriptor 13 may be reused, with a new token")
	void numberThatIsReusedShouldReportNewTokenOnly() {
		for (int i = 0; i < 100; i++) {
			try (EventFd eventFd = EventFd.open(1);
					FileDescriptor reused = duplicate(eventFd, ProcessFiles.HIGH_NUMBER)) {
				assertThat(ProcessFiles.number(reused)).isEqualTo(ProcessFiles.HIGH_NUMBER);
				add(reused, Readiness.READABLE, i);
				assertThat(await(LONG)).containsOnlyKeys((long) i);
				this.multiplexer.remove(reused);
			}
			assertThat(await(0)).isEmpty();
		}
	}

	@Test
	@DisplayName("epoll(7): during the processing of event 47, EPOLL_CTL_DEL deletes file descriptor 13")
	void changesDuringBatchShouldLeaveItsEventsAsTheyAre() {
		try (EventFd one = EventFd.open(1); EventFd other = EventFd.open(1); EventFd late = EventFd.open(1)) {
			add(one, Readiness.READABLE, 1);
			add(other, Readiness.READABLE, 2);
			assertThat(this.multiplexer.await(LONG)).isEqualTo(2);
			this.multiplexer.remove(one);
			modify(other, Readiness.READABLE | Readiness.WRITABLE, 3);
			add(late, Readiness.READABLE, 4);
			assertThat(events(2)).containsExactly(Map.entry(1L, "readable"), Map.entry(2L, "readable"));
			assertThat(await(LONG)).containsExactly(Map.entry(3L, "readable|writable"), Map.entry(4L, "readable"));
		}
	}

	@Test
	@DisplayName("epoll_wait(2): While blocked, it is possible for another thread to add a file descriptor")
	void addDuringWaitShouldHaveEffectAtOnceOrByNextWait() throws Exception {
		try (EventFd waker = EventFd.open(0); EventFd eventFd = EventFd.open(1)) {
			add(waker, Readiness.READABLE, 1);
			Wait wait = new Wait(-1);
			add(eventFd, Readiness.READABLE, 2);
			endUnlessConcurrent(waker);
			assertThat(wait.events().keySet()).isSubsetOf(1L, 2L);
			waker.take();
			assertThat(await(LONG)).containsExactly(Map.entry(2L, "readable"));
		}
	}

	@Test
	@DisplayName("epoll_ctl(2): EPOLL_CTL_MOD during a wait of another thread")
	void modifyDuringWaitShouldHaveEffectAtOnceOrByNextWait() throws Exception {
		try (EventFd waker = EventFd.open(0); EventFd eventFd = EventFd.open(0)) {
			add(waker, Readiness.READABLE, 1);
			this.multiplexer.add(eventFd, Readiness.READABLE, Trigger.ONE_SHOT, 2);
			eventFd.add(1);
			assertThat(await(LONG)).containsOnlyKeys(2L);
			Wait wait = new Wait(-1);
			this.multiplexer.modify(eventFd, Readiness.WRITABLE, Trigger.ONE_SHOT, 3);
			endUnlessConcurrent(waker);
			Map<Long, String> events = new TreeMap<>(wait.events());
			waker.take();
			events.putAll(await(0));
			events.remove(1L);
			assertThat(events).containsExactly(Map.entry(3L, "writable"));
			assertThat(await(0)).isEmpty();
		}
	}

	@Test
	@DisplayName("epoll_ctl(2): EPOLL_CTL_DEL during a wait of another thread")
	void removeDuringWaitShouldHaveEffectByNextWait() throws Exception {
		try (EventFd waker = EventFd.open(0); EventFd eventFd = EventFd.open(0)) {
			add(waker, Readiness.READABLE, 1);
			add(eventFd, Readiness.READABLE, 2);
			Wait wait = new Wait(-1);
			this.multiplexer.remove(eventFd);
			eventFd.add(1);
			waker.add(1);
			assertThat(wait.events().keySet()).isNotEmpty().isSubsetOf(1L, 2L);
			assertThat(await(LONG)).containsOnlyKeys(1L);
		}
	}

	@Test
	@DisplayName("epoll(7): Will closing a file descriptor cause it to be removed? Yes; poll(2): POLLNVAL: fd not open")
	void descriptorThatIsClosedElsewhereShouldNotBeReportedForEver() {
		try (Pipe pipe = Pipe.open(); EventFd other = EventFd.open(1)) {
			int number = ProcessFiles.number(duplicate(pipe.reader(), ProcessFiles.HIGH_NUMBER));
			FileDescriptor borrowed = FileDescriptor.borrow(number, "borrowed");
			add(borrowed, Readiness.READABLE, 1);
			add(other, Readiness.READABLE, 2);
			assertThat(await(LONG)).containsOnlyKeys(2L);
			pipe.reader().close();
			Kernel.close(number);
			Map<Long, String> events = await(LONG);
			assertThat(events).containsEntry(2L, "readable");
			assertThat(events.getOrDefault(1L, "error")).isEqualTo("error");
			for (int i = 0; i < 3; i++) {
				assertThat(await(LONG)).containsOnlyKeys(2L);
			}
			assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> this.multiplexer.remove(borrowed))
				.matches((ex) -> ex.is(Errno.EBADF) || ex.is(Errno.ENOENT));
			try (FileDescriptor reused = duplicate(other, number)) {
				assertThat(ProcessFiles.number(reused)).isEqualTo(number);
				add(reused, Readiness.READABLE, 3);
				assertThat(await(LONG)).containsOnlyKeys(2L, 3L);
			}
		}
	}

	@Test
	@DisplayName("select(2): On Linux, closing the file descriptor in another thread has no effect on select()")
	void descriptorThatIsClosedElsewhereDuringWaitShouldNotEndIt() throws Exception {
		try (Pipe pipe = Pipe.open(); EventFd other = EventFd.open(0)) {
			int number = ProcessFiles.number(duplicate(pipe.reader(), ProcessFiles.HIGH_NUMBER));
			add(FileDescriptor.borrow(number, "borrowed"), Readiness.READABLE, 1);
			add(other, Readiness.READABLE, 2);
			Wait wait = new Wait(-1);
			Kernel.close(number);
			other.add(1);
			assertThat(wait.events()).containsEntry(2L, "readable");
			await(LONG);
			assertThat(await(LONG)).containsOnlyKeys(2L);
		}
	}

	@Test
	@DisplayName("Closing it leaves the file descriptors open that were registered")
	void closeShouldLeaveDescriptorsOpenAndNothingBehind() {
		try (EventFd eventFd = EventFd.open(0)) {
			List<String> before = ProcessFiles.anonymous();
			for (int i = 0; i < 10; i++) {
				IoMultiplexer other = this.kind.get();
				other.add(eventFd, Readiness.READABLE, Trigger.LEVEL, 0);
				assertThat(other.await(0)).isZero();
				other.close();
				other.close();
			}
			assertThat(ProcessFiles.anonymous()).isEqualTo(before);
			assertThat(eventFd.add(1)).isTrue();
			add(eventFd, Readiness.READABLE, 1);
			assertThat(await(LONG)).containsOnlyKeys(1L);
		}
	}

	private void add(FileDescriptor fd, int interest, long token) {
		this.multiplexer.add(fd, interest, Trigger.LEVEL, token);
	}

	private void modify(FileDescriptor fd, int interest, long token) {
		this.multiplexer.modify(fd, interest, Trigger.LEVEL, token);
	}

	/** Waits, and returns the readiness by token. */
	private Map<Long, String> await(long timeoutNanos) {
		return events(this.multiplexer.await(timeoutNanos));
	}

	private Map<Long, String> events(int count) {
		Map<Long, String> events = new TreeMap<>();
		for (int i = 0; i < count; i++) {
			String before = events.put(this.multiplexer.token(i),
					Readiness.of(this.multiplexer.readiness(i)).toString());
			assertThat(before).as("a second event of one file descriptor").isNull();
		}
		return events;
	}

	private void endUnlessConcurrent(EventFd waker) {
		if (!this.multiplexer.isConcurrent()) {
			waker.add(1);
		}
	}

	private boolean isEpoll() {
		return this.kind == MultiplexerKind.EPOLL;
	}

	private boolean isSelect() {
		return this.kind == MultiplexerKind.SELECT;
	}

	private void assertFails(Errno errno, FileDescriptor fd, ThrowingCallable call) {
		assertThatExceptionOfType(ErrnoException.class).isThrownBy(call)
			.withMessageContaining(errno.name())
			.withMessageContaining(fd.toString())
			.satisfies((ex) -> {
				assertThat(ex.call()).isEqualTo(isEpoll() ? "epoll_ctl" : this.kind.toString());
				assertThat(ex.is(errno)).isTrue();
			});
	}

	private static void assertRefused(ThrowingCallable call, String reason) {
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(call).withMessageContaining(reason);
	}

	/** Duplicates a file descriptor, with a number that is not lower than another. */
	private static FileDescriptor duplicate(FileDescriptor fd, int lowest) {
		int number = LibC.fcntl(ProcessFiles.number(fd), F_DUPFD, lowest);
		Assumptions.assumeThat(Errno.EINVAL.is(number))
			.as("the limit of file descriptors is below %d", lowest)
			.isFalse();
		assertThat(number).isGreaterThanOrEqualTo(lowest);
		return FileDescriptor.adopt(number, "duplicate");
	}

	private static void write(FileDescriptor fd, int count) {
		assertThat(fd.write(ByteBuffer.allocate(count))).isEqualTo(count);
	}

	private static void read(FileDescriptor fd, int count) {
		ByteBuffer buffer = ByteBuffer.allocate(count);
		int read = 0;
		while (buffer.hasRemaining() && read >= 0) {
			read = fd.read(buffer);
		}
		assertThat(buffer.position()).isEqualTo(count);
	}

	private static int fill(FileDescriptor fd) {
		int filled = 0;
		int written;
		do {
			written = fd.write(ByteBuffer.allocate(4096));
			filled += written;
		}
		while (written > 0);
		return filled;
	}

	/**
	 * A wait on another thread, which has begun. The thread lives until its events are
	 * asked for.
	 */
	private final class Wait {

		private final CompletableFuture<Map<Long, String>> events = new CompletableFuture<>();

		private final CountDownLatch asked = new CountDownLatch(1);

		private final NativeThread thread;

		Wait(long timeoutNanos) throws Exception {
			CompletableFuture<NativeThread> started = new CompletableFuture<>();
			new Thread(() -> {
				started.complete(NativeThread.current());
				try {
					this.events.complete(await(timeoutNanos));
					this.asked.await();
				}
				catch (Throwable ex) {
					this.events.completeExceptionally(ex);
				}
			}, "waiter").start();
			this.thread = started.get(LONG, TimeUnit.NANOSECONDS);
			Awaitility.await().until(() -> isOver() || this.thread.isWaiting());
		}

		boolean isOver() {
			return this.events.isDone();
		}

		Map<Long, String> events() throws InterruptedException, ExecutionException, TimeoutException {
			this.asked.countDown();
			return this.events.get(LONG, TimeUnit.NANOSECONDS);
		}

		/**
		 * Sends the thread a signal until it waits anew, unless its wait is over before.
		 */
		boolean isInterruptedBySignal() throws Exception {
			long before = this.thread.waits();
			do {
				Process kill = new ProcessBuilder("sh", "-c", "kill -USR1 " + this.thread.id()).start();
				assertThat(kill.waitFor()).isZero();
			}
			while (!isOver() && this.thread.waits() == before);
			return !isOver();
		}

	}

}
