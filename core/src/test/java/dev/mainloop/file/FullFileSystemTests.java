package dev.mainloop.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A file system without room for more: the shared memory of a container, or one that is
 * mounted for a process of its own.
 */
@LinuxTest
class FullFileSystemTests {

	/** Small in a container. */
	private static final Path SHARED_MEMORY = Path.of("/dev/shm");

	private static final long SMALL = 64 << 20;

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource(value = FileIo.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
	void fullFileSystemShouldBeToldWithWhatWasWritten(FileIo fileIo) throws Exception {
		FileLoop.assume(fileIo);
		boolean isSmall = Files.getFileStore(SHARED_MEMORY).getTotalSpace() <= SMALL;
		Path small = isSmall ? Files.createTempDirectory(SHARED_MEMORY, "full") : this.directory;
		try (JavaProgram program = JavaProgram.start(isSmall ? List.of() : mounting(), List.of(),
				FullFileSystemProgram.class, fileIo.name(), small.toString())) {
			assertThat(program.readLine()).isEqualTo("ENOSPC after true");
			assertThat(program.readLine()).isEqualTo("1024");
			assertThat(program.exitCode()).isZero();
		}
		finally {
			Files.deleteIfExists(small.resolve("file"));
			Files.deleteIfExists(small);
		}
	}

	/** Returns a launcher that mounts a small file system for the program alone. */
	private List<String> mounting() throws Exception {
		String mount = "mount -t tmpfs -o size=64k tmpfs '%s'".formatted(this.directory);
		Process probe = new ProcessBuilder("unshare", "-m", "sh", "-c", mount).redirectErrorStream(true).start();
		String refusal = new String(probe.getInputStream().readAllBytes());
		Assumptions.assumeThat(probe.waitFor()).as("a file system can be mounted: %s", refusal).isZero();
		return List.of("unshare", "-m", "sh", "-c", mount + " && exec \"$0\" \"$@\"");
	}

}
