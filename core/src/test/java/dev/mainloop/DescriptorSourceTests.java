package dev.mainloop;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.Pipe;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.kernel.SocketPair;
import dev.mainloop.kernel.TcpConnection;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

@LinuxTest
@EveryMultiplexer
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class DescriptorSourceTests {

	private static final int F_DUPFD = 0;

	private static final Duration TIMEOUT = Duration.ofSeconds(LoopRunner.TIMEOUT_SECONDS);

	private final MultiplexerKind kind;

	private final MainLoop loop;

	private final EventFd eventFd = EventFd.open(0);

	private final AtomicInteger calls = new AtomicInteger();

	DescriptorSourceTests(MultiplexerKind kind) {
		this.kind = kind;
		this.loop = MainLoop.builder().multiplexer(kind).build();
	}

	@AfterEach
	void close() {
		this.loop.close();
		this.eventFd.close();
	}

	@Test
	void runOnceWhenNothingIsReadyShouldNotCallHandler() {
		watch(Trigger.LEVEL);
		this.loop.runOnce();
		assertThat(this.calls).hasValue(0);
	}

	@Test
	void runOnceWhenReadyShouldPassDescriptorAndReadiness() {
		List<Object> received = new ArrayList<>();
		this.loop.watch("both", this.eventFd, Readiness.READABLE | Readiness.WRITABLE, (fd, readiness) -> {
			received.add(fd);
			received.add(readiness);
			received.add(this.loop.isLoopThread());
		});
		this.eventFd.add(1);
		this.loop.runOnce();
		assertThat(received).containsExactly(this.eventFd, new Readiness(Readiness.READABLE | Readiness.WRITABLE),
				true);
		assertThat(this.loop.isLoopThread()).isFalse();
	}

	@Test
	void levelTriggeredSourceShouldBeCalledUntilRead() {
		watch(Trigger.LEVEL);
		this.eventFd.add(1);
		runOnce(3);
		assertThat(this.calls).hasValue(3);
		this.eventFd.take();
		runOnce(2);
		assertThat(this.calls).hasValue(3);
	}

	@Test
	void edgeTriggeredSourceShouldBeCalledOnceForEachWriteOrBeRefused() {
		if (!triggers().contains(Trigger.EDGE)) {
			assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> watch(Trigger.EDGE))
				.withMessageContaining(this.kind + " cannot be edge-triggered");
			assertThat(this.loop.sourceCounts()).containsEntry("descriptors", 0);
			watch(Trigger.LEVEL);
			return;
		}
		watch(Trigger.EDGE);
		this.eventFd.add(1);
		runOnce(2);
		assertThat(this.calls).hasValue(1);
		this.eventFd.add(1);
		runOnce(2);
		assertThat(this.calls).hasValue(2);
	}

	@Test
	void oneShotSourceShouldPauseUntilResumed() {
		DescriptorSource source = watch(Trigger.ONE_SHOT);
		this.eventFd.add(1);
		runOnce(2);
		assertThat(this.calls).hasValue(1);
		assertThat(source.state()).isEqualTo(EventSource.State.PAUSED);
		source.resume();
		assertThat(source.state()).isEqualTo(EventSource.State.ENABLED);
		runOnce(2);
		assertThat(this.calls).hasValue(2);
	}

	@Test
	void oneShotSourceWhenResumedByItsHandlerShouldBeCalledAgain() {
		AtomicReference<DescriptorSource> source = new AtomicReference<>();
		source.set(this.loop.watch("own", this.eventFd, Readiness.READABLE, Trigger.ONE_SHOT, (fd, readiness) -> {
			if (this.calls.incrementAndGet() < 3) {
				source.get().resume();
			}
		}));
		this.eventFd.add(1);
		runOnce(5);
		assertThat(this.calls).hasValue(3);
	}

	@Test
	void pauseShouldKeepEventUntilResume() {
		for (Trigger trigger : triggers()) {
			this.calls.set(0);
			DescriptorSource source = watch(trigger);
			source.pause();
			this.eventFd.add(1);
			runOnce(2);
			assertThat(this.calls).as(trigger.name()).hasValue(0);
			source.resume();
			this.loop.runOnce();
			assertThat(this.calls).as(trigger.name()).hasValue(1);
			source.close();
			this.eventFd.take();
		}
	}

	@Test
	void pauseByOwnHandlerShouldEndCalls() {
		AtomicReference<DescriptorSource> source = new AtomicReference<>();
		source.set(this.loop.watch("own", this.eventFd, Readiness.READABLE, (fd, readiness) -> {
			this.calls.incrementAndGet();
			source.get().pause();
		}));
		this.eventFd.add(1);
		runOnce(3);
		assertThat(this.calls).hasValue(1);
		source.get().resume();
		runOnce(3);
		assertThat(this.calls).hasValue(2);
	}

	@Test
	void closeByOwnHandlerShouldEndCalls() {
		AtomicReference<DescriptorSource> source = new AtomicReference<>();
		source.set(this.loop.watch("own", this.eventFd, Readiness.READABLE, (fd, readiness) -> {
			this.calls.incrementAndGet();
			source.get().close();
		}));
		this.eventFd.add(1);
		runOnce(3);
		assertThat(this.calls).hasValue(1);
		assertThat(this.eventFd.isOpen()).isTrue();
		assertThat(this.loop.sourceCounts()).containsEntry("descriptors", 0);
	}

	@Test
	void closeByHandlerInSameBatchShouldDropEvent() {
		try (EventFd other = EventFd.open(1)) {
			DescriptorSource[] sources = new DescriptorSource[2];
			sources[0] = this.loop.watch("one", this.eventFd, Readiness.READABLE, (fd, readiness) -> {
				this.calls.incrementAndGet();
				sources[1].close();
			});
			sources[1] = this.loop.watch("other", other, Readiness.READABLE, (fd, readiness) -> {
				this.calls.incrementAndGet();
				sources[0].close();
			});
			this.eventFd.add(1);
			this.loop.runOnce();
			assertThat(this.calls).hasValue(1);
		}
	}

	@Test
	void pauseByHandlerInSameBatchShouldDropEventAndResumeBringItBack() {
		try (EventFd other = EventFd.open(1)) {
			DescriptorSource[] sources = new DescriptorSource[2];
			sources[0] = this.loop.watch("one", this.eventFd, Readiness.READABLE, (fd, readiness) -> {
				this.calls.incrementAndGet();
				sources[1].pause();
			});
			sources[1] = this.loop.watch("other", other, Readiness.READABLE, (fd, readiness) -> {
				this.calls.incrementAndGet();
				sources[0].pause();
			});
			this.eventFd.add(1);
			this.loop.runOnce();
			assertThat(this.calls).hasValue(1);
			sources[0].resume();
			sources[1].resume();
			this.loop.runOnce();
			assertThat(this.calls).hasValue(2);
		}
	}

	@Test
	void pauseAndResumeByHandlerInSameBatchShouldDeferEvent() {
		for (Trigger trigger : triggers()) {
			try (EventFd first = EventFd.open(0); EventFd second = EventFd.open(0)) {
				this.calls.set(0);
				DescriptorSource deferred = this.loop.watch("second", second, Readiness.READABLE, trigger,
						(fd, readiness) -> {
							this.calls.incrementAndGet();
							second.take();
						});
				this.loop.watch("first", first, Readiness.READABLE, (fd, readiness) -> {
					deferred.pause();
					deferred.resume();
					first.take();
				});
				first.add(1);
				second.add(1);
				runOnce(3);
				assertThat(this.calls).as(trigger.name()).hasValue(1);
			}
		}
	}

	@Test
	void pauseAndCloseByAnotherThreadShouldEndCalls() throws Exception {
		DescriptorSource source = this.loop.watch("source", this.eventFd, Readiness.READABLE, (fd, readiness) -> {
			this.calls.incrementAndGet();
			this.eventFd.take();
		});
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			source.pause();
			runner.awaitIteration();
			int before = this.calls.get();
			this.eventFd.add(1);
			runner.awaitIteration();
			assertThat(this.calls).hasValue(before);
			source.resume();
			runner.awaitIteration();
			assertThat(this.calls).hasValue(before + 1);
			source.close();
			runner.awaitIteration();
			this.eventFd.add(1);
			runner.awaitIteration();
			assertThat(this.calls).hasValue(before + 1);
		}
	}

	@Test
	void watchByAnotherThreadDuringWaitShouldBeServed() throws Exception {
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			runner.awaitIteration();
			CountDownLatch called = new CountDownLatch(1);
			this.loop.watch("late", this.eventFd, Readiness.READABLE, Trigger.ONE_SHOT,
					(fd, readiness) -> called.countDown());
			this.eventFd.add(1);
			LoopRunner.await(called);
		}
	}

	@Test
	void interestShouldReplaceWhatItWaitsFor() {
		List<Readiness> received = new ArrayList<>();
		DescriptorSource source = this.loop.watch("interest", this.eventFd, Readiness.READABLE,
				(fd, readiness) -> received.add(readiness));
		this.loop.runOnce();
		source.interest(Readiness.WRITABLE);
		this.loop.runOnce();
		source.pause();
		source.interest(Readiness.READABLE);
		this.loop.runOnce();
		source.resume();
		this.loop.runOnce();
		this.eventFd.add(1);
		this.loop.runOnce();
		assertThat(received).containsExactly(new Readiness(Readiness.WRITABLE), new Readiness(Readiness.READABLE));
		assertThat(source.interest()).isEqualTo(Readiness.READABLE);
	}

	@Test
	void interestInNothingShouldEndCallsAlsoAtHangUpAndError() {
		try (Pipe ended = Pipe.open(); Pipe broken = Pipe.open()) {
			List<String> received = new ArrayList<>();
			DescriptorSource reading = this.loop.watch("reading", ended.reader(), Readiness.READABLE,
					(fd, readiness) -> received.add("reading " + readiness));
			DescriptorSource writing = this.loop.watch("writing", broken.writer(), 0,
					(fd, readiness) -> received.add("writing " + readiness));
			reading.interest(0);
			ended.writer().close();
			broken.reader().close();
			runOnce(3);
			reading.pause();
			reading.resume();
			runOnce(3);
			assertThat(received).isEmpty();
			assertThat(reading.state()).isEqualTo(EventSource.State.ENABLED);
			reading.interest(Readiness.READABLE);
			this.loop.runOnce();
			assertThat(received).containsExactly("reading hang-up");
			reading.interest(0);
			writing.interest(Readiness.WRITABLE);
			this.loop.runOnce();
			assertThat(received).hasSize(2).last().asString().startsWith("writing ").endsWith("error");
			reading.interest(Readiness.READABLE);
			runOnce(2);
			assertThat(received).hasSize(6).filteredOn("reading hang-up"::equals).hasSize(3);
		}
	}

	@Test
	void interestInNothingShouldLeaveOthersOfTheDescriptorAlone() {
		try (Pipe pipe = Pipe.open()) {
			List<String> received = new ArrayList<>();
			DescriptorSource[] sources = new DescriptorSource[2];
			for (int i = 0; i < sources.length; i++) {
				String name = "source " + i;
				sources[i] = this.loop.watch(name, pipe.reader(), Readiness.READABLE,
						(fd, readiness) -> received.add(name));
			}
			sources[0].interest(0);
			pipe.writer().close();
			runOnce(2);
			assertThat(received).containsExactly("source 1", "source 1");
			sources[1].interest(0);
			runOnce(2);
			assertThat(received).hasSize(2);
			sources[0].interest(Readiness.READABLE);
			this.loop.runOnce();
			assertThat(received).containsExactly("source 1", "source 1", "source 0");
		}
	}

	@Test
	void interestAfterNothingWhenLoopIsClosedShouldDoNothing() {
		DescriptorSource source = watch(Trigger.LEVEL);
		source.interest(0);
		this.loop.close();
		source.interest(Readiness.READABLE);
		assertThat(source.state()).isEqualTo(EventSource.State.CLOSED);
	}

	@Test
	void outOfBandDataShouldBeToldUntilItIsRead() throws Exception {
		try (TcpConnection connection = TcpConnection.open()) {
			List<Readiness> received = new ArrayList<>();
			this.loop.watch("urgent", connection.receiver(), Readiness.PRIORITY,
					(fd, readiness) -> received.add(readiness));
			connection.sender().getOutputStream().write(1);
			connection.sender().sendUrgentData(2);
			this.loop.runOnce(TIMEOUT);
			this.loop.runOnce(TIMEOUT);
			assertThat(received).containsExactly(new Readiness(Readiness.PRIORITY), new Readiness(Readiness.PRIORITY));
			ByteBuffer buffer = ByteBuffer.allocate(8);
			while (connection.receiver().read(buffer) > 0) {
				assertThat(buffer.hasRemaining()).isTrue();
			}
			runOnce(2);
			assertThat(received).hasSize(2);
		}
	}

	@Test
	void handlersOfOneDescriptorShouldSeeWhatIsStillTrue() {
		int[] ends = Kernel.pipe();
		FileDescriptor writer = FileDescriptor.adopt(ends[1], "writer");
		try (FileDescriptor blocking = FileDescriptor.borrow(ends[0], "blocking")) {
			List<String> received = new ArrayList<>();
			for (String name : List.of("first", "second")) {
				this.loop.watch(name, blocking, Readiness.READABLE, (fd, readiness) -> received
					.add(name + " " + readiness + " " + fd.read(ByteBuffer.allocate(1))));
			}
			writer.write(ByteBuffer.allocate(1));
			runOnce(2);
			assertThat(received).containsExactly("first readable 1");
			writer.write(ByteBuffer.allocate(2));
			runOnce(2);
			assertThat(received).containsExactly("first readable 1", "first readable 1", "second readable 1");
			writer.write(ByteBuffer.allocate(1));
			writer.close();
			this.loop.runOnce();
			assertThat(received.subList(3, 5)).containsExactly("first readable|hang-up 1", "second hang-up -1");
		}
		finally {
			writer.close();
			Kernel.close(ends[0]);
		}
	}

	@Test
	void handlerThatClosesTheDescriptorShouldEndTheCallsOfOthers() {
		try (Pipe pipe = Pipe.open()) {
			for (int i = 0; i < 2; i++) {
				this.loop.watch("source", pipe.reader(), Readiness.READABLE, (fd, readiness) -> {
					this.calls.incrementAndGet();
					fd.close();
				});
			}
			pipe.writer().write(ByteBuffer.allocate(1));
			runOnce(2);
			assertThat(this.calls).hasValue(1);
			assertThat(this.loop.state()).isEqualTo(MainLoopState.NEW);
		}
	}

	@Test
	void closeOfDescriptorShouldCloseSource() {
		DescriptorSource source = watch(Trigger.LEVEL);
		this.eventFd.add(1);
		this.eventFd.close();
		assertThat(source.state()).isEqualTo(EventSource.State.CLOSED);
		assertThat(this.loop.sourceCounts()).containsEntry("descriptors", 0);
		this.loop.runOnce();
		assertThat(this.calls).hasValue(0);
		source.resume();
		source.close();
	}

	@Test
	void closeOfDescriptorWhenSourceIsPausedShouldCloseSource() {
		DescriptorSource source = watch(Trigger.LEVEL);
		source.pause();
		this.eventFd.close();
		assertThat(source.state()).isEqualTo(EventSource.State.CLOSED);
		assertThatNoException().isThrownBy(source::resume);
	}

	@Test
	void runOnceWhenNumberIsReusedInSameBatchShouldDropEvent() {
		List<String> order = new ArrayList<>();
		List<FileDescriptor> opened = new ArrayList<>();
		try (EventFd before = EventFd.open(0); EventFd after = EventFd.open(0)) {
			FileDescriptor old = duplicate(before);
			opened.add(old);
			this.loop.watch("first", this.eventFd, Readiness.READABLE, (fd, readiness) -> {
				order.add("first");
				this.eventFd.take();
				int number = ProcessFiles.number(old);
				old.close();
				opened.add(duplicate(after));
				assertThat(ProcessFiles.number(opened.get(1))).isEqualTo(number);
				this.loop.watch("new", opened.get(1), Readiness.READABLE, (newFd, newReadiness) -> order.add("new"));
			});
			this.loop.watch("old", old, Readiness.READABLE, (fd, readiness) -> order.add("old"));
			this.eventFd.add(1);
			before.add(1);
			runOnce(2);
			assertThat(order).containsExactly("first");
			after.add(1);
			this.loop.runOnce();
			assertThat(order).containsExactly("first", "new");
		}
		finally {
			opened.forEach(FileDescriptor::close);
		}
	}

	@Test
	void runOnceShouldServeManySources() {
		int count = (this.kind != MultiplexerKind.SELECT) ? 1000 : 500;
		List<EventFd> eventFds = new ArrayList<>();
		BitSet served = new BitSet(count);
		try {
			for (int i = 0; i < count; i++) {
				int index = i;
				EventFd each = EventFd.open(1);
				eventFds.add(each);
				this.loop.watch("source " + i, each, Readiness.READABLE, (fd, readiness) -> {
					assertThat(each.take()).isOne();
					served.set(index);
				});
			}
			assertThat(this.loop.sourceCounts()).containsEntry("descriptors", count);
			for (int i = 0; i < count && served.cardinality() < count; i++) {
				runOnce(1);
			}
			assertThat(served.cardinality()).isEqualTo(count);
		}
		finally {
			eventFds.forEach(EventFd::close);
		}
		assertThat(this.loop.sourceCounts()).containsEntry("descriptors", 0);
	}

	@Test
	void watchWhenRegularFileShouldFailAndLeaveDescriptorUsable(@TempDir Path directory) throws Exception {
		try (FileDescriptor file = FileDescriptor.open(Files.createFile(directory.resolve("file")))) {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> this.loop.watch("file", file, Readiness.READABLE, (fd, readiness) -> {
				}))
				.withMessageContaining(file + " cannot be watched, as it never has to be waited for")
				.withMessageContaining("inotify")
				.withCauseInstanceOf(ErrnoException.class);
			assertThat(this.loop.sourceCounts()).containsEntry("descriptors", 0);
		}
	}

	@Test
	void watchAgainWithAnotherTriggerShouldFailAndLeaveFirstWatching() {
		watch(Trigger.LEVEL);
		assertThatIllegalStateException().isThrownBy(() -> watch(Trigger.ONE_SHOT))
			.withMessageContaining("is watched already by 'LEVEL': only level-triggered sources share one");
		this.eventFd.add(1);
		this.loop.runOnce();
		assertThat(this.calls).hasValue(1);
	}

	@Test
	void levelTriggeredSourcesShouldShareADescriptor() {
		AtomicInteger writable = new AtomicInteger();
		DescriptorSource reading = watch(Trigger.LEVEL);
		DescriptorSource writing = this.loop.watch("writing", this.eventFd, Readiness.WRITABLE,
				(fd, readiness) -> writable.incrementAndGet());
		this.loop.runOnce();
		assertThat(this.calls).hasValue(0);
		assertThat(writable).hasValue(1);
		this.eventFd.add(1);
		this.loop.runOnce();
		assertThat(this.calls).hasValue(1);
		assertThat(writable).hasValue(2);
		writing.pause();
		this.loop.runOnce();
		assertThat(this.calls).hasValue(2);
		assertThat(writable).hasValue(2);
		reading.close();
		writing.resume();
		this.loop.runOnce();
		assertThat(this.calls).hasValue(2);
		assertThat(writable).hasValue(3);
	}

	@Test
	void closeAndPauseByHandlerOfSourceThatSharesShouldDropEvent() {
		DescriptorSource[] others = new DescriptorSource[2];
		this.loop.watch("first", this.eventFd, Readiness.READABLE, (fd, readiness) -> {
			this.calls.incrementAndGet();
			others[0].close();
			others[1].pause();
		});
		others[0] = watch(Trigger.LEVEL);
		others[1] = watch(Trigger.LEVEL);
		this.eventFd.add(1);
		this.loop.runOnce();
		assertThat(this.calls).hasValue(1);
		others[1].resume();
		others[1].pause();
		this.loop.runOnce();
		assertThat(this.calls).hasValue(2);
	}

	@Test
	void interestInPeerClosedAloneShouldBeServedOrBeRefused() {
		try (SocketPair sockets = SocketPair.open()) {
			List<Readiness> received = new ArrayList<>();
			ReadinessHandler handler = (fd, readiness) -> received.add(readiness);
			this.loop.watch("reading", sockets.one(), Readiness.READABLE, (fd, readiness) -> {
			});
			sockets.other().write(ByteBuffer.allocate(1));
			if (this.kind == MultiplexerKind.SELECT) {
				assertThatExceptionOfType(UnsupportedOperationException.class)
					.isThrownBy(() -> this.loop.watch("end", sockets.one(), Readiness.PEER_CLOSED, handler))
					.withMessageContaining("wait for READABLE too");
				DescriptorSource source = this.loop.watch("end", sockets.one(), Readiness.READABLE, handler);
				assertThatExceptionOfType(UnsupportedOperationException.class)
					.isThrownBy(() -> source.interest(Readiness.PEER_CLOSED))
					.withMessageContaining("wait for READABLE too");
				assertThat(source.interest()).isEqualTo(Readiness.READABLE);
				this.loop.runOnce();
				assertThat(received).containsExactly(new Readiness(Readiness.READABLE));
				return;
			}
			this.loop.watch("end", sockets.one(), Readiness.PEER_CLOSED, handler);
			this.loop.runOnce();
			assertThat(received).isEmpty();
			sockets.shutDownOther();
			this.loop.runOnce();
			assertThat(received).containsExactly(new Readiness(Readiness.PEER_CLOSED));
		}
	}

	@Test
	void closeOfSharingSourcesWhenDescriptorWasClosedElsewhereShouldSucceed() {
		List<String> before = ProcessFiles.anonymous();
		MainLoop other = MainLoop.builder().multiplexer(this.kind).build();
		try (Pipe pipe = Pipe.open()) {
			int number = LibC.fcntl(ProcessFiles.number(pipe.reader()), F_DUPFD, ProcessFiles.HIGH_NUMBER);
			FileDescriptor borrowed = FileDescriptor.borrow(number, "borrowed");
			DescriptorSource[] sources = new DescriptorSource[3];
			for (int i = 0; i < sources.length; i++) {
				sources[i] = other.watch("source", borrowed, Readiness.READABLE,
						(fd, readiness) -> this.calls.incrementAndGet());
			}
			LibC.close(number);
			other.runOnce();
			sources[0].close();
			sources[1].pause();
			other.runOnce();
			assertThat(this.calls).hasValue(0);
			other.close();
			assertThat(sources).allMatch((source) -> source.state() == EventSource.State.CLOSED);
		}
		assertThat(ProcessFiles.anonymous()).isEqualTo(before);
	}

	@Test
	void changesByAnotherThreadShouldNeverMissWait() throws Exception {
		Semaphore handled = new Semaphore(0);
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			for (int round = 0; round < 500; round++) {
				try (EventFd late = EventFd.open(1)) {
					DescriptorSource source = this.loop.watch("late", late, Readiness.READABLE, Trigger.ONE_SHOT,
							(fd, readiness) -> handled.release());
					acquire(handled, "watch", round);
					assertThat(source.state()).isEqualTo(EventSource.State.PAUSED);
					source.resume();
					acquire(handled, "resume", round);
					assertThat(source.state()).isEqualTo(EventSource.State.PAUSED);
					late.take();
					source.resume();
					source.interest(Readiness.WRITABLE);
					acquire(handled, "interest", round);
				}
			}
			assertThat(runner.thread().isRunning()).isTrue();
			assertThat(handled.availablePermits()).isZero();
		}
	}

	private static void acquire(Semaphore handled, String change, int round) throws InterruptedException {
		assertThat(handled.tryAcquire(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS)).as("%s, round %d", change, round)
			.isTrue();
	}

	@Test
	void watchWhenDescriptorIsClosedShouldThrow() {
		this.eventFd.close();
		assertThatIllegalStateException().isThrownBy(() -> watch(Trigger.LEVEL)).withMessageContaining("is closed");
	}

	private List<Trigger> triggers() {
		return (this.kind == MultiplexerKind.EPOLL) ? List.of(Trigger.values())
				: List.of(Trigger.LEVEL, Trigger.ONE_SHOT);
	}

	private DescriptorSource watch(Trigger trigger) {
		return this.loop.watch(trigger.name(), this.eventFd, Readiness.READABLE, trigger,
				(fd, readiness) -> this.calls.incrementAndGet());
	}

	private void runOnce(int times) {
		for (int i = 0; i < times; i++) {
			this.loop.runOnce();
		}
	}

	/** Duplicates a file descriptor, under the same number each time it is free. */
	private static FileDescriptor duplicate(FileDescriptor fd) {
		return FileDescriptor.adopt(LibC.fcntl(ProcessFiles.number(fd), F_DUPFD, ProcessFiles.HIGH_NUMBER),
				"duplicate");
	}

}
