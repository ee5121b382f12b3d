package dev.mainloop.fd;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

@LinuxTest
class FileDescriptorCloseTests {

	private static final Path NULL = Path.of("/dev/null");

	@Test
	void closeShouldGiveNumberBack() {
		FileDescriptor fd = FileDescriptor.open(NULL);
		int number = ProcessFiles.number(fd);
		assertThat(fd.isOpen()).isTrue();
		assertThat(ProcessFiles.isOpen(number, NULL)).isTrue();
		fd.close();
		assertThat(fd.isOpen()).isFalse();
		assertThat(ProcessFiles.isOpen(number, NULL)).isFalse();
	}

	@Test
	void closeAgainShouldLeaveNewOwnerOfNumberAlone() {
		FileDescriptor first = FileDescriptor.open(NULL);
		int number = ProcessFiles.number(first);
		first.close();
		List<FileDescriptor> others = new ArrayList<>();
		try {
			while (others.isEmpty() || ProcessFiles.number(others.get(others.size() - 1)) < number) {
				others.add(FileDescriptor.open(NULL));
			}
			assertThat(ProcessFiles.isOpen(number, NULL)).isTrue();
			first.close();
			assertThat(ProcessFiles.isOpen(number, NULL)).isTrue();
		}
		finally {
			others.forEach(FileDescriptor::close);
		}
	}

	@Test
	void closeWhileCallsAreInProgressShouldWaitForLast() {
		FileDescriptor fd = FileDescriptor.open(NULL);
		int number = fd.acquire();
		fd.acquire();
		fd.close();
		assertThat(fd.isOpen()).isFalse();
		assertThat(ProcessFiles.isOpen(number, NULL)).isTrue();
		fd.release();
		assertThat(ProcessFiles.isOpen(number, NULL)).isTrue();
		fd.release();
		assertThat(ProcessFiles.isOpen(number, NULL)).isFalse();
	}

	@Test
	void releaseWithoutAcquireShouldBeRefusedAndChangeNothing() {
		FileDescriptor fd = FileDescriptor.open(NULL);
		int number = fd.acquire();
		fd.release();
		assertThatIllegalStateException().isThrownBy(fd::release)
			.withMessage(fd + " is released without having been acquired");
		assertThat(fd.acquire()).isEqualTo(number);
		fd.close();
		assertThat(ProcessFiles.isOpen(number, NULL)).isTrue();
		fd.release();
		assertThat(ProcessFiles.isOpen(number, NULL)).isFalse();
		assertThatIllegalStateException().isThrownBy(fd::release);
		assertThatIllegalStateException().isThrownBy(fd::acquire).withMessage(fd + " is closed");
	}

	@Test
	void closeShouldRunActionsOnceInOrderBeforeNumberIsGivenBack() {
		FileDescriptor fd = FileDescriptor.open(NULL);
		int number = ProcessFiles.number(fd);
		List<String> order = new ArrayList<>();
		Runnable removed = () -> order.add("removed");
		fd.onClose(() -> order.add("first " + ProcessFiles.isOpen(number, NULL)));
		fd.onClose(removed);
		fd.onClose(() -> order.add("second " + ProcessFiles.number(fd)));
		fd.removeOnClose(removed);
		fd.close();
		fd.close();
		assertThat(order).containsExactly("first true", "second " + number);
		assertThat(ProcessFiles.isOpen(number, NULL)).isFalse();
	}

	@Test
	void closeWhenActionClosesAgainShouldDoNothing() {
		FileDescriptor fd = FileDescriptor.open(NULL);
		int number = ProcessFiles.number(fd);
		AtomicInteger runs = new AtomicInteger();
		fd.onClose(() -> {
			runs.incrementAndGet();
			fd.close();
		});
		fd.close();
		assertThat(runs).hasValue(1);
		assertThat(ProcessFiles.isOpen(number, NULL)).isFalse();
	}

	@Test
	void closeWhenActionThrowsShouldGiveNumberBack() {
		FileDescriptor fd = FileDescriptor.open(NULL);
		int number = ProcessFiles.number(fd);
		fd.onClose(() -> {
			throw new IllegalStateException("expected");
		});
		assertThatIllegalStateException().isThrownBy(fd::close).withMessage("expected");
		assertThat(ProcessFiles.isOpen(number, NULL)).isFalse();
	}

	@Test
	void useAfterCloseShouldThrow() {
		FileDescriptor fd = FileDescriptor.open(NULL);
		fd.close();
		assertThatIllegalStateException().isThrownBy(() -> fd.read(ByteBuffer.allocate(1)))
			.withMessage(fd + " is closed");
		assertThatIllegalStateException().isThrownBy(() -> fd.write(ByteBuffer.allocate(1)))
			.withMessage(fd + " is closed");
		assertThatIllegalStateException().isThrownBy(fd::acquire).withMessage(fd + " is closed");
		assertThatIllegalStateException().isThrownBy(() -> fd.onClose(() -> {
		})).withMessage(fd + " is closed");
		assertThatNoException().isThrownBy(fd::close);
	}

	@Test
	void useAfterCloseOfEveryKindShouldThrow() {
		EventFd eventFd = EventFd.open(1);
		eventFd.close();
		assertThatIllegalStateException().isThrownBy(eventFd::take);
		assertThatIllegalStateException().isThrownBy(() -> eventFd.add(1));
		TimerFd timerFd = TimerFd.open(ClockId.MONOTONIC);
		timerFd.close();
		assertThatIllegalStateException().isThrownBy(timerFd::takeExpirations);
		assertThatIllegalStateException().isThrownBy(timerFd::disarm);
		SignalFd signalFd = SignalFd.open(List.of());
		signalFd.close();
		assertThatIllegalStateException().isThrownBy(() -> signalFd.accept(List.of()));
		assertThatIllegalStateException().isThrownBy(() -> signalFd.take((info) -> {
		}));
	}

	@Test
	void closeWhileManyThreadsReadShouldCloseOnce() throws Exception {
		int threads = 4;
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			for (int round = 0; round < 100; round++) {
				EventFd eventFd = EventFd.open(0);
				int number = ProcessFiles.number(eventFd);
				CyclicBarrier start = new CyclicBarrier(threads + 1);
				List<Future<?>> readers = new ArrayList<>();
				for (int i = 0; i < threads; i++) {
					readers.add(executor.submit(() -> {
						start.await(30, TimeUnit.SECONDS);
						readUntilClosed(eventFd);
						return null;
					}));
				}
				start.await(30, TimeUnit.SECONDS);
				eventFd.close();
				for (Future<?> reader : readers) {
					reader.get(30, TimeUnit.SECONDS);
				}
				assertThat(ProcessFiles.isOpen(number, "anon_inode:[eventfd]")).isFalse();
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static void readUntilClosed(EventFd eventFd) {
		try {
			while (true) {
				assertThat(eventFd.take()).isZero();
			}
		}
		catch (IllegalStateException ex) {
			assertThat(eventFd.isOpen()).isFalse();
		}
	}

}
