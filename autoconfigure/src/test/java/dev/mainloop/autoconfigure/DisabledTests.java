package dev.mainloop.autoconfigure;

import dev.mainloop.MainLoop;
import dev.mainloop.autoconfigure.health.MainLoopHealthContributorAutoConfiguration;
import dev.mainloop.file.AsyncFiles;
import dev.mainloop.handler.MainLoopLifecycle;
import dev.mainloop.health.MainLoopHealthIndicator;
import dev.mainloop.scheduling.MainLoopTaskScheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests an application whose main loop is turned off.
 */
@ExtendWith(OutputCaptureExtension.class)
class DisabledTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class,
				MainLoopTaskSchedulingAutoConfiguration.class, MainLoopHealthContributorAutoConfiguration.class))
		.withPropertyValues("mainloop.enabled=false", "mainloop.task-scheduler.enabled=true")
		.withBean(UncalledCounter.class);

	@Test
	void contextShouldStartWithoutLoop(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			assertThat(context).hasNotFailed()
				.hasSingleBean(UncalledCounter.class)
				.doesNotHaveBean(MainLoop.class)
				.doesNotHaveBean(MainLoopLifecycle.class)
				.doesNotHaveBean(MainLoopTaskScheduler.class)
				.doesNotHaveBean(MainLoopHealthIndicator.class);
			assertThat(context.getBean(UncalledCounter.class).refusal())
				.isEqualTo("There is no main loop to take 1: mainloop.enabled is false");
		});
		assertThat(output).contains("no event handler is called: mainloop.enabled is false").doesNotContain("WARN");
	}

	@Test
	void contextShouldStartOnAnotherPlatform() {
		this.contextRunner.withSystemProperties("os.name=Mac OS X")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MainLoop.class));
	}

	@ParameterizedTest
	@CsvSource({ "MainLoop, dev.mainloop.autoconfigure.DisabledTests$NeedsLoop",
			"AsyncFiles, dev.mainloop.autoconfigure.DisabledTests$NeedsFiles" })
	void beanThatNeedsTheLoopShouldFailWithTheReason(String needed, Class<?> bean, CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> new SpringApplicationBuilder(Application.class, bean).web(WebApplicationType.NONE)
				.run("--mainloop.enabled=false")
				.close());
		assertThat(output).contains("needs the main loop, and there is none: mainloop.enabled is false.")
			.containsPattern("The bean '[^']*" + bean.getSimpleName() + "' needs")
			.contains("Have an ObjectProvider<" + needed + "> injected");
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(MainLoopAutoConfiguration.class)
	static class Application {

	}

	record NeedsLoop(MainLoop loop) {

	}

	record NeedsFiles(AsyncFiles files) {

	}

}
