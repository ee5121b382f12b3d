package dev.mainloop.watch;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

import dev.mainloop.MainLoop;
import dev.mainloop.kernel.ManualClocks;
import dev.mainloop.testing.LinuxTest;
import dev.mainloop.watch.FileChange.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FileWatcher} with directories.
 */
@LinuxTest
@Timeout(value = 300, threadMode = ThreadMode.SEPARATE_THREAD)
@ExtendWith(OutputCaptureExtension.class)
class TreeWatcherTests {

	@TempDir
	private Path directory;

	private WatchedFiles files;

	@BeforeEach
	void open() {
		this.files = new WatchedFiles(this.directory);
	}

	@AfterEach
	void close() {
		this.files.close();
	}

	@Test
	void directoryShouldTellOfWhatIsDirectlyInIt() throws IOException {
		this.files.directory("d/old");
		this.files.watch("d", WatchScope.DIRECTORY, Kind.CREATED, Kind.WRITTEN, Kind.MOVED_IN, Kind.DELETED,
				Kind.ATTRIBUTES);
		this.files.write("d/old/deep", "text");
		this.files.write("d/file", "text");
		this.files.directory("d/new/deep");
		Files.createSymbolicLink(this.files.path("d/link"), Path.of("nowhere"));
		assertTold("CREATED d/file", "WRITTEN d/file", "CREATED d/new", "CREATED d/link");
		this.files.shell("mv d/file d/moved && rm d/link && rm -r d/old && chmod 600 d/moved");
		assertTold("DELETED d/file", "MOVED_IN d/moved", "DELETED d/link", "DELETED d/old", "ATTRIBUTES d/moved");
	}

	@Test
	void directoryThatIsMadeAgainShouldBeWatchedAgain() {
		this.files.watch("d", WatchScope.DIRECTORY, Kind.CREATED, Kind.WRITTEN, Kind.DELETED);
		assertTold();
		for (int i = 0; i < 3; i++) {
			this.files.shell("mkdir d");
			assertTold("CREATED d");
			this.files.shell("echo 1 > d/file");
			assertTold("CREATED d/file", "WRITTEN d/file");
			this.files.shell("rm -r d");
			assertTold("DELETED d/file", "DELETED d");
			this.files.shell("mkdir d; echo 1 > d/file; rm -r d; mkdir d; echo 1 > d/last");
			this.files.runUntilIdle();
			assertThat(this.files.take()).contains("CREATED d/last", "WRITTEN d/last");
			this.files.shell("rm -r d");
			assertTold("DELETED d/last", "DELETED d");
		}
	}

	@Test
	void treeShouldFollowNewDirectories() {
		this.files.directory("t");
		this.files.watch("t", WatchScope.TREE, Kind.WRITTEN, Kind.DELETED);
		this.files.shell("mkdir t/a");
		this.files.runUntilIdle();
		this.files.shell("mkdir t/a/b && echo 1 > t/a/b/file");
		this.files.runUntilIdle();
		assertThat(this.files.take()).isNotEmpty().containsOnly("WRITTEN t/a/b/file");
		this.files.shell("echo 1 > t/a/b/file && rm -r t/a");
		assertTold("WRITTEN t/a/b/file", "DELETED t/a/b/file", "DELETED t/a/b", "DELETED t/a");
	}

	@Test
	void noFinalStateShouldBeMissedInDirectoriesThatAreMadeQuickly() throws Exception {
		this.files.directory("t");
		this.files.watch("t", WatchScope.TREE, Kind.WRITTEN, Kind.DELETED);
		Process process = new ProcessBuilder("sh", "-c",
				"for i in $(seq 500); do mkdir -p $i/b/c && touch $i/b/c/f; "
						+ "[ $((i % 5)) = 0 ] && rm -r $i; done; exit 0")
			.directory(this.files.path("t").toFile())
			.inheritIO()
			.start();
		while (process.isAlive()) {
			this.files.loop().runOnce(Duration.ofMillis(1));
		}
		this.files.runUntilIdle();
		assertFinalStatesWereTold("t");
	}

	/** {@code benchmarks/run file-changes-10k} has the same for ten times as many. */
	@Test
	void finalStateOfEachFileInManyDirectoriesShouldBeTold() throws IOException {
		int directories = 1000;
		for (int i = 0; i < directories; i++) {
			this.files.directory("t/" + i % 10 + "/" + i);
		}
		this.files.watch("t", WatchScope.TREE, Kind.WRITTEN, Kind.DELETED);
		for (int i = 0; i < 5 * directories; i++) {
			int directory = i * 7919 % directories;
			Path file = this.files.path("t/" + directory % 10 + "/" + directory + "/" + i);
			Files.createFile(file);
			if (i % 5 == 0) {
				Files.delete(file);
			}
			if (i % 100 == 0) {
				this.files.loop().runOnce();
			}
		}
		this.files.runUntilIdle();
		assertFinalStatesWereTold("t");
	}

	@Test
	void treeShouldFollowDirectoriesThatAreMoved() {
		this.files.shell("mkdir -p t/a/b outside/x/y && echo 1 > t/a/b/file && echo 1 > outside/x/y/file");
		this.files.watch("t", WatchScope.TREE, Kind.WRITTEN, Kind.MOVED_IN, Kind.DELETED);
		this.files.shell("mv t/a t/c");
		assertTold("DELETED t/a/b/file", "DELETED t/a/b", "DELETED t/a", "MOVED_IN t/c", "MOVED_IN t/c/b",
				"MOVED_IN t/c/b/file");
		this.files.shell("echo 1 > t/c/b/file");
		assertTold("WRITTEN t/c/b/file");
		this.files.shell("mv t/c outside/c && echo 1 > outside/c/b/file");
		assertTold("DELETED t/c/b/file", "DELETED t/c/b", "DELETED t/c");
		this.files.shell("mv outside/x t/x && echo 1 > t/x/y/file");
		this.files.runUntilIdle();
		assertThat(this.files.take()).contains("MOVED_IN t/x", "MOVED_IN t/x/y", "MOVED_IN t/x/y/file");
		this.files.shell("mkdir t/e && mv -T t/x t/e && mv t/e t/f && mv t/f t/g && echo 1 > t/g/y/file");
		this.files.runUntilIdle();
		this.files.take();
		this.files.shell("echo 1 > t/g/y/file");
		assertTold("WRITTEN t/g/y/file");
	}

	@Test
	void symbolicLinksInATreeShouldNotBeFollowed() {
		this.files.shell("mkdir -p t/a outside && ln -s .. t/a/loop && ln -s ../outside t/link");
		this.files.watch("t", WatchScope.TREE, Kind.CREATED, Kind.WRITTEN);
		this.files.shell("echo 1 > outside/file && ln -s a t/another && echo 1 > t/a/file");
		assertTold("CREATED t/another", "CREATED t/a/file", "WRITTEN t/a/file");
	}

	@Test
	void treeBehindASymbolicLinkShouldBeComparedWhenThatIsSwapped() {
		this.files.shell("mkdir -p 1/a 2/a 2/b && echo 1 > 1/a/file && ln 1/a/file 2/a/same && echo 1 > 1/gone && "
				+ "echo 2 > 2/a/file && echo 2 > 2/b/file && ln -s 1 t");
		this.files.watch("t", WatchScope.TREE, Kind.MOVED_IN, Kind.DELETED, Kind.WRITTEN);
		this.files.shell("ln -s 2 new && mv -T new t");
		this.files.runUntilIdle();
		assertThat(this.files.take()).contains("MOVED_IN t", "MOVED_IN t/a/file", "MOVED_IN t/a/same", "MOVED_IN t/b",
				"MOVED_IN t/b/file", "DELETED t/gone");
		this.files.shell("echo 2 > 2/a/file && echo 1 > 1/a/file");
		assertTold("WRITTEN t/a/file");
	}

	@Test
	void overflowOfTheKernelsQueueShouldLoseNoFinalState(CapturedOutput output) throws IOException {
		this.files
			.shell("mkdir -p t/gone t/kept && for i in $(seq 50); do echo 1 > t/gone/$i; echo 1 > t/kept/$i; done; "
					+ "echo 1 > t/untouched; touch -d '1 hour ago' t/untouched; echo 1 > t/last");
		this.files.watch("t", WatchScope.TREE, Kind.CREATED, Kind.WRITTEN, Kind.DELETED, Kind.ATTRIBUTES);
		this.files.runUntilIdle();
		int limit = maxQueuedEvents();
		Path one = this.files.path("t/kept/1");
		Path two = this.files.path("t/kept/2");
		for (int i = 0; i <= limit / 2; i++) {
			writeNothing(one);
			writeNothing(two);
		}
		this.files.shell("rm -r t/gone; mkdir t/new; echo 1 > t/new/file; echo 2 > t/last; chmod 600 t/kept/3");
		this.files.runUntilIdle();
		assertThat(this.files.take())
			.contains("DELETED t/gone/7", "DELETED t/gone", "CREATED t/new", "CREATED t/new/file", "WRITTEN t/new/file",
					"WRITTEN t/last")
			.containsAnyOf("ATTRIBUTES t/kept/3", "WRITTEN t/kept/3")
			.doesNotContain("WRITTEN t/untouched");
		assertThat(output).containsOnlyOnce("and the kernel has dropped some").contains("fs.inotify.max_queued_events");
		this.files.shell("echo 2 > t/new/file");
		assertTold("WRITTEN t/new/file");
	}

	@Test
	void overflowShouldLoseNoFinalStateOfAFile() throws IOException {
		Path file = this.files.write("file", "text");
		this.files.watch("file", WatchScope.FILE, Kind.WRITTEN, Kind.DELETED);
		this.files.runUntilIdle();
		int limit = maxQueuedEvents();
		for (int i = 0; i <= limit; i++) {
			writeNothing(file);
		}
		Files.delete(file);
		this.files.runUntilIdle();
		assertThat(this.files.take()).endsWith("DELETED file");
	}

	@Test
	void burstShouldBeToldOnceItHasSettled() {
		this.files.close();
		ManualClocks clocks = new ManualClocks(Instant.EPOCH);
		this.files = new WatchedFiles(this.directory, MainLoop.builder().clock(clocks));
		this.files.directory("d");
		this.files.write("d/old", "text");
		this.files.watch("d", WatchScope.DIRECTORY, (builder) -> builder.settle(Duration.ofSeconds(1)));
		for (int i = 0; i < 10; i++) {
			this.files.write("d/file", "text");
			this.files.runUntilIdle();
			clocks.advance(Duration.ofMillis(900));
			assertTold();
		}
		this.files.shell("echo 1 > d/file && echo 1 > d/4913 && rm d/4913 && mv d/file d/renamed && rm d/old");
		assertTold();
		clocks.advance(Duration.ofSeconds(1));
		this.files.runUntilIdle();
		assertThat(this.files.take()).containsExactlyInAnyOrder("MOVED_IN d/renamed", "DELETED d/old");
		clocks.advance(Duration.ofSeconds(10));
		assertTold();
	}

	/** What a file has is written back to the disk when it is replaced by less. */
	private static void writeNothing(Path file) throws IOException {
		new FileOutputStream(file.toFile(), true).close();
	}

	private static int maxQueuedEvents() throws IOException {
		return Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/fs/inotify/max_queued_events")).get(0));
	}

	private void assertFinalStatesWereTold(String path) throws IOException {
		Set<String> expected = new HashSet<>();
		Path root = this.files.path(path);
		try (Stream<Path> all = Files.walk(root)) {
			all.filter(Files::isRegularFile)
				.forEach((file) -> expected.add("WRITTEN " + this.directory.relativize(file)));
		}
		Set<String> last = new HashSet<>();
		for (String change : this.files.take()) {
			String name = change.substring(change.indexOf(' ') + 1);
			last.remove("WRITTEN " + name);
			last.remove("DELETED " + name);
			last.add(change);
		}
		assertThat(last).containsAll(expected);
		assertThat(last.stream().filter((change) -> change.startsWith("WRITTEN"))).hasSize(expected.size());
	}

	private void assertTold(String... expected) {
		this.files.runUntilIdle();
		assertThat(this.files.take()).containsExactlyInAnyOrder(expected);
	}

}
