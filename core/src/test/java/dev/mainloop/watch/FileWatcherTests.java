package dev.mainloop.watch;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.LinuxTest;
import dev.mainloop.watch.FileChange.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link FileWatcher} with a single file.
 */
@LinuxTest
@EveryMultiplexer
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class FileWatcherTests {

	private static final Kind[] ALL = { Kind.CREATED, Kind.MODIFIED, Kind.WRITTEN, Kind.MOVED_IN, Kind.DELETED,
			Kind.ATTRIBUTES };

	private final WatchedFiles files;

	FileWatcherTests(MultiplexerKind multiplexer, @TempDir Path directory) {
		this.files = new WatchedFiles(directory, MainLoop.builder().multiplexer(multiplexer));
	}

	@AfterEach
	void close() {
		this.files.close();
	}

	@Test
	void eachKindShouldBeToldOnce() throws IOException {
		this.files.watch("file", WatchScope.FILE, ALL);
		Path file = this.files.path("file");
		this.files.write("file", "text");
		assertTold("CREATED file", "MODIFIED file", "WRITTEN file");
		try (OutputStream out = new FileOutputStream(file.toFile(), true)) {
			out.write('a');
			assertTold("MODIFIED file");
		}
		assertTold("WRITTEN file");
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
		assertTold("ATTRIBUTES file");
		Files.move(this.files.write("other", "other"), file, StandardCopyOption.ATOMIC_MOVE);
		assertTold("MOVED_IN file");
		this.files.write("file", "again");
		assertThat(this.files.told()).isEmpty();
		this.files.runUntilIdle();
		assertThat(this.files.take()).startsWith("MODIFIED file").endsWith("WRITTEN file");
		Files.delete(file);
		assertTold("DELETED file");
		Files.move(this.files.write("other", "other"), file);
		assertTold("MOVED_IN file");
		Files.move(file, this.files.path("other"));
		assertTold("DELETED file");
	}

	@Test
	void finishedChangesAloneShouldBeToldByDefault() throws IOException {
		Path file = this.files.write("file", "text");
		this.files.watch("file", WatchScope.FILE, (builder) -> {
		});
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
		this.files.write("other", "other");
		this.files.write("file", "text");
		assertTold("WRITTEN file");
		Files.delete(file);
		this.files.write("file", "text");
		assertTold("DELETED file", "WRITTEN file");
	}

	@Test
	void fileShouldBeToldWhenItsDirectoriesAreMadeLater() {
		this.files.watch("one/two/file", WatchScope.FILE, Kind.CREATED, Kind.WRITTEN, Kind.DELETED);
		this.files.shell("mkdir -p one/two && echo text > one/two/file");
		this.files.runUntilIdle();
		assertThat(this.files.take()).startsWith("CREATED one/two/file").endsWith("WRITTEN one/two/file");
		this.files.shell("rm -r one");
		assertTold("DELETED one/two/file");
		this.files.shell("mkdir one");
		this.files.runUntilIdle();
		this.files.shell("mkdir one/two");
		this.files.runUntilIdle();
		this.files.shell("echo text > one/two/file");
		assertTold("CREATED one/two/file", "WRITTEN one/two/file");
	}

	@Test
	void fileShouldComeAndGoWithItsDirectory() {
		this.files.shell("mkdir a b && echo a > a/file && echo b > b/file");
		this.files.watch("a/file", WatchScope.FILE, ALL);
		this.files.shell("mv a c");
		assertTold("DELETED a/file");
		this.files.shell("mv b a");
		assertTold("MOVED_IN a/file");
		this.files.shell("echo c > c/file");
		assertTold();
		this.files.shell("echo b > a/file");
		this.files.runUntilIdle();
		assertThat(this.files.take()).endsWith("WRITTEN a/file");
	}

	@Test
	void symbolicLinksShouldBeFollowedWhenTheyAreSwapped() {
		this.files.shell("mkdir 1 2 && echo 1 > 1/file && echo 2 > 2/file && ln -s 1 data && ln -s data/file link");
		this.files.watch("link", WatchScope.FILE, ALL);
		this.files.shell("ln -s 2 new && mv -T new data");
		assertTold("MOVED_IN link");
		this.files.shell("echo 1 > 1/file");
		assertTold();
		this.files.shell("chmod 600 2/file");
		assertTold("ATTRIBUTES link");
		this.files.shell("rm data");
		assertTold("DELETED link");
		this.files.shell("ln -s \"$PWD/1\" data");
		this.files.runUntilIdle();
		assertThat(this.files.take()).containsExactly("CREATED link", "WRITTEN link");
		this.files.shell("ln -sfn loop loop && ln -sfn loop data");
		assertTold("DELETED link");
		this.files.shell("ln -sfn ../$(basename \"$PWD\")/2 data");
		this.files.runUntilIdle();
		assertThat(this.files.take()).isNotEmpty().last().isIn("WRITTEN link", "MOVED_IN link");
	}

	@Test
	void fileShouldBeToldWhenItIsWrittenByAnotherOfItsNames() throws IOException {
		this.files.write("file", "text");
		this.files.directory("elsewhere");
		Files.createLink(this.files.path("elsewhere/name"), this.files.path("file"));
		this.files.watch("file", WatchScope.FILE, Kind.WRITTEN);
		this.files.write("elsewhere/name", "text 2");
		assertTold("WRITTEN file");
		this.files.write("file", "text 3");
		assertTold("WRITTEN file");
		this.files.write("elsewhere/name", "text 4");
		assertTold("WRITTEN file");
	}

	@Test
	void nameThatNoCharsetKnowsShouldBeTold() {
		this.files.shell("mkdir tree");
		this.files.watch("tree", WatchScope.TREE, Kind.WRITTEN, Kind.DELETED);
		this.files.shell("mkdir \"tree/$(printf '\\303\\344')\" && echo 1 > \"tree/$(printf '\\303\\344/\\377%%')\"");
		this.files.runUntilIdle();
		assertThat(this.files.take()).isNotEmpty().allMatch((change) -> change.startsWith("WRITTEN tree/"));
	}

	@Test
	void pathOfAnOddNameShouldLeadToTheFile() throws IOException {
		this.files.shell("mkdir tree");
		List<Path> found = new ArrayList<>();
		FileWatcher watcher = FileWatcher.builder(this.files.path("tree"))
			.scope(WatchScope.DIRECTORY)
			.open(this.files.loop(), "odd", (change, some) -> found.add(change.path()));
		this.files.shell("echo odd > \"tree/$(printf '\\377 %%41 \\303\\244')\"");
		this.files.runUntil(() -> !found.isEmpty());
		assertThat(Files.readString(found.get(0), StandardCharsets.US_ASCII)).isEqualTo("odd\n");
		watcher.close();
	}

	@Test
	void whatIsThereShouldBeToldFirstIfAsked() {
		this.files.write("file", "text");
		this.files.watch("file", WatchScope.FILE, (builder) -> builder.initial(true));
		this.files.write("file", "text");
		assertTold("FOUND file", "WRITTEN file");
	}

	@Test
	void pausedWatcherShouldTellWhenItIsResumed() {
		this.files.write("file", "text");
		FileWatcher watcher = this.files.watch("file", WatchScope.FILE, Kind.WRITTEN, Kind.DELETED);
		watcher.pause();
		for (int i = 0; i < 1000; i++) {
			this.files.write("file", "text");
			this.files.loop().runOnce();
		}
		assertTold();
		watcher.resume();
		this.files.runUntilIdle();
		assertThat(this.files.take()).hasSize(1000);
	}

	@Test
	void closedWatcherShouldTellNothing() {
		FileWatcher watcher = this.files.watch("file", WatchScope.FILE, Kind.WRITTEN);
		this.files.write("file", "text");
		watcher.close();
		watcher.close();
		this.files.write("file", "text");
		assertTold();
		assertThat(watcher.isOpen()).isFalse();
		assertThat(this.files.loop().sources()).isEmpty();
		assertThatIllegalStateException().isThrownBy(watcher::reopen).withMessage("The watcher 'files' is closed");
	}

	@Test
	void closedSourceShouldMissNothingUntilItIsReopened() {
		FileWatcher watcher = this.files.watch("file", WatchScope.FILE, Kind.WRITTEN, Kind.DELETED);
		this.files.runUntilIdle();
		watcher.source().close();
		this.files.write("file", "text");
		this.files.shell("rm file");
		assertTold();
		watcher.reopen();
		watcher.reopen();
		assertTold("WRITTEN file", "DELETED file");
	}

	@Test
	void failureOfTheHandlerShouldLoseNoOtherChange() {
		List<Throwable> errors = new ArrayList<>();
		List<FileChange> told = new ArrayList<>();
		try (MainLoop loop = MainLoop.builder().errorHandler((source, event, error) -> errors.add(error)).build();
				FileWatcher watcher = FileWatcher.builder(this.files.path("file"))
					.open(loop, "files", (change, some) -> {
						told.add(change);
						throw new IllegalStateException("test");
					})) {
			this.files.write("file", "1");
			this.files.shell("rm file");
			while (told.size() < 2) {
				loop.runOnce(Duration.ofMillis(50));
			}
			assertThat(told).extracting(FileChange::kind).containsExactly(Kind.WRITTEN, Kind.DELETED);
			assertThat(errors).hasSize(2);
			assertThat(watcher.events().statistics().events()).isEqualTo(2);
			assertThat(watcher.events().kind()).isEqualTo(EventSource.Kind.QUEUE);
		}
	}

	private void assertTold(String... expected) {
		this.files.runUntilIdle();
		assertThat(this.files.take()).containsExactly(expected);
	}

}
