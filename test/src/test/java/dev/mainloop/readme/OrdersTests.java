package dev.mainloop.readme;

import java.time.Duration;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.annotation.QueueName;
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
 * Runs the handlers of the documentation that send each other messages, which are out of
 * reach of the component scan of its other example.
 */
@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class OrdersTests {

	@Test
	void ordersShouldBecomeInvoices(CapturedOutput output) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
			.withBean(handler())
			.run((context) -> await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(output).contains("Invoice[total=150]")));
	}

	private static Class<?> handler() {
		@EventHandler
		class Orders {

			private static final Logger logger = LoggerFactory.getLogger(Orders.class);

			private final EventQueue<Order> orders;

			Orders(@QueueName("orders") EventQueue<Order> orders) {
				this.orders = orders;
			}

			@OnTimer(every = "1s")
			void order() {
				this.orders.send(new Order(150));
			}

			@OnMessage(queue = "orders", condition = "#order.total > 100")
			Invoice check(Order order) {
				return new Invoice(order.total());
			}

			@OnMessage
			void print(Invoice invoice) { // what check has returned
				logger.info("{}", invoice);
			}

		}
		return Orders.class;
	}

	record Order(int total) {

	}

	record Invoice(int total) {

	}

}
