package dev.mainloop.trace;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.testing.LinuxTest;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.test.simple.SimpleSpan;
import io.micrometer.tracing.test.simple.SimpleTracer;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Follows a request from the web server through the handlers of messages.
 */
@LinuxTest
@SpringBootTest(classes = TraceTests.Application.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
class TraceTests {

	@LocalServerPort
	private int port;

	@Autowired
	private SimpleTracer tracer;

	@Test
	void requestAndHandlersOfItsMessagesShouldBeOneTrace() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/orders".formatted(this.port)))
			.POST(HttpRequest.BodyPublishers.ofString("book"))
			.build();
		HttpResponse<Void> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
		assertThat(response.statusCode()).isEqualTo(200);
		await().atMost(Duration.ofMinutes(1))
			.untilAsserted(() -> assertThat(this.tracer.getSpans()).hasSize(3)
				.allSatisfy((span) -> assertThat(span.getEndTimestamp()).isAfterOrEqualTo(span.getStartTimestamp())));
		SimpleSpan web = span("http post /orders");
		SimpleSpan place = span("orders.place");
		SimpleSpan bill = span("orders.bill");
		assertThat(List.of(web, place, bill)).extracting(SimpleSpan::getTraceId).containsOnly(web.getTraceId());
		assertThat(web.getTraceId()).isNotEmpty();
		assertThat(web.getParentId()).isEmpty();
		assertThat(place.getParentId()).isEqualTo(web.getSpanId());
		assertThat(bill.getParentId()).isEqualTo(place.getSpanId());
		assertThat(bill.getTags()).containsEntry("kind", "message").containsEntry("exception", "none");
	}

	private SimpleSpan span(String name) {
		return this.tracer.getSpans().stream().filter((span) -> span.getName().equals(name)).findFirst().orElseThrow();
	}

	record Order(String article) {

	}

	record Invoice(String article) {

	}

	@RestController
	static class Shop {

		private final EventQueue<Order> orders;

		Shop(EventQueue<Order> orders) {
			this.orders = orders;
		}

		@PostMapping("/orders")
		void order(@RequestBody String article) {
			this.orders.send(new Order(article));
		}

	}

	@EventHandler("orders")
	static class Orders {

		@OnMessage
		Invoice place(Order order) {
			return new Invoice(order.article);
		}

		@OnMessage
		void bill(Invoice invoice) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Shop.class, Orders.class })
	static class Application {

		@Bean
		SimpleTracer tracer() {
			return new SimpleTracer();
		}

		@Bean
		DefaultTracingObservationHandler tracing(SimpleTracer tracer) {
			return new DefaultTracingObservationHandler(tracer);
		}

	}

}
