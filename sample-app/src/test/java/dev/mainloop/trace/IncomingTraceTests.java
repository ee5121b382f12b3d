package dev.mainloop.trace;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import brave.Tracing;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.ThreadLocalCurrentTraceContext;
import brave.propagation.TraceContext;
import dev.mainloop.testing.LinuxTest;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.brave.bridge.BraveBaggageManager;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BravePropagator;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import io.micrometer.tracing.brave.bridge.W3CPropagation;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
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

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Follows a request that belongs to the trace of who sends it, by the header of W3C Trace
 * Context.
 */
@LinuxTest
@SpringBootTest(classes = IncomingTraceTests.Application.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
class IncomingTraceTests {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final String CALLER = "b7ad6b7169203331";

	@LocalServerPort
	private int port;

	@Autowired
	private Spans spans;

	@Test
	void handlersShouldBelongToTheTraceOfTheRequest() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/orders".formatted(this.port)))
			.header("traceparent", "00-%s-%s-01".formatted(TRACE, CALLER))
			.POST(HttpRequest.BodyPublishers.ofString("book"))
			.build();
		HttpResponse<Void> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
		assertThat(response.statusCode()).isEqualTo(200);
		await().atMost(Duration.ofMinutes(1)).until(() -> this.spans.ended.size() >= 3);
		assertThat(this.spans.ended).extracting(MutableSpan::name)
			.containsExactlyInAnyOrder("http post /orders", "orders.place", "orders.bill");
		assertThat(this.spans.ended).extracting(MutableSpan::traceId).containsOnly(TRACE);
		assertThat(span("http post /orders").parentId()).isEqualTo(CALLER);
		assertThat(span("orders.place").parentId()).isEqualTo(span("http post /orders").id());
		assertThat(span("orders.bill").parentId()).isEqualTo(span("orders.place").id());
	}

	private MutableSpan span(String name) {
		return this.spans.ended.stream().filter((span) -> name.equals(span.name())).findFirst().orElseThrow();
	}

	/** The spans that have ended. */
	static final class Spans extends SpanHandler {

		private final List<MutableSpan> ended = new CopyOnWriteArrayList<>();

		@Override
		public boolean end(TraceContext context, MutableSpan span, Cause cause) {
			return this.ended.add(span);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ TraceTests.Shop.class, TraceTests.Orders.class })
	static class Application {

		@Bean
		Spans spans() {
			return new Spans();
		}

		@Bean
		Tracing tracing(Spans spans) {
			return Tracing.newBuilder()
				.traceId128Bit(true)
				.supportsJoin(false)
				.propagationFactory(new W3CPropagation())
				.currentTraceContext(ThreadLocalCurrentTraceContext.create())
				.addSpanHandler(spans)
				.build();
		}

		@Bean
		Tracer tracer(Tracing tracing) {
			return new BraveTracer(tracing.tracer(), new BraveCurrentTraceContext(tracing.currentTraceContext()),
					new BraveBaggageManager());
		}

		@Bean
		ObservationHandler<?> handler(Tracing tracing, Tracer tracer) {
			return new ObservationHandler.FirstMatchingCompositeObservationHandler(
					new PropagatingReceiverTracingObservationHandler<>(tracer, new BravePropagator(tracing)),
					new DefaultTracingObservationHandler(tracer));
		}

	}

}
