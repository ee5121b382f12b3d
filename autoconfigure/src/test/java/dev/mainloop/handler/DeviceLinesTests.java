package dev.mainloop.handler;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnLine;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.SerialSettings;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.line.FrameReader;
import dev.mainloop.testing.LinuxTest;
import dev.mainloop.watch.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Handlers of the lines of a device that comes and goes, on pseudo-terminals.
 */
@LinuxTest
@Timeout(60)
class DeviceLinesTests {

	@TempDir
	private Path directory;

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
			.withBean("meter", Device.class,
					() -> Device.serial(this.directory.resolve("meter"), SerialSettings.of(9600)));
	}

	private FileDescriptor plugIn() throws Exception {
		int number = Kernel.openTerminalMaster();
		Files.createSymbolicLink(this.directory.resolve("meter"), Kernel.terminal(number));
		return FileDescriptor.adopt(number, "master");
	}

	private static void write(FileDescriptor master, String text) {
		master.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
	}

	@Test
	void linesShouldComeWheneverTheDeviceIsThere() {
		runner().withBean(Meter.class).run((context) -> {
			Meter meter = context.getBean(Meter.class);
			Device device = context.getBean(Device.class);
			for (int i = 1; i <= 2; i++) {
				FileDescriptor master = plugIn();
				await().until(() -> device.descriptor() != null);
				write(master, "reading " + i + "\n");
				assertThat(meter.lines.poll(30, TimeUnit.SECONDS)).isEqualTo("reading " + i);
				master.close();
				Files.delete(this.directory.resolve("meter"));
				await().until(() -> device.descriptor() == null);
			}
		});
	}

	@Test
	void linesShouldGoOnWithTheNextStart() {
		runner().withBean(Meter.class).run((context) -> {
			Meter meter = context.getBean(Meter.class);
			try (FileDescriptor master = plugIn()) {
				write(master, "one\n");
				assertThat(meter.lines.poll(30, TimeUnit.SECONDS)).isEqualTo("one");
				context.stop();
				write(master, "two\n");
				context.start();
				assertThat(meter.lines.poll(30, TimeUnit.SECONDS)).isEqualTo("two");
			}
		});
	}

	@Test
	void deviceShouldHaveOneMethod() {
		runner().withBean(Meter.class)
			.withBean(Other.class)
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("cannot be an @OnLine handler: The device %s has another handler"
					.formatted(this.directory.resolve("meter"))));
	}

	@EventHandler
	static class Meter {

		private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

		@OnLine("meter")
		void reading(String line, FileDescriptor fd, FrameReader<String> reader) {
			assertThat(fd.isOpen()).isTrue();
			assertThat(reader.isOpen()).isTrue();
			this.lines.add(line);
		}

	}

	@EventHandler
	static class Other {

		@OnLine("meter")
		void reading(String line) {
			throw new IllegalStateException(line);
		}

	}

}
