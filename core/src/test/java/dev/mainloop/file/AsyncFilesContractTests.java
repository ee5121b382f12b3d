package dev.mainloop.file;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.mainloop.MainLoop;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.line.FrameException;
import dev.mainloop.line.Framing;
import dev.mainloop.testing.LinuxTest;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What holds for file operations, however they are carried out.
 */
@LinuxTest
@ParameterizedClass(name = "{0}")
@EnumSource(value = FileIo.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
@Timeout(value = 180, threadMode = ThreadMode.SEPARATE_THREAD)
class AsyncFilesContractTests {

	private static final int CAPACITY = 8;

	/**
	 * Of six operations each, of which {@code -Dmainloop.test.repetitions} asks for more.
	 */
	private static final int REPETITIONS = Integer.getInteger("mainloop.test.repetitions", 5000);

	private static final OpenOption[] READ_WRITE = { StandardOpenOption.READ, StandardOpenOption.WRITE,
			StandardOpenOption.CREATE };

	private final FileLoop files;

	@TempDir
	private Path directory;

	AsyncFilesContractTests(FileIo fileIo) {
		FileLoop.assume(fileIo);
		this.files = new FileLoop(fileIo, CAPACITY);
		assertThat(this.files.files.fileIo()).isEqualTo(fileIo);
	}

	@AfterEach
	void close() {
		this.files.close();
	}

	@Test
	void writtenBytesShouldBeRead() throws IOException {
		AsyncFile file = open("file", READ_WRITE);
		for (ByteBuffer bytes : List.of(direct("direct"), ByteBuffer.wrap(bytes("heap")),
				ByteBuffer.wrap(bytes("read-only")).asReadOnlyBuffer(),
				ByteBuffer.wrap(bytes("--slice--"), 2, 5).slice())) {
			int length = bytes.remaining();
			assertThat(this.files.get(() -> file.writeFully(bytes, 10))).isEqualTo(length);
			assertThat(bytes.hasRemaining()).isFalse();
			ByteBuffer heap = ByteBuffer.allocate(length + 2).position(1).limit(length + 1);
			ByteBuffer direct = ByteBuffer.allocateDirect(length);
			assertThat(this.files.get(() -> file.readFully(heap, 10))).isEqualTo(length);
			assertThat(this.files.get(() -> file.readFully(direct, 10))).isEqualTo(length);
			assertThat(heap.position(1)).isEqualTo(bytes.flip());
			assertThat(direct.flip()).isEqualTo(bytes);
		}
		assertThat(Files.size(path("file"))).isEqualTo(19);
	}

	@Test
	void largeBuffersShouldBeTransferredWhole() throws IOException {
		byte[] bytes = new byte[3 << 20];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = (byte) (i * 31 + (i >> 12));
		}
		AsyncFile file = open("file", READ_WRITE);
		assertThat(this.files.get(() -> file.writeFully(ByteBuffer.wrap(bytes), 0))).isEqualTo(bytes.length);
		assertThat(Files.readAllBytes(path("file"))).isEqualTo(bytes);
		ByteBuffer read = ByteBuffer.allocate(bytes.length);
		assertThat(this.files.get(() -> file.readFully(read, 0))).isEqualTo(bytes.length);
		assertThat(read.array()).isEqualTo(bytes);
	}

	@Test
	void readShouldTellTheEndOfTheFile() throws IOException {
		Files.writeString(path("file"), "12345");
		AsyncFile file = open("file");
		ByteBuffer buffer = ByteBuffer.allocateDirect(8);
		assertThat(this.files.get(() -> file.read(buffer, 3))).isEqualTo(2);
		assertThat(this.files.get(() -> file.read(buffer, 5))).isEqualTo(FileOperation.END_OF_FILE);
		assertThat(buffer.position()).isEqualTo(2);
		assertThat(this.files.get(() -> file.readFully(buffer, 0))).isEqualTo(5);
		assertThat(this.files.get(() -> file.readFully(buffer, 9))).isEqualTo(FileOperation.END_OF_FILE);
		assertThat(this.files.get(() -> file.read(buffer.limit(buffer.position()), 0))).isZero();
	}

	@Test
	void fileThatIsTruncatedShouldEndThere() throws IOException {
		Files.writeString(path("file"), "12345");
		AsyncFile file = open("file", READ_WRITE);
		this.files.get(() -> file.truncate(2));
		ByteBuffer buffer = ByteBuffer.allocateDirect(8);
		assertThat(this.files.get(() -> file.readFully(buffer, 0))).isEqualTo(2);
		Files.writeString(path("file"), "");
		assertThat(this.files.get(() -> file.readFully(buffer, 2))).isEqualTo(FileOperation.END_OF_FILE);
	}

	@Test
	void appendedBytesShouldComeLast() throws IOException {
		Files.writeString(path("file"), "first,");
		AsyncFile file = open("file", StandardOpenOption.APPEND);
		this.files.get(() -> file.writeFully(direct("second,"), 0));
		this.files.get(() -> file.writeFully(direct("third"), 0));
		assertThat(path("file")).hasContent("first,second,third");
	}

	@Test
	void errorsShouldNameTheCallAndThePath() throws IOException {
		Path missing = path("missing");
		ErrnoException error = failure(() -> this.files.files.open(missing));
		assertThat(error.is(Errno.ENOENT)).isTrue();
		assertThat(error).hasMessageStartingWith("open(" + missing + ", 0")
			.hasMessageEndingWith(": ENOENT (No such file or directory)");
		Files.createFile(path("file"));
		Files.createSymbolicLink(path("link"), path("file"));
		assertThat(failure(
				() -> this.files.files.open(path("file"), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW))
			.is(Errno.EEXIST)).isTrue();
		assertThat(failure(() -> this.files.files.open(path("link"), LinkOption.NOFOLLOW_LINKS)).is(Errno.ELOOP))
			.isTrue();
		assertThat(failure(() -> this.files.files.open(path("file"), OpenFlag.DIRECTORY)).is(Errno.ENOTDIR)).isTrue();
		assertThat(failure(() -> this.files.files.open(this.directory, StandardOpenOption.WRITE)).is(Errno.EISDIR))
			.isTrue();
		assertThat(failure(() -> this.files.files.open(path("x".repeat(5000)))).is(Errno.ENAMETOOLONG)).isTrue();
		assertThat(failure(() -> this.files.files.status(missing)).is(Errno.ENOENT)).isTrue();
		assertThat(failure(() -> this.files.files.unlink(missing)))
			.hasMessageStartingWith("unlink(" + missing + "): ENOENT");
		assertThat(failure(() -> this.files.files.rename(missing, path("other"))))
			.hasMessageStartingWith("rename(" + missing + ", " + path("other") + "): ENOENT");
		AsyncFile file = open("file");
		assertThat(failure(() -> file.write(direct("text"), 7)))
			.hasMessageStartingWith("pwrite(" + path("file") + ", 4, 7): EBADF");
		assertThat(failure(() -> file.truncate(3))).hasMessageStartingWith("ftruncate(" + path("file") + ", 3): E");
		assertThat(failure(() -> file.allocate(1, 2)))
			.hasMessageStartingWith("fallocate(" + path("file") + ", 0, 1, 2): EBADF");
	}

	@Test
	void fullDeviceShouldBeTold() {
		AsyncFile full = this.files.get(() -> this.files.files.open(Path.of("/dev/full"), StandardOpenOption.WRITE));
		assertThat(failure(() -> full.writeFully(direct("text"), 0)).is(Errno.ENOSPC)).isTrue();
	}

	@Test
	void statusShouldBeThatOfTheFile() throws IOException {
		AsyncFile file = open("file", READ_WRITE);
		this.files.get(() -> file.writeFully(direct("text"), 0));
		this.files.get(file::sync);
		this.files.get(file::dataSync);
		FileStatus status = this.files.get(file::status);
		Map<String, Object> expected = Files.readAttributes(path("file"), "unix:*");
		assertThat(status.size()).isEqualTo(4);
		assertThat(status.inode()).isEqualTo(expected.get("ino"));
		assertThat(status.device()).isEqualTo(expected.get("dev"));
		assertThat(status.mode()).isEqualTo(expected.get("mode"));
		assertThat(status.owner()).isEqualTo(expected.get("uid"));
		assertThat(status.group()).isEqualTo(expected.get("gid"));
		assertThat(status.links()).isEqualTo(expected.get("nlink"));
		assertThat(status.modified()).isEqualTo(Files.getLastModifiedTime(path("file")).toInstant());
		assertThat(status.isRegularFile()).isTrue();
		FileStatus ofPath = this.files.get(() -> this.files.files.status(path("file")));
		assertThat(ofPath.isSameFileAs(status)).isTrue();
		assertThat(this.files.get(() -> this.files.files.status(this.directory)).isDirectory()).isTrue();
	}

	@Test
	void pathsShouldBeRenamedAndUnlinked() throws IOException {
		Files.writeString(path("file"), "text");
		this.files.get(() -> this.files.files.rename(path("file"), path("other")));
		assertThat(path("file")).doesNotExist();
		assertThat(path("other")).hasContent("text");
		this.files.get(() -> this.files.files.unlink(path("other")));
		assertThat(path("other")).doesNotExist();
	}

	@Test
	void spaceShouldBeAllocated() throws IOException {
		AsyncFile file = open("file", READ_WRITE);
		this.files.get(() -> file.allocate(0, 10_000));
		assertThat(Files.size(path("file"))).isEqualTo(10_000);
		assertThat(this.files.get(file::status).allocated()).isGreaterThanOrEqualTo(10_000);
	}

	@Test
	void madeFileShouldHaveThePermissions() {
		this.files.get(() -> this.files.files.open(path("file"), 0600, READ_WRITE));
		assertThat(this.files.get(() -> this.files.files.status(path("file"))).permissions()).isEqualTo(0600);
	}

	@Test
	void handlersShouldBeCalledByTheLoop() throws IOException {
		Files.writeString(path("file"), "text");
		AsyncFile file = open("file");
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		ByteBuffer buffer = ByteBuffer.allocateDirect(4);
		this.files.run(() -> file.read(buffer, 0, (operation) -> {
			assertThat(operation.result()).isEqualTo(4);
			assertThat(operation.file()).isSameAs(file);
			assertThat(operation.buffer()).isSameAs(buffer);
			assertThat(operation.type()).isEqualTo(FileOperation.Type.READ);
			thread.complete(Thread.currentThread());
		}));
		assertThat(get(thread)).isSameAs(this.files.loop.thread());
	}

	@Test
	void otherThreadsShouldBeRefused() throws IOException {
		AsyncFile file = open("file", READ_WRITE);
		assertThatIllegalStateException().isThrownBy(() -> file.sync()).withMessageContaining("MainLoop.execute");
		assertThatIllegalStateException().isThrownBy(() -> this.files.files.open(path("file")));
		assertThatIllegalStateException().isThrownBy(file::close);
		assertThat(file.isOpen()).isTrue();
	}

	@Test
	void impossibleArgumentsShouldBeRefused() throws IOException {
		AsyncFile file = open("file", READ_WRITE);
		this.files.run(() -> {
			assertThatIllegalArgumentException().isThrownBy(() -> file.read(ByteBuffer.allocate(1), -1))
				.withMessage("'position' must not be negative but is -1");
			assertThatIllegalArgumentException()
				.isThrownBy(() -> file.read(ByteBuffer.allocate(1).asReadOnlyBuffer(), 0))
				.withMessage("'buffer' must not be read-only");
			assertThatIllegalArgumentException()
				.isThrownBy(() -> this.files.files.open(path("file"), StandardOpenOption.DELETE_ON_CLOSE))
				.withMessage("'DELETE_ON_CLOSE' is not an option of open(2)");
			assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> file.sync(null));
			assertThat(this.files.files.inFlight()).isZero();
		});
	}

	@Test
	void failureThatNobodyAsksForShouldReachTheErrorHandler() throws IOException {
		AsyncFile file = open("file", StandardOpenOption.READ, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
		AsyncFile readOnly = open("file");
		this.files.run(() -> {
			readOnly.write(direct("lost"), 0, (operation) -> {
			});
			file.write(direct("fine"), 0, (operation) -> {
			});
			readOnly.write(direct("asked"), 0, FileOperation::failure);
			readOnly.write(direct("lost future"), 0);
			readOnly.write(direct("future"), 0).exceptionally((failure) -> 0);
		});
		this.files.get(readOnly::close);
		assertThat(this.files.errors).hasSize(2)
			.allSatisfy((error) -> assertThat(error).isInstanceOf(ErrnoException.class));
	}

	@Test
	void handlerThatThrowsShouldNotKeepOthersFromBeingCalled() throws IOException {
		AsyncFile file = open("file", READ_WRITE);
		this.files.run(() -> file.sync((operation) -> {
			throw new IOException("expected");
		}));
		this.files.get(file::close);
		assertThat(this.files.errors).singleElement().isInstanceOf(IOException.class);
		this.files.run(() -> assertThat(this.files.files.inFlight()).isZero());
	}

	@Test
	void operationsBeyondTheCapacityShouldWaitForRoom() throws IOException {
		AsyncFile file = open("file", READ_WRITE);
		List<Integer> order = new ArrayList<>();
		CompletableFuture<List<Integer>> all = new CompletableFuture<>();
		this.files.run(() -> {
			for (int i = 0; i < CAPACITY; i++) {
				file.sync((operation) -> {
				});
			}
			assertThat(this.files.files.inFlight()).isEqualTo(CAPACITY);
			assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> file.sync())
				.withMessage(CAPACITY
						+ " file operations are in flight already: begin the next one when a handler is called");
			for (int i = 0; i < 3 * CAPACITY; i++) {
				int number = i;
				this.files.files.whenRoom(() -> file.sync((operation) -> {
					order.add(number);
					if (order.size() == 3 * CAPACITY) {
						all.complete(order);
					}
				}));
			}
			assertThat(this.files.files.inFlight()).isEqualTo(CAPACITY);
		});
		assertThat(get(all)).hasSize(3 * CAPACITY).doesNotHaveDuplicates();
		Awaitility.await().until(() -> inFlight() == 0);
	}

	@Test
	void taskThatThrowsShouldNotKeepOthersFromHavingRoom() throws IOException {
		AsyncFile file = open("file", READ_WRITE);
		CompletableFuture<String> last = new CompletableFuture<>();
		this.files.run(() -> {
			for (int i = 0; i < CAPACITY; i++) {
				file.sync(FileOperation::failure);
			}
			for (int i = 0; i < 2; i++) {
				this.files.files.whenRoom(() -> {
					throw new IllegalStateException("expected");
				});
			}
			this.files.files.whenRoom(() -> last.complete("run"));
		});
		assertThat(get(last)).isEqualTo("run");
		this.files.get(file::close);
		assertThat(this.files.errors).singleElement()
			.extracting(Throwable::getSuppressed)
			.asInstanceOf(InstanceOfAssertFactories.ARRAY)
			.hasSize(1);
	}

	@Test
	void handlerShouldHaveRoomForTheNextOperation() throws IOException {
		Files.write(path("file"), new byte[1000]);
		AsyncFile file = open("file");
		CompletableFuture<Integer> total = new CompletableFuture<>();
		FileHandler reader = new FileHandler() {

			private int sum;

			private int left = CAPACITY;

			@Override
			public void completed(FileOperation operation) {
				int count = operation.result();
				if (count > 0) {
					this.sum += count;
					operation.file().read(operation.buffer().clear(), operation.offset() + 90, this);
				}
				else if (--this.left == 0) {
					total.complete(this.sum);
				}
			}

		};
		this.files.run(() -> {
			for (int i = 0; i < CAPACITY; i++) {
				file.read(ByteBuffer.allocateDirect(10), 10L * i, reader);
			}
		});
		assertThat(get(total)).isPositive();
	}

	@Test
	void bufferInUseShouldBeRefused() throws IOException {
		Files.writeString(path("file"), "text");
		AsyncFile file = open("file", READ_WRITE);
		ByteBuffer buffer = ByteBuffer.allocateDirect(16);
		this.files.run(() -> {
			file.read(buffer, 0, FileOperation::failure);
			assertThatIllegalStateException().isThrownBy(() -> file.write(buffer.duplicate().position(8), 0))
				.withMessageContaining("is in use by pread(" + path("file"));
			file.write(ByteBuffer.allocateDirect(8), 4, FileOperation::failure);
		});
		ByteBuffer shared = direct("shared");
		this.files.run(() -> {
			file.write(shared.duplicate(), 0, FileOperation::failure);
			file.write(shared.duplicate(), 6, FileOperation::failure);
			assertThatIllegalStateException().isThrownBy(() -> file.read(shared.duplicate(), 0));
		});
	}

	@Test
	void bufferThatIsUsedMeanwhileShouldBeToldAs() throws IOException {
		Files.writeString(path("file"), "text");
		AsyncFile file = open("file");
		ByteBuffer buffer = ByteBuffer.allocateDirect(16);
		CompletableFuture<Integer> result = this.files.begun(() -> {
			CompletableFuture<Integer> begun = file.read(buffer, 0);
			buffer.putInt(42);
			return begun;
		});
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> get(result))
			.withCauseInstanceOf(IllegalStateException.class)
			.withMessageContaining("The buffer of pread(" + path("file"));
	}

	@Test
	void closedFileShouldFinishWhatIsInFlight() throws IOException {
		Files.writeString(path("file"), "text");
		AsyncFile file = open("file");
		List<String> order = new ArrayList<>();
		ByteBuffer buffer = ByteBuffer.allocateDirect(16);
		CompletableFuture<Void> closed = this.files.begun(() -> {
			for (int i = 0; i < CAPACITY - 1; i++) {
				file.read(ByteBuffer.allocateDirect(4), 0, (operation) -> order.add("read"));
			}
			file.read(buffer, 0, (operation) -> order.add("read"));
			CompletableFuture<Void> closing = file.close().thenRun(() -> order.add("closed"));
			assertThat(file.isOpen()).isFalse();
			assertThatIllegalStateException().isThrownBy(file::sync)
				.withMessage("The file '%s' is closed".formatted(path("file")));
			assertThatIllegalStateException().isThrownBy(file::close);
			return closing;
		});
		get(closed);
		assertThat(order).hasSize(CAPACITY + 1).endsWith("closed");
		assertThat(openFiles()).isEmpty();
	}

	@Test
	void cancelledOperationShouldComeToItsHandler() throws IOException {
		Files.writeString(path("file"), "text");
		AsyncFile file = open("file");
		List<FileOperation.Type> told = new ArrayList<>();
		this.files.run(() -> {
			for (int i = 0; i < CAPACITY; i++) {
				long token = file.sync((operation) -> {
					Throwable failure = operation.failure();
					assertThat(failure).satisfiesAnyOf((none) -> assertThat(none).isNull(),
							(some) -> assertThat(((ErrnoException) some).is(Errno.ECANCELED)).isTrue());
					told.add(operation.type());
				});
				this.files.files.cancel(token);
				this.files.files.cancel(token);
			}
		});
		this.files.get(file::close);
		assertThat(told).hasSize(CAPACITY);
	}

	@Test
	void oldTokenShouldCancelNothing() throws IOException {
		AsyncFile file = open("file", READ_WRITE);
		AtomicReference<Long> token = new AtomicReference<>();
		this.files.get(() -> {
			FileFuture<String> first = new FileFuture<>(null, (operation) -> "first");
			token.set(file.sync(first));
			return first;
		});
		for (int i = 0; i < 100; i++) {
			this.files.get(() -> {
				CompletableFuture<Void> next = file.sync();
				this.files.files.cancel(token.get());
				return next;
			});
		}
	}

	@Test
	void fileOfCancelledOpeningShouldBeClosed() throws IOException {
		Files.writeString(path("file"), "text");
		for (int i = 0; i < 50; i++) {
			CompletableFuture<CompletableFuture<AsyncFile>> begun = this.files
				.begun(() -> CompletableFuture.completedFuture(this.files.files.open(path("file"))));
			CompletableFuture<AsyncFile> opening = get(begun);
			if (!opening.cancel(true)) {
				this.files.get(() -> opening.thenCompose(AsyncFile::close));
			}
			Awaitility.await().until(() -> inFlight() == 0);
		}
		assertThat(openFiles()).isEmpty();
	}

	@Test
	void stoppedLoopShouldFinishWhatIsInFlight() throws IOException {
		AsyncFile file = open("file", READ_WRITE);
		List<Integer> written = new ArrayList<>();
		FileHandler writer = new FileHandler() {

			@Override
			public void completed(FileOperation operation) {
				written.add(operation.result());
				if (written.size() < 20) {
					operation.file().writeFully(operation.buffer().clear(), 4L * written.size(), this);
				}
			}

		};
		this.files.loop.execute(() -> {
			file.writeFully(direct("text"), 0, writer);
			this.files.loop.stop();
		});
		Awaitility.await().until(() -> this.files.loop.thread() == null);
		assertThat(written).hasSize(20);
		assertThat(path("file")).hasContent("text".repeat(20));
	}

	@Test
	void closedLoopShouldLeaveNothingOpen() throws IOException {
		Files.write(path("file"), new byte[1 << 20]);
		open("file");
		AsyncFile file = open("file");
		List<CompletableFuture<?>> begun = new ArrayList<>();
		this.files.run(() -> {
			for (int i = 0; i < CAPACITY - 2; i++) {
				begun.add(file.readFully(ByteBuffer.allocateDirect(1 << 20), 0));
			}
			begun.add(this.files.files.open(path("file")));
			begun.add(file.close());
			this.files.loop.close();
		});
		this.files.close();
		assertThat(openFiles()).isEmpty();
		assertThat(begun).allSatisfy((future) -> assertThat(future).isDone());
		assertThat(begun).anySatisfy((future) -> assertThat(future).isCompletedExceptionally());
		assertThatIllegalStateException().isThrownBy(() -> AsyncFiles.builder(this.files.loop).build());
	}

	@Test
	void filesOfALoopThatNobodyRunsShouldBeClosedAtOnce() throws IOException {
		open("file", READ_WRITE);
		this.files.thread.stop().join();
		this.files.files.close();
		assertThat(openFiles()).isEmpty();
		MainLoop loop = this.files.loop;
		try (AsyncFiles again = AsyncFiles.builder(loop).capacity(2).build()) {
			assertThat(loop.sources()).extracting(Object::toString).containsOnlyOnce("file operations");
			assertThat(again.capacity()).isEqualTo(2);
		}
	}

	@Test
	void wholeFileShouldBeRead() throws IOException {
		byte[] bytes = new byte[100_000];
		bytes[99_999] = 42;
		Files.write(path("file"), bytes);
		assertThat(this.files.get(() -> this.files.files.readAllBytes(path("file"), 100_000))).isEqualTo(bytes);
		assertThat(
				new String(this.files.get(() -> this.files.files.readAllBytes(Path.of("/proc/self/status"), 100_000)),
						StandardCharsets.UTF_8))
			.contains("Name:");
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> this.files.get(() -> this.files.files.readAllBytes(path("file"), 99_999)))
			.withMessageContaining("has more than 99999 bytes");
		assertThat(openFiles()).isEmpty();
	}

	@Test
	void linesShouldBeReadToTheEnd() throws IOException {
		List<String> lines = IntStream.range(0, 20_000).mapToObj((i) -> "line " + i).toList();
		Files.writeString(path("file"), String.join("\r\n", lines));
		AsyncFile file = open("file");
		List<String> read = new ArrayList<>();
		this.files.get(() -> file.frames(Framing.lines(100), 0, read::add));
		assertThat(read).isEqualTo(lines);
		read.clear();
		this.files.get(() -> file.frames(Framing.lines(100), 8, read::add));
		assertThat(read).hasSize(19_999).startsWith("line 1");
	}

	@Test
	void linesShouldEndWithWhatIsThrown() throws IOException {
		Files.writeString(path("file"), "short\nmuch too long\n");
		AsyncFile file = open("file");
		List<String> read = new ArrayList<>();
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> this.files.get(() -> file.frames(Framing.lines(8), 0, read::add)))
			.withCauseInstanceOf(FrameException.class);
		assertThat(read).containsExactly("short");
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> this.files.get(() -> file.frames(Framing.lines(20), 0, (line) -> {
				throw new IllegalStateException("expected");
			})))
			.withCauseInstanceOf(IllegalStateException.class);
		read.clear();
		this.files.run(() -> {
			CompletableFuture<Void> cancelled = file.frames(Framing.lines(20), 0, read::add);
			cancelled.cancel(true);
		});
		this.files.get(file::close);
		assertThat(read).isEmpty();
	}

	@Test
	void wholeFileShouldBeWrittenAndReplaced() throws IOException {
		this.files.get(() -> this.files.files.write(path("file"), bytes("long text"), 0600));
		this.files.get(() -> this.files.files.write(path("file"), bytes("text"), 0600));
		assertThat(path("file")).hasContent("text");
		this.files.get(() -> this.files.files.replace(path("file"), bytes("other"), 0640));
		assertThat(path("file")).hasContent("other");
		Files.createDirectory(path("directory"));
		Files.createFile(path("directory/file"));
		assertThat(failure(() -> this.files.files.replace(path("directory"), bytes("other"), 0600)).call())
			.isEqualTo("rename");
		assertThat(failure(() -> this.files.files.replace(path("missing/file"), bytes("other"), 0600)).is(Errno.ENOENT))
			.isTrue();
		assertThat(this.directory.toFile().list()).containsExactlyInAnyOrder("file", "directory");
		assertThat(openFiles()).isEmpty();
	}

	@Test
	void manyOperationsShouldLeaveNothingBehind() throws IOException {
		Files.write(path("file"), new byte[8192]);
		AsyncFile file = open("file");
		repeat(file, 100);
		long buffers = directBuffers();
		repeat(file, REPETITIONS);
		assertThat(directBuffers()).isLessThanOrEqualTo(buffers + CAPACITY);
		this.files.get(file::close);
		assertThat(openFiles()).isEmpty();
	}

	/** Reads, fails to write, to open and to stat, and opens and closes. */
	private void repeat(AsyncFile file, int times) {
		ByteBuffer direct = ByteBuffer.allocateDirect(4096);
		ByteBuffer heap = ByteBuffer.allocate(4096);
		CompletableFuture<Integer> done = new CompletableFuture<>();
		FileHandler repetition = new FileHandler() {

			private int count;

			@Override
			public void completed(FileOperation operation) {
				this.count++;
				operation.failure();
				if (this.count == 6 * times) {
					done.complete(this.count);
					return;
				}
				switch (this.count % 6) {
					case 0 -> file.read(direct.clear(), 4096, this);
					case 1 -> file.read(heap.clear(), 0, this);
					case 2 -> file.write(direct.clear(), 0, this);
					case 3 -> AsyncFilesContractTests.this.files.files.open(path("missing/file"), 0, this);
					case 4 -> AsyncFilesContractTests.this.files.files.open(path("file"), 0, this);
					default -> operation.file().close(this);
				}
			}

		};
		this.files.run(() -> file.status(repetition));
		assertThat(get(done)).isEqualTo(6 * times);
	}

	private static long directBuffers() {
		return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
			.stream()
			.filter((pool) -> "direct".equals(pool.getName()))
			.mapToLong(BufferPoolMXBean::getCount)
			.sum();
	}

	private int inFlight() {
		return this.files.get(() -> CompletableFuture.completedFuture(this.files.files.inFlight()));
	}

	private AsyncFile open(String name, OpenOption... options) {
		return this.files.get(() -> this.files.files.open(path(name), options));
	}

	private ErrnoException failure(Supplier<? extends CompletableFuture<?>> begin) {
		AtomicReference<Throwable> failure = new AtomicReference<>();
		this.files.get(() -> begin.get().handle((result, thrown) -> {
			failure.set((thrown instanceof CompletionException) ? thrown.getCause() : thrown);
			return null;
		}));
		assertThat(failure.get()).isInstanceOf(ErrnoException.class);
		return (ErrnoException) failure.get();
	}

	/** Returns what this process has open in the directory of the test. */
	private List<String> openFiles() {
		return ProcessFiles.open()
			.values()
			.stream()
			.filter((file) -> file.startsWith(this.directory.toString()))
			.toList();
	}

	private Path path(String name) {
		return this.directory.resolve(name);
	}

	private static <T> T get(CompletableFuture<T> future) {
		return future.orTimeout(FileLoop.TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
	}

	private static ByteBuffer direct(String text) {
		byte[] bytes = bytes(text);
		return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
