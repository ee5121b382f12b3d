package dev.mainloop.autoconfigure;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests what is said of an {@link EventHandler} that has no handler methods.
 */
@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class EmptyHandlerTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class));

	@Test
	void handlerWithoutMethodsShouldBeWarnedOf(CapturedOutput output) {
		this.contextRunner.withBean("lonely", Lonely.class).run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).containsOnlyOnce("The bean 'lonely' is an @EventHandler, and its class "
				+ Lonely.class.getName() + " has no handler methods");
	}

	@Test
	void handlerWithMethodsShouldNotBeWarnedOf(CapturedOutput output) {
		this.contextRunner.withBean(Heir.class)
			.withBean(Off.class)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("has no handler methods");
	}

	@EventHandler
	static class Lonely {

		void beat() {
		}

	}

	static class Ancestor {

		@OnTimer(every = "1h", initialDelay = "1h")
		void beat() {
		}

	}

	@EventHandler
	static class Heir extends Ancestor {

	}

	@EventHandler
	static class Off {

		@OnTimer(cron = "-")
		void beat() {
		}

	}

}
