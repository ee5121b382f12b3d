package dev.mainloop.pulse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import com.sun.security.auth.module.UnixSystem;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link PrivateDirectory}.
 */
@LinuxTest
class PrivateDirectoryTests {

	@TempDir
	private Path folder;

	@Test
	void missingDirectoryShouldBeMadeForTheUserAlone() throws IOException {
		Path directory = this.folder.resolve("more/private");
		assertThat(PrivateDirectory.of(directory.resolve("file"))).isEqualTo(directory);
		assertThat(Files.getPosixFilePermissions(directory)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
		assertThat(PrivateDirectory.of(directory.resolve("file"))).isEqualTo(directory);
	}

	@ParameterizedTest
	@ValueSource(strings = { "rwxr-xr-x", "rwx-w----", "rwx-----x" })
	void directoryThatIsOpenToOthersShouldBeRefused(String permissions) throws IOException {
		Path directory = Files.createDirectory(this.folder.resolve("open"));
		Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
		assertRefused(directory, "The directory " + directory + " is open to others");
	}

	@Test
	void linkShouldBeRefused() throws IOException {
		Path target = Files.createTempDirectory(this.folder, "target");
		Path link = Files.createSymbolicLink(this.folder.resolve("link"), target);
		assertRefused(link, link + " is no directory");
	}

	@Test
	void fileShouldBeRefused() throws IOException {
		Path file = Files.createFile(this.folder.resolve("file"));
		assertRefused(file, file + " is no directory");
	}

	@Test
	void directoryOfSomebodyElseShouldBeRefused() throws IOException {
		assertRefused(ofSomebodyElse(this.folder), " belongs to ");
	}

	/** Makes one, as root, or tells one that belongs to root. */
	static Path ofSomebodyElse(Path folder) throws IOException {
		if (new UnixSystem().getUid() != 0) {
			return Path.of("/");
		}
		Path directory = Files.createTempDirectory(folder, "others");
		Files.setAttribute(directory, "unix:uid", 65534);
		return directory;
	}

	private static void assertRefused(Path directory, String why) {
		assertThatIOException().isThrownBy(() -> PrivateDirectory.of(directory.resolve("some")))
			.withMessageContaining(why);
	}

}
