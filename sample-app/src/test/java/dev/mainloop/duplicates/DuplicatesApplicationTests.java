package dev.mainloop.duplicates;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.sun.security.auth.module.UnixSystem;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests the command in a process of its own, with real files.
 */
@LinuxTest
class DuplicatesApplicationTests {

	private static final int SIZES = 40;

	private static final Duration READING = Duration.ofMinutes(2);

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(ints = { 1, 4 })
	void equalFilesShouldBeFoundWhicheverLoopComparesThem(int loops) throws Exception {
		Path sub = Files.createDirectory(this.directory.resolve("sub"));
		for (int size = 1; size <= SIZES; size++) {
			Files.writeString(this.directory.resolve("a" + size), "=".repeat(size));
			Files.writeString(this.directory.resolve("b" + size), "#".repeat(size));
			Files.writeString(sub.resolve("c" + size), "=".repeat(size));
		}
		List<String> lines = run("--mainloop.loops.workers.count=" + loops, this.directory.toString());
		List<String> expected = IntStream.iterate(SIZES, (size) -> size > 0, (size) -> size - 1)
			.boxed()
			.flatMap((size) -> Stream.of("2 files of %d bytes are equal:".formatted(size),
					"  " + this.directory.resolve("a" + size), "  " + sub.resolve("c" + size)))
			.toList();
		assertThat(lines.subList(0, 3 * SIZES)).isEqualTo(expected);
		assertThat(lines.subList(3 * SIZES, lines.size() - 1)).hasSize(loops)
			.allMatch((line) -> line.matches("workers(-\\d)?: [1-9]\\d* files, of which [1-9]\\d* bytes were read"));
		assertThat(lines).last().isEqualTo("120 files, 40 duplicates with 820 bytes, 0 could not be read");
	}

	@Test
	void onlyWhatTakesRoomTwiceShouldBeADuplicate() throws Exception {
		Path file = Files.writeString(this.directory.resolve("file"), "some");
		Files.createLink(this.directory.resolve("hard-link"), file);
		Files.createSymbolicLink(this.directory.resolve("symbolic-link"), file);
		Files.createFile(this.directory.resolve("empty"));
		Files.createFile(this.directory.resolve("empty-too"));
		Path link = Files.createSymbolicLink(this.directory.resolveSibling(this.directory.getFileName() + "-link"),
				this.directory);
		try {
			assertThat(run(link.toString())).last()
				.isEqualTo("1 files, 0 duplicates with 0 bytes, 0 could not be read");
		}
		finally {
			Files.delete(link);
		}
	}

	@Test
	void whatCannotBeReadShouldBeNamedAndTheRestCompared() throws Exception {
		Path locked = this.directory.resolve("a\nlocked");
		for (Path file : List.of(locked, this.directory.resolve("b"), this.directory.resolve("c"))) {
			Files.writeString(file, "some");
		}
		Path closed = Files.createDirectory(this.directory.resolve("closed"));
		for (Path path : List.of(locked, closed)) {
			Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
		}
		assertThat(run(this.directory.toString()))
			.startsWith("2 files of 4 bytes are equal:", "  " + this.directory.resolve("b"),
					"  " + this.directory.resolve("c"))
			.anyMatch((line) -> line.startsWith("Cannot read " + closed + ": java.nio.file.AccessDeniedException"))
			.anyMatch((line) -> line.startsWith("Cannot read " + this.directory + "/a\\u000alocked: java.nio"))
			.endsWith("3 files, 1 duplicates with 4 bytes, 2 could not be read");
	}

	@Test
	void emptyDirectoryShouldHaveNone() throws Exception {
		assertThat(run(this.directory.toString())).last()
			.isEqualTo("0 files, 0 duplicates with 0 bytes, 0 could not be read");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/nowhere", "/etc/passwd", "/usr /etc", "--workers=2" })
	void wrongArgumentsShouldBeToldFrom(String arguments) throws Exception {
		try (JavaProgram program = start(arguments.isEmpty() ? new String[0] : arguments.split(" "))) {
			assertThat(program.readLines()).singleElement()
				.asString()
				.startsWith("Name one directory, such as /usr/share");
			assertThat(program.exitCode()).isEqualTo(2);
		}
	}

	@Test
	void terminationShouldEndItWhileALargeFileIsRead() throws Exception {
		for (String name : List.of("a", "b")) {
			try (RandomAccessFile file = new RandomAccessFile(this.directory.resolve(name).toFile(), "rw")) {
				file.setLength(1L << 40); // a hole, which takes no room
			}
		}
		try (JavaProgram program = start(this.directory.toString())) {
			await().atMost(READING).until(() -> reads(program, this.directory));
			program.send("TERM");
			assertThat(program.exitCode()).isEqualTo(143);
		}
	}

	private static boolean reads(JavaProgram program, Path directory) throws Exception {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(program.pid()), "fd"))) {
			return descriptors.anyMatch((descriptor) -> {
				try {
					return Files.readSymbolicLink(descriptor).startsWith(directory);
				}
				catch (IOException ex) {
					return false; // it was closed meanwhile
				}
			});
		}
	}

	private static List<String> run(String... arguments) throws Exception {
		try (JavaProgram program = start(arguments)) {
			List<String> lines = program.readLines();
			assertThat(program.exitCode()).as(() -> String.join("\n", lines)).isZero();
			return lines;
		}
	}

	/** Starts it as one who cannot read what the permissions do not say. */
	private static JavaProgram start(String... arguments) {
		List<String> launcher = (new UnixSystem().getUid() == 0) ? List.of("setpriv",
				"--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search")
				: List.of();
		return JavaProgram.start(launcher, List.of(), DuplicatesApplication.class, arguments);
	}

}
