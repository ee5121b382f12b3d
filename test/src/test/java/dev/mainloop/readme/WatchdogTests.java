package dev.mainloop.readme;

import java.time.Duration;

import dev.mainloop.MainLoop;
import dev.mainloop.Timer;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.test.TestMainLoop;
import dev.mainloop.test.TestMainLoopAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the handler of the documentation that has a timer of its own.
 */
@ExtendWith(OutputCaptureExtension.class)
class WatchdogTests {

	@Test
	void heartbeatsShouldBeMissedWhenTheyStayAway(CapturedOutput output) {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(TestMainLoopAutoConfiguration.class, MainLoopAutoConfiguration.class))
			.withBean(watchdog())
			.run((context) -> {
				TestMainLoop loop = context.getBean(TestMainLoop.class);
				for (int i = 0; i < 2; i++) {
					loop.send(new Heartbeat());
					loop.advance(Duration.ofSeconds(4));
				}
				assertThat(output).doesNotContain("no heartbeat");
				loop.advance(Duration.ofSeconds(1));
				assertThat(output).containsOnlyOnce("no heartbeat for 5 seconds");
				loop.send(new Heartbeat());
				loop.advance(Duration.ofSeconds(4));
				assertThat(output).containsOnlyOnce("no heartbeat");
				loop.advance(Duration.ofSeconds(6));
				assertThat(output.getOut().split("no heartbeat")).hasSize(4);
			});
	}

	private static Class<?> watchdog() {
		@EventHandler
		class Watchdog {

			private static final Logger logger = LoggerFactory.getLogger(Watchdog.class);

			private static final Duration TIMEOUT = Duration.ofSeconds(5);

			private final Timer timeout;

			Watchdog(MainLoop mainLoop) {
				this.timeout = mainLoop.every("watchdog", TIMEOUT, TIMEOUT,
						(tick) -> logger.warn("no heartbeat for {} seconds", TIMEOUT.toSeconds()));
			}

			@OnMessage
			void beat(Heartbeat heartbeat) {
				this.timeout.rescheduleAfter(TIMEOUT);
			}

		}
		return Watchdog.class;
	}

	record Heartbeat() {

	}

}
