package dev.mainloop.readme;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.mainloop.BlockedHandler;
import dev.mainloop.MainLoop;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.health.BlockedHandlerEvent;
import dev.mainloop.test.TestMainLoopAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tells the listener of the documentation of a handler that has blocked the loop.
 */
@ExtendWith(OutputCaptureExtension.class)
class SlowHandlersTests {

	@Test
	void handlerShouldBeLoggedWhenItHasReturned(CapturedOutput output) {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(TestMainLoopAutoConfiguration.class, MainLoopAutoConfiguration.class))
			.withBean(slowHandlers())
			.run((context) -> {
				MainLoop loop = context.getBean(MainLoop.class);
				context.publishEvent(blocked(loop, Duration.ofMillis(100), false));
				context.publishEvent(blocked(loop, Duration.ofMillis(180), true));
			});
		assertThat(output).containsOnlyOnce("orders.place took").contains("orders.place took PT0.18S for order 7");
	}

	private static BlockedHandlerEvent blocked(MainLoop loop, Duration duration, boolean returned) {
		return new BlockedHandlerEvent(loop,
				new BlockedHandler("orders.place", Instant.EPOCH, duration, List.of(), returned, "order 7"));
	}

	private static Class<?> slowHandlers() {
		@Component
		class SlowHandlers {

			private static final Logger logger = LoggerFactory.getLogger(SlowHandlers.class);

			@EventListener
			void blocked(BlockedHandlerEvent event) {
				if (event.blocked().returned()) {
					logger.info("{} took {} for {}", event.blocked().handler(), event.blocked().duration(),
							event.blocked().event());
				}
			}

		}
		return SlowHandlers.class;
	}

}
