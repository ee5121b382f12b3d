package dev.mainloop.readme;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Runs the handlers of the documentation of which one asks the other.
 */
@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class PricesTests {

	@Test
	void questionShouldBeAnswered(CapturedOutput output) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
			.withBean(handler())
			.run((context) -> await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(output).contains("question 1: tea costs 3")));
	}

	private static Class<?> handler() {
		@EventHandler
		class Prices {

			private static final Logger logger = LoggerFactory.getLogger(Prices.class);

			private final EventQueue<PriceRequest> requests;

			private int asked; // no lock: what thenAccept does runs on the loop, too

			Prices(EventQueue<PriceRequest> requests) {
				this.requests = requests;
			}

			@OnTimer(every = "1s")
			void ask() {
				this.requests.request(new PriceRequest("tea"), Integer.class, Duration.ofSeconds(5))
					.thenAccept((price) -> logger.info("question {}: tea costs {}", ++this.asked, price));
			}

			@OnMessage(replies = true)
			CompletionStage<Integer> price(PriceRequest request) {
				return CompletableFuture.supplyAsync(request.article()::length);
			}

		}
		return Prices.class;
	}

	record PriceRequest(String article) {

	}

}
