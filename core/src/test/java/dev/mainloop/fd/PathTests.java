package dev.mainloop.fd;

import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The paths of files, in whatever encoding they are.
 */
@LinuxTest
@Timeout(60)
class PathTests {

	/** Names in UTF-8, in Latin 1, and with characters that URIs and shells escape. */
	private static final String MAKE = """
			cd "$0" && printf utf8 > "$(printf 'gr\\303\\274n')" && printf latin1 > "$(printf 'gr\\374n')" \
			&& printf escaped > ' %41?#"' && mkdir "$(printf 'directory \\377')"
			""";

	@TempDir
	private Path directory;

	@ParameterizedTest
	@CsvSource({ "C, UTF-8", "C, ISO-8859-1", "POSIX, US-ASCII", "C.UTF-8, UTF-8", "C.UTF-8, ISO-8859-1" })
	void filesShouldBeFoundByTheBytesOfTheirNames(String locale, String encoding) throws Exception {
		assertThat(run("sh", "-c", MAKE, this.directory.toString())).isEmpty();
		try (JavaProgram program = JavaProgram.start(List.of("env", "-u", "LANG", "LC_ALL=" + locale),
				List.of("-Dfile.encoding=" + encoding), PathProgram.class, this.directory.toString())) {
			assertThat(program.readLines()).containsExactlyInAnyOrder("utf8", "latin1", "escaped", "at path true");
			assertThat(program.exitCode()).isZero();
		}
		assertThat(run("sh", "-c", "cd \"$0\"/dir* && ls -F", this.directory.toString())).isEqualTo("fifo|\n");
	}

	@Test
	void pathThatIsRelativeShouldBeThatOfTheProcess() {
		Path relative = Path.of("").toAbsolutePath().relativize(this.directory.resolve("fifo"));
		assertThat(relative.isAbsolute()).isFalse();
		try (FileDescriptor fifo = FileDescriptor.openFifo(relative)) {
			assertThat(fifo.isAtPath()).isTrue();
			assertThat(this.directory.resolve("fifo")).exists();
		}
	}

	@Test
	void openWhenPathIsADirectoryShouldOpenIt() {
		try (FileDescriptor root = FileDescriptor.open(Path.of("/"));
				FileDescriptor fd = FileDescriptor.open(this.directory)) {
			assertThat(root.isAtPath()).isTrue();
			assertThat(fd.isAtPath()).isTrue();
		}
	}

	@Test
	void openWhenPathIsOfAnotherFileSystemShouldThrow() throws Exception {
		Path zip = this.directory.resolve("files.zip");
		try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
			Path path = Files.writeString(files.getPath("/file"), "text");
			assertThatIllegalArgumentException().isThrownBy(() -> FileDescriptor.open(path))
				.withMessageStartingWith("'path' must be one of the default file system but is jar:");
			assertThatIllegalArgumentException().isThrownBy(() -> FileDescriptor.openFifo(path));
		}
	}

	private static String run(String... command) throws Exception {
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes());
		assertThat(process.waitFor()).as(output).isZero();
		return output;
	}

}
