package dev.mainloop.operations;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import com.jayway.jsonpath.JsonPath;
import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopBuilder;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.kernel.DelegatingMultiplexer;
import dev.mainloop.multiplexer.IoMultiplexer;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests what probes are answered by HTTP.
 */
@LinuxTest
class HealthTests {

	private static final Duration LONG = Duration.ofSeconds(60);

	private static final String DOWN_AFTER = "--mainloop.blocked-handler.down-after=";

	private static final String LIVENESS = "--mainloop.liveness.enabled=true";

	private static final String PROBES = "--management.endpoint.health.probes.enabled=true";

	@Test
	void handlerThatBlocksForLongShouldTurnHealthAndLivenessDownUntilItReturns() {
		try (RunningApplication application = RunningApplication.start(Application.class, DOWN_AFTER + "300ms",
				LIVENESS, PROBES)) {
			Handlers handlers = application.bean(Handlers.class);
			try {
				awaitStatus(application, "health", 200);
				awaitStatus(application, "health/liveness", 200);
				handlers.stops.send(new Stop());
				awaitStatus(application, "health", 503);
				assertThat(mainloop(application.get("health"))).containsEntry("blockedHandler", "handlers.stop")
					.containsEntry("state", "running")
					.containsKeys("blockedSince", "blockedFor");
				awaitStatus(application, "health/liveness", 503);
			}
			finally {
				handlers.goesOn.countDown();
			}
			awaitStatus(application, "health", 200);
			awaitStatus(application, "health/liveness", 200);
		}
	}

	@Test
	void livenessShouldBeLeftAloneUnlessThatIsWanted() {
		try (RunningApplication application = RunningApplication.start(Application.class, DOWN_AFTER + "300ms",
				PROBES)) {
			Handlers handlers = application.bean(Handlers.class);
			try {
				handlers.stops.send(new Stop());
				awaitStatus(application, "health", 503);
				assertThat(application.get("health/liveness").statusCode()).isEqualTo(200);
			}
			finally {
				handlers.goesOn.countDown();
			}
		}
	}

	@Test
	void loopThatFailsShouldBeDownWithItsCause() {
		try (RunningApplication application = RunningApplication.start(FailingApplication.class, LIVENESS, PROBES)) {
			awaitStatus(application, "health/liveness", 200);
			application.bean(AtomicBoolean.class).set(true);
			application.bean(MainLoop.class).execute(() -> {
			});
			awaitStatus(application, "health", 503);
			assertThat(mainloop(application.get("health"))).containsEntry("state", "failed")
				.containsEntry("error", "java.lang.InternalError: injected");
			assertThat(application.json("mainloop").<Map<String, Object>>read("$")).containsEntry("state", "failed")
				.containsEntry("failure", "java.lang.InternalError: injected");
			awaitStatus(application, "health/liveness", 503);
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void logAndHealthShouldCountTheSameSources(CapturedOutput output) {
		try (RunningApplication application = RunningApplication.start(Application.class)) {
			assertThat(mainloop(application.get("health"))).containsEntry("sources",
					Map.of("descriptors", 0, "queues", 1, "signals", 2, "timers", 1));
			assertThat(output).contains("Main loop runs on epoll with 4 event sources");
		}
	}

	private static void awaitStatus(RunningApplication application, String path, int status) {
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(application.get(path))
				.satisfies((response) -> assertThat(response.statusCode()).as(response::body).isEqualTo(status)));
	}

	private static Map<String, Object> mainloop(HttpResponse<String> response) {
		return JsonPath.parse(response.body()).read("$.components.mainloop.details");
	}

	record Stop() {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Handlers handlers(EventQueue<Stop> stops) {
			return new Handlers(stops);
		}

	}

	@EventHandler
	static class Handlers {

		private final EventQueue<Stop> stops;

		private final CountDownLatch goesOn = new CountDownLatch(1);

		Handlers(EventQueue<Stop> stops) {
			this.stops = stops;
		}

		@OnMessage
		void stop(Stop stop) throws InterruptedException {
			this.goesOn.await(LONG.toSeconds(), TimeUnit.SECONDS);
		}

		@OnTimer(every = "1h")
		void beat() {
		}

		@OnSignal({ "URG", "WINCH" })
		void look() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class FailingApplication {

		@Bean
		AtomicBoolean failing() {
			return new AtomicBoolean();
		}

		@Bean
		MainLoop mainLoop(MainLoopBuilder builder, AtomicBoolean failing) {
			return builder.multiplexer(() -> new FailingMultiplexer(MultiplexerKind.EPOLL.get(), failing)).build();
		}

	}

	/** Throws an error in the middle of the loop, once that is wanted. */
	private static final class FailingMultiplexer extends DelegatingMultiplexer {

		private final AtomicBoolean failing;

		FailingMultiplexer(IoMultiplexer delegate, AtomicBoolean failing) {
			super(delegate);
			this.failing = failing;
		}

		@Override
		public int await(long timeoutNanos) {
			int ready = super.await(timeoutNanos);
			if (this.failing.get()) {
				throw new InternalError("injected");
			}
			return ready;
		}

	}

}
