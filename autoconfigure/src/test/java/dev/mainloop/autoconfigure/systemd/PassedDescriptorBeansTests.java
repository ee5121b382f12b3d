package dev.mainloop.autoconfigure.systemd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.NotifySocket;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The protocol of {@code sd_listen_fds(3)} with a service of its own process,
 * {@link ActivatedProgram}, to which a shell passes two FIFOs.
 */
@LinuxTest
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class PassedDescriptorBeansTests {

	private static final String EXECUTE = "exec 3<>\"$0\" 4<>\"$1\"; export NOTIFY_SOCKET=\"$2\" LISTEN_FDS=\"$3\" "
			+ "LISTEN_FDNAMES=\"$4\" LISTEN_PID=$$; shift 4; exec \"$@\"";

	private final NotifySocket socket = new NotifySocket();

	@TempDir
	private Path directory;

	private Path first;

	private Path second;

	@BeforeEach
	void makeFifos() {
		this.first = this.directory.resolve("first");
		this.second = this.directory.resolve("second");
		FileDescriptor.openFifo(this.first).close();
		FileDescriptor.openFifo(this.second).close();
	}

	@AfterEach
	void close() {
		this.socket.close();
	}

	private JavaProgram start(String count, String names, String other) {
		return JavaProgram.start(
				List.of("sh", "-c", EXECUTE, this.first.toString(), this.second.toString(), this.socket.address(),
						count, names),
				List.of(), ActivatedProgram.class, "--spring.main.banner-mode=off", "--other=" + other,
				"--logging.pattern.console=%p %m%n");
	}

	@Test
	void descriptorsShouldBeBeansByTheirNames() throws Exception {
		try (JavaProgram program = start("2", "commands:commands", "commands-2")) {
			assertThat(this.socket.take()).isEqualTo("STATUS=Starting");
			assertThat(this.socket.take()).isEqualTo("STATUS=[commands, commands-2]");
			assertThat(this.socket.take()).startsWith("READY=1");
			write(this.first, "hello\n");
			assertThat(this.socket.take()).isEqualTo("STATUS=line hello");
			write(this.second, "datagram");
			assertThat(this.socket.take()).isEqualTo("STATUS=message datagram");
			write(this.first, "again\n");
			assertThat(this.socket.take()).isEqualTo("STATUS=line again");
			program.send("TERM");
			assertThat(program.readLines()).contains(
					"INFO The service manager has passed the file descriptors [commands, commands-2], which are beans");
		}
	}

	@Test
	void beanShouldStandInForWhatIsNotPassed() {
		try (JavaProgram program = start("1", "elsewhere", "otherCommands")) {
			assertThat(this.socket.take()).isEqualTo("STATUS=Starting");
			assertThat(this.socket.take()).isEqualTo("STATUS=[commands, otherCommands, elsewhere]");
			assertThat(this.socket.take()).startsWith("READY=1");
			assertThat(program.isAlive()).isTrue();
		}
	}

	@Test
	void descriptorThatIsNotOpenShouldBeLogged() throws Exception {
		try (JavaProgram program = start("2000", "x" + ":x".repeat(1999), "otherCommands")) {
			assertThat(this.socket.take()).isEqualTo("STATUS=Starting");
			assertThat(this.socket.take()).isEqualTo("STATUS=[commands, otherCommands]");
			program.send("TERM");
			assertThat(program.readLines()).anyMatch((line) -> line
				.matches("WARN File descriptors that the service manager has passed are not used: fcntl\\(.*EBADF.*"));
		}
	}

	private static void write(Path fifo, String text) throws IOException {
		Files.writeString(fifo, text);
	}

}
