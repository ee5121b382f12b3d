package dev.mainloop.autoconfigure;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnWritable;
import dev.mainloop.fd.EventFd;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@code mainloop.spinning-handlers}.
 */
@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class SpinningHandlersTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
		.withBean("eventFd", EventFd.class, () -> EventFd.open(0))
		.withBean("answers", Answers.class);

	@Test
	void handlerThatSpinsShouldBeNamed(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			await().until(() -> output.toString().contains("spins"));
			assertThat(output).containsOnlyOnce("'answers.write' spins and keeps a core busy")
				.contains(" (eventfd), which is writable. Pause its DescriptorSource");
		});
	}

	/** While a handler rests, its file descriptor is none that the loop waits for. */
	@Test
	void handlerThatSpinsShouldBeSlowedDownWhereThatIsWanted(CapturedOutput output) {
		this.contextRunner.withPropertyValues("mainloop.spinning-handlers=slow").run((context) -> {
			MainLoop loop = context.getBean(MainLoop.class);
			for (int i = 0; i < 3; i++) {
				await().until(() -> loop.sourceCounts().get("descriptors") == 0);
				int calls = context.getBean(Answers.class).calls;
				await().until(() -> context.getBean(Answers.class).calls > calls);
			}
			assertThat(output).containsOnlyOnce("'answers.write' spins");
		});
	}

	@EventHandler
	static class Answers {

		private volatile int calls;

		@OnWritable("eventFd")
		void write() {
			this.calls = this.calls + 1;
		}

	}

}
