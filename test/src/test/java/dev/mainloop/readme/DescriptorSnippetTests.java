package dev.mainloop.readme;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

import dev.mainloop.DescriptorSource;
import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnEventFd;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnReadable;
import dev.mainloop.annotation.OnWritable;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.handler.EventQueues;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Runs the handlers of file descriptors that the documentation shows.
 */
@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class DescriptorSnippetTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class));

	@TempDir
	private Path folder;

	@Test
	void linesShouldBeWhole(CapturedOutput output) {
		Path fifo = this.folder.resolve("commands");
		this.application.withBean("commands", FileDescriptor.class, () -> FileDescriptor.openFifo(fifo))
			.withBean(commandLines())
			.run((context) -> {
				Files.writeString(fifo, "one\ntw");
				await().atMost(LONG).untilAsserted(() -> assertThat(output).contains("a command: one"));
				Files.writeString(fifo, "o\n");
				await().atMost(LONG).untilAsserted(() -> assertThat(output).contains("a command: two"));
			});
	}

	@Test
	void repliesShouldBeWritten() {
		Path fifo = this.folder.resolve("output");
		this.application.withBean("output", FileDescriptor.class, () -> FileDescriptor.openFifo(fifo))
			.withBean(output())
			.run((context) -> {
				EventQueue<Reply> replies = context.getBean(EventQueues.class).get(Reply.class);
				replies.send(new Reply("hello\n"));
				assertThat(new ProcessBuilder("head", "-n", "1", fifo.toString()).start().inputReader().readLine())
					.isEqualTo("hello");
			});
	}

	@Test
	void completionsShouldBeCounted(CapturedOutput output) {
		this.application.withBean(completions()).run((context) -> {
			context.getBean("completions", EventFd.class).add(3);
			await().atMost(LONG).untilAsserted(() -> assertThat(output).contains("3 completed"));
		});
	}

	private static Class<?> commandLines() {
		@EventHandler
		class CommandLines {

			private static final Logger logger = LoggerFactory.getLogger(CommandLines.class);

			private final ByteBuffer bytes = ByteBuffer.allocate(1024);

			@OnReadable("commands")
			void read(FileDescriptor commands, DescriptorSource source) {
				if (commands.read(this.bytes) == -1) {
					source.close();
				}
				int start = 0;
				for (int i = 0; i < this.bytes.position(); i++) {
					if (this.bytes.get(i) == '\n') {
						command(StandardCharsets.UTF_8.decode(this.bytes.slice(start, i - start)).toString());
						start = i + 1;
					}
				}
				this.bytes.flip().position(start);
				this.bytes.compact(); // keeps the beginning of a line
				if (!this.bytes.hasRemaining()) {
					this.bytes.clear();
					throw new IllegalStateException("A command has more than 1024 bytes");
				}
			}

			private void command(String line) {
				logger.info("a command: {}", line);
			}

		}
		return CommandLines.class;
	}

	private static Class<?> output() {
		@EventHandler
		class OutputWriter {

			private final Queue<ByteBuffer> waiting = new ArrayDeque<>();

			private DescriptorSource writable;

			@OnWritable("output")
			void write(FileDescriptor output, DescriptorSource source) {
				this.writable = source;
				while (!this.waiting.isEmpty()) {
					output.write(this.waiting.element());
					if (this.waiting.element().hasRemaining()) {
						return; // this is called again when there is room
					}
					this.waiting.remove();
				}
				source.pause(); // nothing to write, though there is room
			}

			@OnMessage
			void reply(Reply reply) {
				this.waiting.add(StandardCharsets.UTF_8.encode(reply.text()));
				if (this.writable != null) {
					this.writable.resume();
				}
			}

		}
		return OutputWriter.class;
	}

	private static Class<?> completions() {
		@EventHandler
		class CompletionCounter {

			private static final Logger logger = LoggerFactory.getLogger(CompletionCounter.class);

			@Bean
			static EventFd completions() {
				return EventFd.open(0);
			}

			@OnEventFd("completions")
			void completed(long count) {
				logger.info("{} completed", count);
			}

		}
		return CompletionCounter.class;
	}

	record Reply(String text) {

	}

}
