package dev.mainloop.readme;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.file.AsyncFiles;
import dev.mainloop.handler.EventQueues;
import dev.mainloop.testing.LinuxTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the handler of the documentation that writes a file.
 */
@LinuxTest
class JournalTests {

	private static final int ENTRIES = 1000;

	@TempDir
	private Path directory;

	@Test
	void entriesShouldBeInTheFileInOrder() {
		Path journal = this.directory.resolve("journal");
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
			.withBean(journal())
			.withPropertyValues("journal=" + journal)
			.run((context) -> {
				EventQueue<Entry> entries = context.getBean(EventQueues.class).get(Entry.class);
				for (int i = 0; i < ENTRIES; i++) {
					entries.send(new Entry("entry " + i));
				}
				Awaitility.await().until(() -> lines(journal) == ENTRIES);
			});
		assertThat(journal).content().startsWith("entry 0\nentry 1\n").endsWith("entry 998\nentry 999\n");
	}

	private static int lines(Path file) throws IOException {
		return Files.exists(file) ? Files.readAllLines(file).size() : 0;
	}

	private static Class<?> journal() {
		@EventHandler
		class Journal {

			private static final Logger logger = LoggerFactory.getLogger(Journal.class);

			private final AsyncFiles files;

			private final Path path;

			private final StringBuilder waiting = new StringBuilder();

			private boolean writing;

			Journal(AsyncFiles files, @Value("${journal}") Path path) {
				this.files = files;
				this.path = path;
			}

			@OnMessage
			void append(Entry entry) {
				this.waiting.append(entry.text()).append('\n');
				if (!this.writing) {
					write();
				}
			}

			private void write() {
				ByteBuffer lines = StandardCharsets.UTF_8.encode(this.waiting.toString());
				this.waiting.setLength(0);
				this.writing = true;
				this.files
					.use(this.path, 0640, (file) -> file.writeFully(lines, 0).thenCompose((count) -> file.dataSync()),
							StandardOpenOption.CREATE, StandardOpenOption.APPEND)
					.whenComplete((synced, failure) -> written(failure));
			}

			private void written(Throwable failure) {
				this.writing = false;
				if (failure != null) {
					logger.error("Entries of the journal are lost", failure);
				}
				if (!this.waiting.isEmpty()) {
					write();
				}
			}

		}
		return Journal.class;
	}

	record Entry(String text) {

	}

}
