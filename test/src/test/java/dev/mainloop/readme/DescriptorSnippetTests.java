package dev.mainloop.readme;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnEventFd;
import dev.mainloop.annotation.OnLine;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.handler.EventQueues;
import dev.mainloop.line.FrameReader;
import dev.mainloop.line.FrameWriter;
import dev.mainloop.line.Framing;
import dev.mainloop.line.TooLong;
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
import org.springframework.context.annotation.Configuration;

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
	void linesShouldBeEvents(CapturedOutput output) {
		Path fifo = this.folder.resolve("commands");
		this.application.withBean("commands", FileDescriptor.class, () -> FileDescriptor.openFifo(fifo))
			.withBean(lineCommands())
			.run((context) -> {
				Files.writeString(fifo, "one\n" + "x".repeat(300) + "\n");
				await().atMost(LONG)
					.untilAsserted(() -> assertThat(output).contains("a command: one")
						.containsPattern("a command: x{256}[^x\\s]"));
			});
	}

	@Test
	void repliesShouldBeWritten() {
		Path fifo = this.folder.resolve("output");
		this.application.withBean("output", FileDescriptor.class, () -> FileDescriptor.openFifo(fifo))
			.withBean(replies())
			.run((context) -> {
				EventQueue<Reply> replies = context.getBean(EventQueues.class).get(Reply.class);
				replies.send(new Reply("hello"));
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

	private static Class<?> lineCommands() {
		@EventHandler
		class LineCommands {

			private static final Logger logger = LoggerFactory.getLogger(LineCommands.class);

			@OnLine(value = "commands", maxBytes = "256", tooLong = TooLong.CUT)
			void command(String line) {
				logger.info("a command: {}", line);
			}

		}
		return LineCommands.class;
	}

	private static Class<?> commandLines() {
		@Configuration(proxyBeanMethods = false)
		class CommandLines {

			private static final Logger logger = LoggerFactory.getLogger(CommandLines.class);

			@Bean
			FrameReader<String> commandLines(MainLoop mainLoop, FileDescriptor commands) {
				return FrameReader.open(mainLoop, "commands", commands, Framing.lines(1024),
						(line, reader) -> logger.info("a command: {}", line));
			}

		}
		return CommandLines.class;
	}

	private static Class<?> replies() {
		@EventHandler
		class Replies {

			private final FrameWriter writer;

			Replies(MainLoop mainLoop, FileDescriptor output) {
				this.writer = FrameWriter.open(mainLoop, "output", output, 64 * 1024, (roomAgain) -> {
				});
			}

			@OnMessage
			void reply(Reply reply) {
				this.writer.send(reply.text() + "\n");
			}

		}
		return Replies.class;
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
