package dev.mainloop.readme;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Runs the handler of the documentation that has an instance on each loop of a group.
 */
@LinuxTest
class BasketsTests {

	@Test
	void everyItemShouldBeCountedInTheBasketOfItsCustomer() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
			.withPropertyValues("mainloop.loops.workers.count=4")
			.withBean(handler())
			.withBean(Customers.class)
			.run((context) -> {
				Customers customers = context.getBean(Customers.class);
				Map<String, Integer> expected = new HashMap<>();
				for (int i = 0; i < 100; i++) {
					customers.items.send(new Item("customer " + i % 10, i));
					expected.merge("customer " + i % 10, i, Integer::sum);
				}
				await().atMost(Duration.ofSeconds(20))
					.untilAsserted(() -> assertThat(customers.latest).isEqualTo(expected));
			});
	}

	private static Class<?> handler() {
		@EventHandler(loop = "workers")
		class Baskets {

			private final Map<String, Integer> items = new HashMap<>(); // its own

			private final EventQueue<Report> reports;

			Baskets(EventQueue<Report> reports) {
				this.reports = reports;
			}

			@OnMessage(key = "#item.customer")
			void add(Item item) {
				this.items.merge(item.customer(), item.count(), Integer::sum);
			}

			@OnTimer(every = "1s", instances = Instances.EACH)
			void report() {
				this.items.forEach((customer, count) -> this.reports.send(new Report(customer, count)));
			}

		}
		return Baskets.class;
	}

	record Item(String customer, int count) {

	}

	record Report(String customer, int count) {

	}

	@EventHandler
	static class Customers {

		private final Map<String, Integer> latest = new ConcurrentHashMap<>();

		@Autowired
		private EventQueue<Item> items;

		@OnMessage
		void report(Report report) {
			this.latest.put(report.customer(), report.count());
		}

	}

}
