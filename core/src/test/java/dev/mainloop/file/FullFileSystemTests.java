package dev.mainloop.file;

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
 * A file system without room for more, which is mounted for a process of its own.
 */
@LinuxTest
class FullFileSystemTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource(value = FileIo.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
	void fullFileSystemShouldBeToldWithWhatWasWritten(FileIo fileIo) throws Exception {
		FileLoop.assume(fileIo);
		String mount = "mount -t tmpfs -o size=64k tmpfs '%s'".formatted(this.directory);
		Process probe = new ProcessBuilder("unshare", "-m", "sh", "-c", mount).redirectErrorStream(true).start();
		String refusal = new String(probe.getInputStream().readAllBytes());
		Assumptions.assumeThat(probe.waitFor()).as("a file system can be mounted: %s", refusal).isZero();
		List<String> launcher = List.of("unshare", "-m", "sh", "-c", mount + " && exec \"$0\" \"$@\"");
		try (JavaProgram program = JavaProgram.start(launcher, List.of(), FullFileSystemProgram.class, fileIo.name(),
				this.directory.toString())) {
			assertThat(program.readLine()).isEqualTo("ENOSPC after true");
			assertThat(program.readLine()).isEqualTo("1024");
			assertThat(program.exitCode()).isZero();
		}
	}

}
