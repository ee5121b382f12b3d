package dev.mainloop.pulse;

import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PulseProperties}.
 */
class PulsePropertiesTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withUserConfiguration(TestConfiguration.class)
		.withPropertyValues("pulse.sample-every=1s", "pulse.thresholds=/tmp/t", "pulse.commands=/tmp/c",
				"pulse.snapshot=/tmp/s", "pulse.max-pages=10");

	@Test
	void validPropertiesShouldBeTaken() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(PulseProperties.class));
	}

	@Test
	void wrongValueShouldBeRefusedWithTheNameOfItsProperty() {
		this.contextRunner.withPropertyValues("pulse.sample-every=0s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("sampleEvery")
				.hasMessageContaining("must be longer than or equal to 10 millis"));
	}

	@Test
	void emptyPathShouldBeRefusedWithTheNameOfItsProperty() {
		this.contextRunner.withPropertyValues("pulse.commands=")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("commands")
				.hasMessageContaining("must not be null"));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(PulseProperties.class)
	static class TestConfiguration {

	}

}
