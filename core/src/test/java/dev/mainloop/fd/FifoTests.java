package dev.mainloop.fd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.mainloop.kernel.Capability;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class FifoTests {

	@TempDir
	private Path directory;

	@Test
	void openFifoShouldMakeFifoForOwnerAlone() throws Exception {
		Path path = this.directory.resolve("fifo");
		FileDescriptor.openFifo(path).close();
		assertThat(Files.readAttributes(path, "unix:mode").get("mode")).isEqualTo(0010600);
	}

	@Test
	void openFifoWhenItExistsShouldUseIt() {
		Path path = this.directory.resolve("fifo");
		try (FileDescriptor first = FileDescriptor.openFifo(path);
				FileDescriptor second = FileDescriptor.openFifo(path)) {
			first.write(ByteBuffer.wrap(new byte[] { 1, 2, 3 }));
			assertThat(second.read(ByteBuffer.allocate(8))).isEqualTo(3);
		}
	}

	@Test
	void openFifoWhenDirectoryIsMissingShouldThrow() {
		Path path = this.directory.resolve("missing/fifo");
		assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> FileDescriptor.openFifo(path))
			.withMessageStartingWith("mkfifo(" + path + "): ENOENT")
			.satisfies((ex) -> assertThat(ex.is(Errno.ENOENT)).isTrue());
	}

	@Test
	void openFifoWhenThereIsAnotherFileShouldSayWhatItIs() throws Exception {
		Path fifo = this.directory.resolve("real fifo");
		FileDescriptor.openFifo(fifo).close();
		Path file = Files.createFile(this.directory.resolve("file"));
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), fifo);
		Path broken = Files.createSymbolicLink(this.directory.resolve("broken"), this.directory.resolve("nowhere"));
		Map<Path, String> others = Map.of(file, "a regular file", link, "a symbolic link", broken, "a symbolic link",
				this.directory, "a directory", Path.of("/dev/null"), "a device");
		others.forEach((path, type) -> assertThatIllegalStateException().isThrownBy(() -> FileDescriptor.openFifo(path))
			.withMessage("'" + path + "' is " + type + " and not a FIFO: remove it, or choose another path for the "
					+ "FIFO"));
		assertThat(file).isEmptyFile();
		assertThat(broken.resolveSibling("nowhere")).doesNotExist();
		assertThat(ProcessFiles.open().values()).doesNotContain(file.toString(), fifo.toString());
	}

	@Test
	void openFifoWhenPathHasALineEndShouldEscapeIt(CapturedOutput output) throws Exception {
		Path file = Files.createFile(this.directory.resolve("a\nfile"));
		assertThatIllegalStateException().isThrownBy(() -> FileDescriptor.openFifo(file))
			.withMessageContaining("a\\u000afile' is a regular file");
		Path fifo = this.directory.resolve("a\nfifo");
		FileDescriptor.openFifo(fifo).close();
		Files.setPosixFilePermissions(fifo, PosixFilePermissions.fromString("rw--w----"));
		FileDescriptor.openFifo(fifo).close();
		assertThat(output).contains("a\\u000afifo' has the mode 0620");
	}

	@Test
	void openFifoWhenOthersMayWriteShouldWarn(CapturedOutput output) throws Exception {
		Path path = this.directory.resolve("fifo");
		FileDescriptor.openFifo(path).close();
		for (String mode : List.of("rw-r--r--", "rw-rw----", "rw--w--w-")) {
			Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
			FileDescriptor.openFifo(path).close();
		}
		assertThat(output).doesNotContain("0600", "0644", "belongs to")
			.contains("The FIFO '" + path + "' has the mode 0660, by which others than its owner can write to it")
			.contains("The FIFO '" + path + "' has the mode 0622");
	}

	@Test
	void openFifoWhenItIsOfAnotherUserShouldWarn(CapturedOutput output) throws Exception {
		Capability.CHOWN.assume();
		Path path = this.directory.resolve("fifo");
		FileDescriptor.openFifo(path).close();
		Files.setAttribute(path, "unix:uid", 65534);
		FileDescriptor.openFifo(path).close();
		assertThat(output).contains("The FIFO '" + path + "' belongs to the user 65534 and not to this process")
			.doesNotContain("has the mode");
	}

	@Test
	void isAtPathShouldTellOfRemovalAndReplacement() throws Exception {
		Path path = this.directory.resolve("fifo");
		try (FileDescriptor fifo = FileDescriptor.openFifo(path)) {
			assertThat(fifo.isAtPath()).isTrue();
			Path moved = Files.move(path, this.directory.resolve("moved"));
			assertThat(fifo.isAtPath()).isFalse();
			try (FileDescriptor other = FileDescriptor.openFifo(path)) {
				assertThat(fifo.isAtPath()).isFalse();
				assertThat(other.isAtPath()).isTrue();
			}
			Files.move(moved, path, StandardCopyOption.REPLACE_EXISTING);
			assertThat(fifo.isAtPath()).isTrue();
			Files.delete(path);
			assertThat(fifo.isAtPath()).isFalse();
			Files.createFile(path);
			assertThat(fifo.isAtPath()).isFalse();
		}
	}

	@Test
	void isAtPathWhenThereIsNoPathOrItIsClosedShouldThrow() {
		FileDescriptor fifo = FileDescriptor.openFifo(this.directory.resolve("fifo"));
		fifo.close();
		assertThatIllegalStateException().isThrownBy(fifo::isAtPath).withMessage(fifo + " is closed");
		try (EventFd eventFd = EventFd.open(0)) {
			assertThatIllegalStateException().isThrownBy(eventFd::isAtPath)
				.withMessage(eventFd + " was not opened by a path");
		}
	}

	@Test
	void readShouldTakeWhatProcessesWriteThatComeAndGo() throws Exception {
		Path path = this.directory.resolve("fifo");
		try (FileDescriptor fifo = FileDescriptor.openFifo(path)) {
			for (int i = 1; i <= 3; i++) {
				echo("command " + i, path);
				assertThat(read(fifo)).isEqualTo("command " + i + "\n");
				assertThat(fifo.read(ByteBuffer.allocate(8))).isZero();
			}
		}
	}

	private static void echo(String text, Path path) throws Exception {
		Process process = new ProcessBuilder("sh", "-c", "echo '" + text + "' > '" + path + "'").start();
		assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).isZero();
	}

	private static String read(FileDescriptor fd) {
		ByteBuffer buffer = ByteBuffer.allocateDirect(64);
		fd.read(buffer);
		return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
	}

}
