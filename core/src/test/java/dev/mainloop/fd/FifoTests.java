package dev.mainloop.fd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@LinuxTest
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
