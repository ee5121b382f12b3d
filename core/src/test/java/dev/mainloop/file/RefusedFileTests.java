package dev.mainloop.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import dev.mainloop.libc.LibC;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A file without permissions, and a process that lacks the capabilities of a superuser to
 * open it all the same.
 */
@LinuxTest
class RefusedFileTests {

	private static final List<String> WITHOUT_CAPABILITIES = List.of("setpriv", "--inh-caps=-all",
			"--bounding-set=-dac_override,-dac_read_search");

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource(value = FileIo.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
	void fileThatMayNotBeReadShouldBeRefusedByItsPath(FileIo fileIo) throws Exception {
		Path file = Files.createFile(this.directory.resolve("file"),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("---------")));
		try (JavaProgram program = JavaProgram.start(isRoot() ? WITHOUT_CAPABILITIES : List.of(), List.of(),
				RefusedFileProgram.class, fileIo.name(), file.toString())) {
			assertThat(program.readLine()).contains("ErrnoException: open(" + file + ", 0")
				.endsWith(": EACCES (Permission denied)");
			assertThat(program.exitCode()).isZero();
		}
	}

	private static boolean isRoot() {
		return LibC.effectiveUserId() == 0;
	}

}
