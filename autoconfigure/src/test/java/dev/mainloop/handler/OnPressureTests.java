package dev.mainloop.handler;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnPressure;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.fd.Pressure;
import dev.mainloop.fd.PressureResource;
import dev.mainloop.fd.PressureThreshold;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.testing.LinuxTest;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class OnPressureTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
		.withPropertyValues("stall=1ms", "window=2s");

	@Test
	void methodShouldBeCalledWhenTasksWait() {
		Assumptions.assumeThat(Files.isWritable(Path.of("/proc/pressure/cpu"))).isTrue();
		this.contextRunner.withBean(Handler.class).run((context) -> {
			Handler handler = context.getBean(Handler.class);
			AtomicBoolean closed = new AtomicBoolean();
			try {
				for (int i = 0; i < 3 * Runtime.getRuntime().availableProcessors(); i++) {
					spin(closed);
				}
				assertThat(handler.told.poll(60, TimeUnit.SECONDS)).isNotNull();
				context.stop();
				assertThat(context.getBean(MainLoop.class).sources()).isEmpty();
				handler.told.clear();
				context.start();
				assertThat(handler.told.poll(60, TimeUnit.SECONDS)).isNotNull();
			}
			finally {
				closed.set(true);
			}
			assertThat(handler.threshold).isNotNull();
			assertThat(handler.threshold.resource()).isEqualTo(PressureResource.CPU);
		});
	}

	private static void spin(AtomicBoolean closed) {
		Thread thread = new Thread(() -> {
			while (!closed.get()) {
				Thread.onSpinWait();
			}
		});
		thread.setDaemon(true);
		thread.start();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			stall=3s     | 'stall' must be from 1us to the 'window'
			stall=0s     | 'stall' must be from 1us to the 'window'
			window=100ms | 'window' must be from 500ms to 10s
			stall=some   | its 'stall' is 'some', which is no duration
			""")
	void thresholdThatCannotBeShouldFailTheStart(String property, String message) {
		this.contextRunner.withBean(Handler.class)
			.withPropertyValues(property)
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("cannot be an @OnPressure handler: " + message));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			EINVAL     | Set 'window' to a multiple of 2s: others take the capability CAP_SYS_RESOURCE
			ENOENT     | Use a kernel that measures pressure (CONFIG_PSI, and psi=1 on its command line)
			EOPNOTSUPP | Use a kernel that measures pressure (CONFIG_PSI, and psi=1 on its command line)
			EROFS      | Have control groups mounted into the container so that they can be written
			EACCES     | Give the user that runs the application permission for it
			""")
	void kernelThatDoesNotTellShouldFailTheStartUnlessThatIsWanted(Errno errno, String remedy, CapturedOutput output) {
		ApplicationContextRunner refused = this.contextRunner.withBean(PressureTriggers.class,
				() -> new PressureTriggers((threshold) -> {
					throw new ErrnoException(-errno.number(), "write", threshold);
				}));
		refused.withBean(Handler.class).run((context) -> assertThat(context).getFailure().satisfies((failure) -> {
			InvalidHandlerException invalid = (InvalidHandlerException) failure.getCause();
			assertThat(invalid).hasMessageContaining(errno.name());
			assertThat(invalid.getAction()).startsWith(remedy)
				.endsWith(" Or set 'required' to false, and the method is not called here.");
		}));
		refused.withBean(OptionalHandler.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(MainLoop.class).sources()).extracting(EventSource::description)
				.noneMatch((description) -> description.contains("pressure"));
		});
		assertThat(output).contains(".pressure' is not called, as the kernel does not tell of pressure: write(")
			.contains(remedy);
	}

	@EventHandler
	static class Handler {

		private final BlockingQueue<Pressure> told = new LinkedBlockingQueue<>();

		private volatile PressureThreshold threshold;

		@OnPressure(resource = PressureResource.CPU, stall = "${stall}", window = "${window}")
		void pressure(PressureThreshold threshold, Pressure pressure) {
			this.threshold = threshold;
			this.told.add(pressure);
		}

	}

	@EventHandler
	static class OptionalHandler {

		@OnPressure(resource = PressureResource.IO, stall = "100ms", required = false)
		void pressure() {
			throw new IllegalStateException("it is called");
		}

	}

}
