package dev.mainloop.readme;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.autoconfigure.systemd.MainLoopSystemdAutoConfiguration;
import dev.mainloop.autoconfigure.systemd.ServiceNotifications;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.socket.DatagramSocket;
import dev.mainloop.socket.UnixAddress;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Runs the handler of the page about systemd.
 */
@LinuxTest
@Timeout(60)
class LimitsTests {

	@TempDir
	private Path directory;

	@Test
	void statusShouldBeToldWithinTheReload() throws Exception {
		Path file = Files.writeString(this.directory.resolve("limits"), "7\n");
		Path address = this.directory.resolve("notify");
		try (DatagramSocket systemd = DatagramSocket.bind(UnixAddress.of(address))) {
			new ApplicationContextRunner()
				.withConfiguration(
						AutoConfigurations.of(MainLoopAutoConfiguration.class, MainLoopSystemdAutoConfiguration.class))
				.withBean(handler())
				.withPropertyValues("limits=" + file, "NOTIFY_SOCKET=" + address)
				.run((context) -> {
					assertThat(take(systemd)).isEqualTo("STATUS=Starting");
					new ProcessBuilder("sh", "-c", "kill -s HUP " + ProcessHandle.current().pid()).start().waitFor();
					assertThat(take(systemd)).startsWith("RELOADING=1\nMONOTONIC_USEC=");
					assertThat(take(systemd)).isEqualTo("STATUS=The limit is 7");
					assertThat(take(systemd)).startsWith("READY=1");
				});
		}
	}

	private static String take(DatagramSocket socket) {
		ByteBuffer buffer = ByteBuffer.allocate(256);
		await().until(() -> socket.readMessage(buffer) != FileDescriptor.NO_MESSAGE);
		return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
	}

	private static Class<?> handler() {
		@EventHandler
		class Limits {

			private final ServiceNotifications systemd;

			private final Path file;

			private int limit;

			Limits(ServiceNotifications systemd, @Value("${limits}") Path file) {
				this.systemd = systemd;
				this.file = file;
			}

			@OnSignal("SIGHUP")
			void load() throws IOException {
				this.limit = Integer.parseInt(Files.readString(this.file).strip());
				this.systemd.status("The limit is " + this.limit);
			}

		}
		return Limits.class;
	}

}
