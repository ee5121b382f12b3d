package dev.mainloop.autoconfigure;

import dev.mainloop.MainLoop;
import dev.mainloop.UnsupportedPlatformException;
import dev.mainloop.autoconfigure.health.MainLoopHealthContributorAutoConfiguration;
import dev.mainloop.health.MainLoopHealthIndicator;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

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
			.withBean(UncalledCounter.class)
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.doesNotHaveBean(MainLoop.class)
					.doesNotHaveBean(MainLoopHealthIndicator.class);
				assertThat(context.getBean(UncalledCounter.class).refusal()).contains("Mac OS X");
			});
	}

}
