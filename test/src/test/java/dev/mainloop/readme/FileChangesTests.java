package dev.mainloop.readme;

import java.nio.file.Path;
import java.time.Duration;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnFileChange;
import dev.mainloop.test.AutoConfigureTestMainLoop;
import dev.mainloop.test.TestMainLoop;
import dev.mainloop.watch.FileChange;
import dev.mainloop.watch.WatchScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the handler of the page about files that change.
 */
@SpringJUnitConfig
@AutoConfigureTestMainLoop
@ExtendWith(OutputCaptureExtension.class)
class FileChangesTests {

	@Test
	void changesShouldBeLogged(@Autowired TestMainLoop loop, CapturedOutput output) {
		loop.changeFile(Path.of("/etc/app/tls.crt"), FileChange.Kind.MOVED_IN);
		assertThat(output).contains("The certificate: MOVED_IN");
		loop.changeFile(Path.of("uploads/a/picture"), FileChange.Kind.WRITTEN);
		assertThat(output).doesNotContain("Finished");
		loop.advance(Duration.ofMillis(500));
		assertThat(output).containsPattern("Finished: .*picture");
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		Object changedFiles() {
			@EventHandler
			class ChangedFiles {

				private static final Logger logger = LoggerFactory.getLogger(ChangedFiles.class);

				@OnFileChange(value = "${app.certificate:/etc/app/tls.crt}", initial = true)
				void certificate(FileChange change) {
					logger.info("The certificate: {}", change.kind());
				}

				@OnFileChange(value = "uploads", scope = WatchScope.TREE, settle = "500ms")
				void uploaded(Path file) {
					logger.info("Finished: {}", file);
				}

			}
			return new ChangedFiles();
		}

	}

}
