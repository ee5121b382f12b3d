package dev.mainloop.watch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import dev.mainloop.MainLoop;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.SerialSettings;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.line.FrameHandler;
import dev.mainloop.line.FrameReader;
import dev.mainloop.line.Framing;
import dev.mainloop.testing.LinuxTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Device}, on pseudo-terminals to which a symbolic link leads.
 */
@LinuxTest
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class DeviceTests {

	@TempDir
	private Path directory;

	private final MainLoop loop = MainLoop.builder().build();

	private final List<String> lines = new ArrayList<>();

	private Path path;

	private Device device;

	@BeforeEach
	void setUp() {
		this.path = this.directory.resolve("by-id").resolve("meter");
		this.device = Device.serial(this.path, SerialSettings.of(9600));
	}

	@AfterEach
	void close() {
		this.device.close();
		this.loop.close();
	}

	private void read() {
		this.device.keepOpen(this.loop, "meter",
				(fd) -> FrameReader.open(this.loop, "lines", fd, Framing.lines(100), new FrameHandler<>() {

					@Override
					public void frame(String line, FrameReader<String> reader) {
						DeviceTests.this.lines.add(line);
					}

					@Override
					public void ended(@Nullable String rest, @Nullable RuntimeException error,
							FrameReader<String> reader) {
						fd.close();
					}

				}));
	}

	private FileDescriptor plugIn() throws Exception {
		int number = Kernel.openTerminalMaster();
		Path link = Files.createSymbolicLink(this.directory.resolve("next"), Kernel.terminal(number));
		Files.createDirectories(this.path.getParent());
		Files.move(link, this.path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
		return FileDescriptor.adopt(number, "master");
	}

	private void pullOut(FileDescriptor master) throws Exception {
		master.close();
		Files.delete(this.path);
	}

	private void write(FileDescriptor master, String text) {
		master.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
	}

	private void runUntil(BooleanSupplier condition) {
		while (!condition.getAsBoolean()) {
			this.loop.runOnce(Duration.ofSeconds(1));
		}
	}

	@Test
	void deviceShouldBeOpenedEachTimeItComes(CapturedOutput output) throws Exception {
		read();
		while (this.loop.runOnce()) {
			assertThat(this.device.descriptor()).isNull();
		}
		assertThat(output).containsOnlyOnce("is not open, and will be once it can be: open(" + this.path);
		for (int i = 1; i <= 3; i++) {
			FileDescriptor master = plugIn();
			runUntil(() -> this.device.descriptor() != null);
			write(master, "line " + i + "\n");
			int count = i;
			runUntil(() -> this.lines.size() == count);
			pullOut(master);
			runUntil(() -> this.device.descriptor() == null);
		}
		assertThat(this.lines).containsExactly("line 1", "line 2", "line 3");
	}

	@ParameterizedTest
	@ValueSource(strings = { "not these settings", "not a FIFO" })
	void deviceThatCannotBeOpenedShouldBeTriedAgain(String failure, CapturedOutput output) throws Exception {
		try (FileDescriptor master = plugIn()) {
			List<FileDescriptor> attempts = new ArrayList<>();
			this.device.close();
			boolean[] taken = { true };
			this.device = Device.of(this.path, () -> {
				if (taken[0]) {
					taken[0] = false;
					throw failure.endsWith("settings") ? new IllegalArgumentException(failure)
							: new IllegalStateException(failure);
				}
				return FileDescriptor.openSerial(this.path, SerialSettings.of(9600));
			});
			this.device.keepOpen(this.loop, "meter", attempts::add);
			runUntil(() -> !attempts.isEmpty());
			assertThat(this.device.descriptor()).isSameAs(attempts.get(0));
			attempts.get(0).close();
			runUntil(() -> attempts.size() == 2);
			assertThat(master.isOpen()).isTrue();
			assertThat(output).containsOnlyOnce("is not open, and will be once it can be: " + failure);
		}
	}

	@Test
	void closeShouldEndIt() throws Exception {
		read();
		try (FileDescriptor master = plugIn()) {
			runUntil(() -> this.device.descriptor() != null);
			FileDescriptor fd = this.device.descriptor();
			this.device.close();
			assertThat(fd.isOpen()).isFalse();
			assertThat(this.device.descriptor()).isNull();
			assertThat(this.loop.sources()).isEmpty();
			assertThatIllegalStateException().isThrownBy(this::read)
				.withMessage("The device " + this.path + " is closed");
			assertThat(master.isOpen()).isTrue();
		}
	}

	@Test
	void deviceShouldHaveOneHandler() {
		read();
		assertThatIllegalStateException().isThrownBy(this::read)
			.withMessage("The device " + this.path + " has another handler");
	}

}
