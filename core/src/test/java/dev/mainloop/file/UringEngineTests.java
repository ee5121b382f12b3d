package dev.mainloop.file;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import dev.mainloop.MainLoop;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.kernel.SeccompFilter;
import dev.mainloop.kernel.SystemCall;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.testing.LinuxTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What io_uring alone does, beside {@link AsyncFilesContractTests}, and what becomes of
 * {@link FileIo#AUTO} where it is refused.
 */
@LinuxTest
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class UringEngineTests {

	private static final int CAPACITY = 8;

	@TempDir
	private Path directory;

	@Test
	void autoShouldBeIoUringForNoReason() {
		SystemCall.IO_URING_SETUP.assume();
		try (FileLoop files = new FileLoop(FileIo.AUTO, CAPACITY)) {
			assertThat(files.files.fileIo()).isEqualTo(FileIo.IO_URING).hasToString("io-uring");
			assertThat(files.files.fallbackReason()).isNull();
		}
	}

	@Test
	void autoWhenSandboxRefusesIoUringShouldBeWorkersAndSayWhy() throws Exception {
		inSandbox(Errno.EPERM, () -> {
			try (FileLoop files = new FileLoop(FileIo.AUTO, CAPACITY)) {
				assertThat(files.files.fileIo()).isEqualTo(FileIo.WORKERS).hasToString("workers");
				assertThat(files.files.fallbackReason())
					.isEqualTo("io_uring is refused: io_uring_setup(9): EPERM (Operation not permitted)");
				Path file = Files.writeString(this.directory.resolve("file"), "text");
				assertThat(files.get(() -> files.files.readAllBytes(file, 4))).asString().isEqualTo("text");
			}
			return null;
		});
	}

	@Test
	void ioUringWhenSandboxRefusesItShouldThrowAndLeaveNothingOpen() throws Exception {
		inSandbox(Errno.ENOSYS, () -> {
			try (MainLoop loop = MainLoop.builder().build()) {
				List<String> before = ProcessFiles.anonymous();
				assertThatExceptionOfType(ErrnoException.class)
					.isThrownBy(() -> AsyncFiles.builder(loop).fileIo(FileIo.IO_URING).capacity(CAPACITY).build())
					.withMessage("io_uring_setup(9): ENOSYS (Function not implemented)");
				assertThat(ProcessFiles.anonymous()).isEqualTo(before);
			}
			return null;
		});
	}

	@Test
	void filesOfClosedLoopShouldLeaveNothingOpen() {
		SystemCall.IO_URING_SETUP.assume();
		MainLoop loop = MainLoop.builder().build();
		loop.close();
		List<String> before = ProcessFiles.anonymous();
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> AsyncFiles.builder(loop).fileIo(FileIo.IO_URING).build());
		assertThat(ProcessFiles.anonymous()).isEqualTo(before);
	}

	@Test
	void directBuffersShouldNeedNoWorkers() {
		try (FileLoop files = ioUring()) {
			AsyncFile file = files.get(() -> files.files.open(this.directory.resolve("file"), StandardOpenOption.READ,
					StandardOpenOption.WRITE, StandardOpenOption.CREATE));
			files.get(() -> file.writeFully(ByteBuffer.allocateDirect(1 << 20), 0));
			files.get(() -> file.readFully(ByteBuffer.allocateDirect(1 << 20), 0));
			files.get(file::sync);
			files.get(file::status);
			assertThat(workers(files)).isZero();
			files.get(() -> file.read(ByteBuffer.allocate(1), 0));
			assertThat(workers(files)).isOne();
		}
	}

	@Test
	void operationThatWouldNotEndShouldBeCancelled() {
		try (FileLoop files = ioUring()) {
			AsyncFile fifo = openFifo(files);
			ByteBuffer buffer = ByteBuffer.allocateDirect(4);
			CompletableFuture<Integer> read = files.begun(() -> {
				CompletableFuture<Integer> result = new CompletableFuture<>();
				long token = fifo.read(buffer, 0, (operation) -> result.complete(failure(operation)));
				files.files.whenRoom(() -> files.files.cancel(token));
				return result;
			});
			assertThat(read.orTimeout(FileLoop.TIMEOUT_SECONDS, TimeUnit.SECONDS).join())
				.isEqualTo(Errno.ECANCELED.number());
			files.get(fifo::close);
		}
	}

	@Test
	void closedFilesShouldCancelOperationThatWouldNotEnd() {
		try (FileLoop files = ioUring()) {
			AsyncFile fifo = openFifo(files);
			CompletableFuture<Integer> read = files.begun(() -> fifo.read(ByteBuffer.allocateDirect(4), 0));
			files.run(files.files::close);
			assertThatExceptionOfType(CancellationException.class)
				.isThrownBy(() -> read.orTimeout(FileLoop.TIMEOUT_SECONDS, TimeUnit.SECONDS).join());
			Awaitility.await()
				.until(() -> !ProcessFiles.open().containsValue(this.directory.resolve("fifo").toString()));
		}
	}

	private AsyncFile openFifo(FileLoop files) {
		Path path = this.directory.resolve("fifo");
		FileDescriptor.openFifo(path).close();
		return files.get(() -> files.files.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
	}

	private static int failure(FileOperation operation) {
		return (operation.failure() instanceof ErrnoException ex) ? ex.errno() : 0;
	}

	private static FileLoop ioUring() {
		SystemCall.IO_URING_SETUP.assume();
		return new FileLoop(FileIo.IO_URING, CAPACITY);
	}

	/** Returns how many threads work for a loop, or have. */
	private static long workers(FileLoop files) {
		String name = files.loop.newThread("file", () -> {
		}).getName();
		return Thread.getAllStackTraces().keySet().stream().filter((thread) -> thread.getName().equals(name)).count();
	}

	/** Calls on a thread of its own, for which io_uring is refused. */
	private static void inSandbox(Errno errno, Callable<Void> test) throws Exception {
		FutureTask<Void> task = new FutureTask<>(() -> {
			SeccompFilter.refuseIoUring(errno);
			return test.call();
		});
		new Thread(task, "sandbox").start();
		task.get(60, TimeUnit.SECONDS);
	}

}
