package dev.mainloop.handler;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class ApplicationEventsTests {

	@Test
	void eventsWhileTheLoopDoesNotRunShouldBeSummedUp(CapturedOutput output) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
			.withBean(Handler.class)
			.run((context) -> {
				context.stop();
				for (int i = 0; i < 1000; i++) {
					context.publishEvent(new Order(i));
				}
				assertThat(output).containsOnlyOnce("is not handled: ").contains("Order[number=0]");
			});
		assertThat(output).containsOnlyOnce("is not handled: ")
			.containsOnlyOnce(" 999 more application events of %s are not handled, as the main loop does not run"
				.formatted(Order.class.getName()));
	}

	record Order(int number) {

	}

	@EventHandler
	static class Handler {

		@OnMessage(applicationEvents = true)
		void handle(Order order) {
		}

	}

}
