package dev.mainloop.readme;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.log.BurstLog;
import dev.mainloop.log.LogText;
import dev.mainloop.test.TestMainLoop;
import dev.mainloop.test.TestMainLoopAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the handler of the documentation that sums up bad commands.
 */
@ExtendWith(OutputCaptureExtension.class)
class BadCommandsTests {

	@Test
	void badCommandsShouldBeSummedUpByTimeAndAtTheEnd(CapturedOutput output) {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(TestMainLoopAutoConfiguration.class, MainLoopAutoConfiguration.class))
			.withBean(commands())
			.run((context) -> {
				TestMainLoop loop = context.getBean(TestMainLoop.class);
				send(loop, 100);
				assertThat(output).containsOnlyOnce("bad command 'stop'").doesNotContain("more bad commands");
				loop.advance(BurstLog.WINDOW);
				assertThat(output).containsOnlyOnce("bad command 'stop'").containsOnlyOnce("99 more bad commands");
				send(loop, 3);
			});
		assertThat(output).containsOnlyOnce("2 more bad commands");
	}

	private static void send(TestMainLoop loop, int times) {
		for (int i = 0; i < times; i++) {
			loop.send(new Command("stop"));
		}
	}

	private static Class<?> commands() {
		@EventHandler
		class Commands implements DisposableBean {

			private static final Logger logger = LoggerFactory.getLogger(Commands.class);

			private static final BurstLog.Kind BAD = (lines) -> logger.warn("{} more bad commands", lines);

			private final BurstLog log;

			Commands(MainLoop loop) {
				this.log = loop.burstLog(BAD);
			}

			@OnMessage
			void take(Command command) {
				if (!command.text().equals("start")) {
					this.log.log(BAD, () -> logger.warn("bad command '{}'", LogText.of(command.text())));
				}
			}

			@Override
			public void destroy() {
				this.log.close();
			}

		}
		return Commands.class;
	}

	record Command(String text) {

	}

}
