package dev.mainloop.autoconfigure;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.UnsupportedPlatformException;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.autoconfigure.health.MainLoopHealthContributorAutoConfiguration;
import dev.mainloop.health.MainLoopHealthIndicator;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class UnsupportedPlatformTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class,
				MainLoopHealthContributorAutoConfiguration.class))
		.withSystemProperties("os.name=Mac OS X");

	@Test
	void contextShouldFail() {
		this.contextRunner.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOf(UnsupportedPlatformException.class)
			.hasMessageContaining("Mac OS X"));
	}

	@Test
	void contextShouldStartWithoutLoopWhenToldToWarn() {
		this.contextRunner.withPropertyValues("mainloop.on-unsupported-platform=warn")
			.withBean(Counter.class)
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.doesNotHaveBean(MainLoop.class)
					.doesNotHaveBean(MainLoopHealthIndicator.class);
				EventQueue<Integer> numbers = context.getBean(Counter.class).numbers;
				assertThat(numbers.offer(1)).isFalse();
				assertThat(numbers.isClosed()).isTrue();
				assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> numbers.send(1))
					.withMessageContaining("Mac OS X");
			});
	}

	@EventHandler
	static class Counter {

		private final EventQueue<Integer> numbers;

		Counter(EventQueue<Integer> numbers) {
			this.numbers = numbers;
		}

		@OnMessage
		void count(Integer number) {
			throw new IllegalStateException("There is no loop to call this");
		}

	}

}
