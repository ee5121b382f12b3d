package dev.mainloop.readme;

import java.nio.file.Path;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnLine;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.SerialSettings;
import dev.mainloop.test.TestMainLoop;
import dev.mainloop.test.TestMainLoopAutoConfiguration;
import dev.mainloop.testing.LinuxTest;
import dev.mainloop.watch.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the handler of the page about serial lines.
 */
@ExtendWith(OutputCaptureExtension.class)
class MeterTests {

	/** With the conversions that an application has. */
	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withInitializer((context) -> context.getBeanFactory()
			.setConversionService(ApplicationConversionService.getSharedInstance()))
		.withUserConfiguration(configuration())
		.withBean(handler())
		.withPropertyValues("meter.device=/dev/null");

	@Test
	void readingShouldBeLogged(CapturedOutput output) {
		this.contextRunner
			.withConfiguration(
					AutoConfigurations.of(TestMainLoopAutoConfiguration.class, MainLoopAutoConfiguration.class))
			.run((context) -> {
				context.getBean(TestMainLoop.class).fileDescriptor("meter").receive("12.5 kWh\r\n");
				assertThat(output).contains("The meter shows 12.5 kWh");
			});
	}

	@Test
	void deviceShouldBeSimulatedAsADescriptorIs(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(scale())
			.withPropertyValues("scale.device=/dev/null")
			.withBean(Scale.class)
			.withConfiguration(
					AutoConfigurations.of(TestMainLoopAutoConfiguration.class, MainLoopAutoConfiguration.class))
			.run((context) -> {
				context.getBean(TestMainLoop.class).fileDescriptor("scale").receive("1.5 kg\n");
				assertThat(output).contains("The scale shows 1.5 kg");
			});
	}

	@Test
	@LinuxTest
	void deviceThatIsNoTerminalShouldFailTheStart() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("ioctl(/dev/null, TCGETS2): ENOTTY"));
	}

	private static Class<?> configuration() {
		@Configuration(proxyBeanMethods = false)
		class MeterLine {

			@Bean
			FileDescriptor meter(@Value("${meter.device}") Path device,
					@Value("${meter.settings:9600 7E1}") SerialSettings settings) {
				return FileDescriptor.openSerial(device, settings);
			}

		}
		return MeterLine.class;
	}

	private static Class<?> scale() {
		@Configuration(proxyBeanMethods = false)
		class ScaleLine {

			@Bean
			Device scale(@Value("${scale.device}") Path device) {
				return Device.serial(device, SerialSettings.of(9600));
			}

		}
		return ScaleLine.class;
	}

	private static Class<?> handler() {
		@EventHandler
		class Meter {

			private static final Logger logger = LoggerFactory.getLogger(Meter.class);

			@OnLine("meter")
			void reading(String line) {
				logger.info("The meter shows {}", line);
			}

		}
		return Meter.class;
	}

	@EventHandler
	static class Scale {

		private static final Logger logger = LoggerFactory.getLogger(Scale.class);

		@OnLine("scale")
		void weight(String line) {
			logger.info("The scale shows {}", line);
		}

	}

}
