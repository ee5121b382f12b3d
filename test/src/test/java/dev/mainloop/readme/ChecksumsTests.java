package dev.mainloop.readme;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.CRC32;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.Blocking;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.test.TestMainLoop;
import dev.mainloop.test.TestMainLoopAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the handler of the documentation that blocks.
 */
@ExtendWith(OutputCaptureExtension.class)
class ChecksumsTests {

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class, TestMainLoopAutoConfiguration.class));

	@TempDir
	private Path folder;

	@Test
	void filesShouldBeReadByWorkers(CapturedOutput output) throws Exception {
		Path file = Files.writeString(this.folder.resolve("file"), "123456789");
		this.application.withBean(handler()).run((context) -> {
			TestMainLoop loop = context.getBean(TestMainLoop.class);
			loop.holdWork();
			loop.send(new Upload(file));
			loop.advance(Duration.ofMinutes(1));
			assertThat(loop.heldWork()).isEqualTo(2);
			loop.releaseWork();
		});
		assertThat(output).contains("1 Checksum[file=" + file + ", value=" + 0xCBF43926L + "]").contains(" bytes free");
	}

	private static Class<?> handler() {
		@EventHandler
		class Checksums {

			private static final Logger logger = LoggerFactory.getLogger(Checksums.class);

			private final MainLoop loop;

			private int known; // the loop's thread alone

			Checksums(MainLoop loop) {
				this.loop = loop;
			}

			@Blocking(concurrency = 4)
			@OnMessage
			Checksum sum(Upload upload) throws IOException { // by workers
				CRC32 sum = new CRC32();
				sum.update(Files.readAllBytes(upload.file()));
				return new Checksum(upload.file(), sum.getValue());
			}

			@OnMessage
			void print(Checksum checksum) { // by the loop's thread
				logger.info("{} {}", ++this.known, checksum);
			}

			@OnTimer(initialDelay = "1m", every = "1m")
			void room() { // a worker is asked, and answers the loop
				this.loop.offload(() -> Files.getFileStore(Path.of("/")).getUsableSpace())
					.thenAccept((bytes) -> logger.info("{} bytes free", bytes));
			}

		}
		return Checksums.class;
	}

	record Upload(Path file) {

	}

	record Checksum(Path file, long value) {

	}

}
