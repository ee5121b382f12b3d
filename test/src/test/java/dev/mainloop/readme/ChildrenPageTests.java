package dev.mainloop.readme;

import java.time.Duration;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnChildExit;
import dev.mainloop.annotation.OnLine;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.fd.ExitStatus;
import dev.mainloop.fd.Stdio;
import dev.mainloop.process.Command;
import dev.mainloop.test.AutoConfigureTestMainLoop;
import dev.mainloop.test.TestChild;
import dev.mainloop.test.TestMainLoop;
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
 * Runs the handlers of the page about children.
 */
@SpringJUnitConfig
@AutoConfigureTestMainLoop
@ExtendWith(OutputCaptureExtension.class)
class ChildrenPageTests {

	@Test
	void backupShouldBeStarted(@Autowired TestMainLoop loop, CapturedOutput output) {
		loop.send(new BackupRequest("/mnt"));
		TestChild child = loop.child("rsync");
		assertThat(child.spawn().arguments()).containsExactly("rsync", "-a", "/srv/data", "/mnt");
		assertThat(child.spawn().error()).isSameAs(Stdio.OUTPUT);
		child.write("no space\n");
		child.exit(11);
		assertThat(output).contains("backup: no space").contains("The backup to /mnt has ended: exit 11");
	}

	@Test
	void feedShouldBeStartedAgain(@Autowired TestMainLoop loop, CapturedOutput output) {
		TestChild child = loop.child("feed");
		child.write("a line\n");
		child.exit(1);
		assertThat(output).contains("from the feed: a line").contains("The feed has ended: exit 1");
		loop.advance(Duration.ofSeconds(5));
		assertThat(loop.child("feed")).isNotSameAs(child);
	}

	record BackupRequest(String target) {
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		Object backups(MainLoop mainLoop) {
			@EventHandler
			class Backups {

				private static final Logger logger = LoggerFactory.getLogger(Backups.class);

				private final MainLoop mainLoop;

				Backups(MainLoop mainLoop) {
					this.mainLoop = mainLoop;
				}

				@OnMessage
				void start(BackupRequest request) {
					Command.of("rsync", "-a", "/srv/data", request.target())
						.outputLines((line) -> logger.info("backup: {}", line))
						.error(Stdio.OUTPUT)
						.start(this.mainLoop, "backup",
								(status) -> logger.info("The backup to {} has ended: {}", request.target(), status));
				}

			}
			return new Backups(mainLoop);
		}

		@Bean
		Command feed() {
			@Configuration(proxyBeanMethods = false)
			class FeedCommand {

				@Bean
				Command feed() {
					return Command.of("feed", "--follow");
				}

			}
			return new FeedCommand().feed();
		}

		@Bean
		Object feedHandler() {
			@EventHandler
			class Feed {

				private static final Logger logger = LoggerFactory.getLogger(Feed.class);

				@OnLine("feed")
				void line(String line) {
					logger.info("from the feed: {}", line);
				}

				@OnChildExit(value = "feed", restartAfter = "5s")
				void ended(ExitStatus status) {
					logger.warn("The feed has ended: {}", status);
				}

			}
			return new Feed();
		}

	}

}
