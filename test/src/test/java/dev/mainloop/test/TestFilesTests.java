package dev.mainloop.test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

import dev.mainloop.MainLoop;
import dev.mainloop.file.AsyncFile;
import dev.mainloop.file.AsyncFiles;
import dev.mainloop.file.FileOperation;
import dev.mainloop.file.FileOperation.Type;
import dev.mainloop.file.FileStatus;
import dev.mainloop.file.OpenFlag;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests the files of a {@link TestMainLoop}.
 */
@SpringJUnitConfig
@AutoConfigureTestMainLoop
class TestFilesTests {

	private static final byte[] TEXT = "some text".getBytes(StandardCharsets.UTF_8);

	private static final OpenOption[] NEW_TO_READ_AND_WRITE = { StandardOpenOption.READ, StandardOpenOption.WRITE,
			StandardOpenOption.CREATE_NEW };

	@Autowired
	private TestMainLoop testLoop;

	@Autowired
	private MainLoop loop;

	@Autowired
	private AsyncFiles files;

	@TempDir
	private Path directory;

	@Test
	void operationsShouldCompleteInTheOrderInWhichTheyAreBegun() throws Exception {
		Path file = Files.writeString(this.directory.resolve("file"), "x");
		List<String> completed = new ArrayList<>();
		Thread thread = Thread.currentThread();
		this.loop.execute(() -> {
			for (int i = 0; i < 3; i++) {
				String name = "status " + i;
				this.files.status(file, (operation) -> {
					assertThat(Thread.currentThread()).isSameAs(thread);
					completed.add(name + " of " + operation.status().size());
				});
			}
			this.files.unlink(file, (operation) -> completed.add("unlink " + operation.result()));
			completed.add("begun");
		});
		this.testLoop.runUntilIdle();
		assertThat(completed).containsExactly("begun", "status 0 of 1", "status 1 of 1", "status 2 of 1", "unlink 0");
		assertThat(file).doesNotExist();
	}

	@Test
	void wholeFilesShouldBeWrittenAndRead() {
		Path file = this.directory.resolve("file");
		run(() -> this.files.replace(file, TEXT, 0600));
		assertThat(run(() -> this.files.readAllBytes(file, 100))).isEqualTo(TEXT);
		run(() -> this.files.write(file, new byte[0], 0600));
		assertThat(file).isEmptyFile();
		assertThat(this.directory).isDirectoryContaining(file::equals);
		assertThat(this.directory.toFile().list()).hasSize(1);
	}

	@Test
	void openFileShouldBeReadAndWrittenAtPositions() {
		AsyncFile file = run(() -> this.files.open(this.directory.resolve("file"), 0640, NEW_TO_READ_AND_WRITE));
		assertThat(run(() -> file.writeFully(ByteBuffer.wrap(TEXT), 3))).isEqualTo(TEXT.length);
		ByteBuffer read = ByteBuffer.allocate(4);
		assertThat(run(() -> file.readFully(read, 3 + TEXT.length - 4))).isEqualTo(4);
		assertThat(read.array()).isEqualTo("text".getBytes(StandardCharsets.UTF_8));
		assertThat(run(() -> file.read(read.clear(), 100))).isEqualTo(FileOperation.END_OF_FILE);
		run(() -> file.truncate(5));
		run(file::sync);
		FileStatus status = run(file::status);
		assertThat(status.size()).isEqualTo(5);
		assertThat(status.isRegularFile()).isTrue();
		run(() -> file.truncate(6));
		assertThat(run(file::status).size()).isEqualTo(6);
		run(file::close);
	}

	@Test
	void fileShouldBeAppendedTo() throws Exception {
		Path path = Files.write(this.directory.resolve("file"), TEXT);
		AsyncFile file = run(() -> this.files.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE,
				StandardOpenOption.APPEND));
		run(() -> file.writeFully(ByteBuffer.wrap(TEXT), 0));
		run(file::close);
		assertThat(path).hasSize(2 * TEXT.length);
	}

	@Test
	void errorsShouldBeThoseOfTheKernel() throws Exception {
		Path path = Files.write(this.directory.resolve("file"), TEXT);
		assertFails(() -> this.files.open(this.directory.resolve("none")), Errno.ENOENT);
		assertFails(() -> this.files.open(path, NEW_TO_READ_AND_WRITE), Errno.EEXIST);
		assertFails(() -> this.files.open(this.directory, StandardOpenOption.WRITE), Errno.EISDIR);
		assertFails(() -> this.files.open(path, OpenFlag.DIRECTORY), Errno.ENOTDIR);
		assertFails(() -> this.files.unlink(this.directory), Errno.EISDIR);
		assertFails(() -> this.files.rename(this.directory.resolve("none"), path), Errno.ENOENT);
		AsyncFile file = run(() -> this.files.open(path));
		assertFails(() -> file.write(ByteBuffer.allocate(1), 0), Errno.EBADF);
		run(file::close);
	}

	@Test
	void operationShouldFailAsTheTestSays() {
		Path file = this.directory.resolve("file");
		this.testLoop.failNext(Type.SYNC, Errno.ENOSPC);
		assertFails(() -> this.files.replace(file, TEXT, 0600), Errno.ENOSPC);
		assertThat(this.directory).isEmptyDirectory();
		run(() -> this.files.replace(file, TEXT, 0600));
		assertThat(file).hasBinaryContent(TEXT);
	}

	private void assertFails(Supplier<CompletableFuture<?>> begin, Errno errno) {
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> run(begin::get))
			.havingCause()
			.isInstanceOfSatisfying(ErrnoException.class,
					(failure) -> assertThat(Errno.name(failure.errno())).isEqualTo(errno.name()));
	}

	/** Begins something on the loop, and returns what has come of it. */
	private <T> T run(Supplier<? extends CompletableFuture<? extends T>> begin) {
		List<CompletableFuture<T>> begun = new ArrayList<>();
		this.loop.execute(() -> begun.add(begin.get().thenApply((value) -> value)));
		this.testLoop.runUntilIdle();
		assertThat(begun).singleElement().matches(CompletableFuture::isDone);
		return begun.get(0).join();
	}

}
