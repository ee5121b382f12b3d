package dev.mainloop.operations;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.management.ObjectName;

import com.jayway.jsonpath.DocumentContext;
import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnReadable;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.fd.EventFd;
import dev.mainloop.testing.LinuxTest;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests the endpoint of the main loop as operators see it: by HTTP and by JMX.
 */
@LinuxTest
class EndpointTests {

	private static final Duration LONG = Duration.ofSeconds(60);

	private static final String UNRESTRICTED = "--management.endpoint.mainloop.access=unrestricted";

	private static final String ORDERS = "EventQueue<" + Order.class.getName() + ">";

	private static final String STOPS = "EventQueue<" + Stop.class.getName() + ">";

	private static RunningApplication reader;

	private static RunningApplication writer;

	private static Instant started;

	@BeforeAll
	static void start() {
		started = Instant.now();
		reader = RunningApplication.start(Application.class);
		writer = RunningApplication.start(Application.class, UNRESTRICTED);
	}

	@AfterAll
	static void close() {
		reader.close();
		writer.close();
	}

	@Test
	void loopShouldBeShownWithAllItsSources() {
		DocumentContext loop = reader.json("mainloop");
		assertThat(loop.<Map<String, Object>>read("$")).containsEntry("name", "main")
			.containsEntry("state", "running")
			.containsEntry("multiplexer", "epoll")
			.containsEntry("thread", "mainloop")
			.containsKeys("signals", "iterations", "wakeUps")
			.doesNotContainKeys("failure", "multiplexerReason", "cpus", "loops");
		assertThat(Duration.parse(loop.read("$.busy"))).isGreaterThanOrEqualTo(Duration.ZERO);
		assertThat(Duration.parse(loop.read("$.idle"))).isGreaterThanOrEqualTo(Duration.ZERO);
		assertThat(loop.<List<String>>read("$.sources[*].name")).containsExactly(ORDERS, STOPS, "application events",
				"by hand", "handlers.beat", "handlers.look", "handlers.look", "handlers.wish");
		assertThat(source(reader, "by hand")).containsEntry("kind", "timer").containsEntry("handlers", List.of());
		assertThat(source(reader, "handlers.wish")).containsEntry("kind", "descriptor")
			.containsEntry("handlers", List.of("handlers.wish"))
			.containsEntry("events", 0)
			.containsEntry("enabled", true)
			.doesNotContainKeys("time", "lag", "pending", "queue", "timer")
			.extractingByKey("fd")
			.asString()
			.matches("fd \\d+ \\(eventfd\\)");
		assertThat(source(reader, "application events")).containsEntry("handlers", List.of("handlers.published"));
	}

	@Test
	void queueShouldBeShownWithWhatItHasAndHasDone() {
		reader.bean(Handlers.class).orders.send(new Order("tea"));
		reader.bean(Handlers.class).orders.send(new Order("nothing"));
		await().atMost(LONG).untilAsserted(() -> assertThat(source(reader, ORDERS)).containsEntry("errors", 1));
		Map<String, Object> queue = source(reader, ORDERS);
		assertThat(queue).containsEntry("kind", "queue")
			.containsEntry("handlers", List.of("handlers.place"))
			.containsEntry("events", 2)
			.containsEntry("pending", 0)
			.containsEntry("queue", Map.of("types", List.of(Order.class.getName()), "size", 0, "capacity", 8192, "sent",
					2, "handled", 2, "dropped", 0));
		assertThat(queue).extractingByKey("time", InstanceOfAssertFactories.MAP)
			.containsOnlyKeys("last", "mean", "max");
	}

	@Test
	void timerShouldBeShownWithItsNextExpiration() {
		DocumentContext source = reader.json("mainloop/handlers.beat");
		assertThat(source.<String>read("$.sources[0].timer.clock")).isEqualTo("MONOTONIC");
		assertThat(source.<String>read("$.sources[0].timer.period")).isEqualTo("PT1H");
		assertThat(source.<String>read("$.sources[0].timer.lateness")).isEqualTo("PT0S");
		assertThat(Instant.parse(source.read("$.sources[0].timer.next")))
			.isBetween(started.plus(Duration.ofMinutes(59)), Instant.now().plus(Duration.ofMinutes(61)));
	}

	@Test
	void allSourcesOfANameShouldBeSelected() {
		assertThat(reader.json("mainloop/handlers.look").<List<String>>read("$.sources[*].signal"))
			.containsExactlyInAnyOrder("SIGURG", "SIGWINCH");
		assertThat(reader.json("mainloop/by%20hand").<List<String>>read("$.sources[*].name"))
			.containsExactly("by hand");
		assertThat(reader.get("mainloop/handlers.nothing").statusCode()).isEqualTo(404);
	}

	@Test
	void sourceWhoseNameHasSlashesShouldBeSelected() {
		try (RunningApplication application = RunningApplication.start(Application.class, UNRESTRICTED)) {
			MainLoop loop = application.bean(MainLoop.class);
			for (String name : List.of("/dev/tty 0", "a/b/c")) {
				loop.every(name, Duration.ofDays(1), Duration.ofDays(1), (timer) -> {
				});
				String path = "mainloop/" + name.substring(name.startsWith("/") ? 1 : 0).replace(" ", "%20");
				assertThat(application.json(path).<List<String>>read("$.sources[*].name")).containsExactly(name);
				assertThat(application.post(path, "{\"enabled\": false}").statusCode()).isEqualTo(200);
				assertThat(application.json(path).<List<Boolean>>read("$.sources[*].enabled")).containsExactly(false);
			}
			assertThat(application.get("mainloop/a/b").statusCode()).isEqualTo(404);
			assertThat(application.post("mainloop/a/b", "{\"enabled\": false}").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void loopThatIsStuckShouldBeShownAsItIs() {
		try (RunningApplication application = RunningApplication.start(Application.class, UNRESTRICTED)) {
			Handlers handlers = application.bean(Handlers.class);
			Timers timers = application.bean(Timers.class);
			try {
				handlers.stops.send(new Stop());
				await().atMost(LONG)
					.untilAsserted(() -> assertThat(application.json("mainloop").<Map<String, Object>>read("$"))
						.extractingByKey("blockedHandler", InstanceOfAssertFactories.MAP)
						.containsEntry("name", "handlers.stop")
						.containsKeys("since", "duration"));
				Duration busy = busy(application);
				await().atMost(LONG).until(() -> busy(application).compareTo(busy) > 0);
				handlers.stops.send(new Stop());
				timers.due();
				assertThat(source(application, STOPS)).containsEntry("events", 1)
					.containsEntry("pending", 1)
					.extractingByKey("queue")
					.isEqualTo(Map.of("types", List.of(Stop.class.getName()), "size", 1, "capacity", 8192, "sent", 2,
							"handled", 1, "dropped", 0));
				await().atMost(LONG)
					.untilAsserted(() -> assertThat(source(application, "by hand")).containsEntry("pending", 1));
				assertThat(Duration
					.parse(application.json("mainloop/by%20hand").<String>read("$.sources[0].timer.lateness")))
					.isPositive();
				assertThat(enable(application, "by hand", false)).isEqualTo(200);
				assertThat(source(application, "by hand")).containsEntry("enabled", false);
			}
			finally {
				handlers.goesOn.countDown();
			}
			await().atMost(LONG)
				.untilAsserted(() -> assertThat(source(application, STOPS)).containsEntry("events", 2)
					.containsEntry("pending", 0)
					.containsKeys("time", "lag"));
			await().atMost(LONG)
				.untilAsserted(() -> assertThat(application.json("mainloop").<Map<String, Object>>read("$"))
					.doesNotContainKey("blockedHandler"));
		}
	}

	@Test
	void sourcesShouldNotBeWrittenUnlessThatIsOpened() {
		assertThat(enable(reader, ORDERS, false)).isEqualTo(405);
		assertThat(source(reader, ORDERS)).containsEntry("enabled", true);
	}

	@Test
	void sourceShouldBePausedAndResumed() {
		assertThat(enable(writer, ORDERS, false)).isEqualTo(200);
		writer.bean(Handlers.class).orders.send(new Order("tea"));
		assertThat(source(writer, ORDERS)).containsEntry("enabled", false)
			.containsEntry("events", 0)
			.containsEntry("pending", 1);
		assertThat(enable(writer, ORDERS, true)).isEqualTo(200);
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(source(writer, ORDERS)).containsEntry("enabled", true)
				.containsEntry("events", 1)
				.containsEntry("pending", 0));
	}

	@Test
	void writeThatCannotBeDoneShouldSayWhy() {
		assertThat(enable(writer, "handlers.nothing", false)).isEqualTo(404);
		assertThat(writer.post("mainloop/handlers.beat", "{}").statusCode()).isEqualTo(400);
		assertThat(writer.post("mainloop/handlers.beat", """
				{"enabled": "perhaps"}""").statusCode()).isEqualTo(400);
		assertThat(writer.post("mainloop", """
				{"enabled": false}""").statusCode()).isEqualTo(405);
		assertThat(source(writer, "handlers.beat")).containsEntry("enabled", true);
	}

	@Test
	void sourceThatIsDisabledShouldBeShownWithItsErrorAndResumed() {
		try (RunningApplication application = RunningApplication.start(Application.class, UNRESTRICTED,
				"--mainloop.handler-errors=disable", "--mainloop.handler-error-limit=1")) {
			application.bean(Handlers.class).orders.send(new Order("nothing"));
			await().atMost(LONG)
				.untilAsserted(() -> assertThat(source(application, ORDERS)).containsEntry("enabled", false)
					.containsEntry("errors", 1)
					.containsEntry("failure", "java.lang.IllegalArgumentException: There is nothing"));
			assertThat(enable(application, ORDERS, true)).isEqualTo(200);
			assertThat(source(application, ORDERS)).containsEntry("enabled", true).doesNotContainKey("failure");
		}
	}

	@Test
	void timesShouldBeTextWhateverTheApplicationHasJacksonWrite() {
		try (RunningApplication application = RunningApplication.start(Application.class,
				"--management.endpoints.jackson.isolated-json-mapper=false",
				"--spring.jackson.datatype.datetime.write-durations-as-timestamps=true",
				"--spring.jackson.datatype.datetime.write-dates-as-timestamps=true")) {
			DocumentContext loop = application.json("mainloop");
			assertThat(Duration.parse(loop.read("$.idle"))).isGreaterThanOrEqualTo(Duration.ZERO);
			List<String> next = loop.read("$.sources[?(@.name == 'handlers.beat')].timer.next");
			assertThat(Instant.parse(next.get(0))).isAfter(Instant.now());
		}
	}

	@Test
	void endpointShouldWorkByJmx() throws Exception {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.properties("spring.main.web-application-type=none", "spring.jmx.enabled=true",
					"management.endpoints.jmx.exposure.include=mainloop",
					"management.endpoint.mainloop.access=unrestricted")
			.run()) {
			assertThat(context.isRunning()).isTrue();
			assertThat(invoke("loop", new Object[0])).asInstanceOf(InstanceOfAssertFactories.MAP)
				.containsEntry("state", "running");
			assertThat(invoke("sources", new Object[] { "handlers.beat" })).asInstanceOf(InstanceOfAssertFactories.MAP)
				.containsOnlyKeys("sources");
			assertThat(invoke("enable", new Object[] { "handlers.nothing", false })).isNull();
			assertThat(invoke("enable", new Object[] { "handlers.beat", false }))
				.asInstanceOf(InstanceOfAssertFactories.MAP)
				.containsOnlyKeys("sources");
			assertThat(context.getBean(MainLoop.class).sources())
				.filteredOn((source) -> source.description().equals("handlers.beat"))
				.singleElement()
				.hasToString("handlers.beat")
				.extracting((source) -> source.state().toString())
				.isEqualTo("paused");
		}
	}

	private static Object invoke(String operation, Object[] arguments) throws Exception {
		String[] signature = (arguments.length > 1) ? new String[] { String.class.getName(), Boolean.class.getName() }
				: (arguments.length > 0) ? new String[] { String.class.getName() } : new String[0];
		return ManagementFactory.getPlatformMBeanServer()
			.invoke(new ObjectName("org.springframework.boot:type=Endpoint,name=Mainloop"), operation, arguments,
					signature);
	}

	private static Map<String, Object> source(RunningApplication application, String name) {
		return application.json("mainloop/" + RunningApplication.encoded(name)).read("$.sources[0]");
	}

	private static Duration busy(RunningApplication application) {
		return Duration.parse(application.json("mainloop").read("$.busy"));
	}

	private static int enable(RunningApplication application, String name, boolean enabled) {
		return application.post("mainloop/" + RunningApplication.encoded(name), """
				{"enabled": %s}""".formatted(enabled)).statusCode();
	}

	record Order(String dish) {

	}

	record Stop() {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		EventFd wishes() {
			return EventFd.open(0);
		}

		@Bean
		Handlers handlers(EventQueue<Order> orders, EventQueue<Stop> stops) {
			return new Handlers(orders, stops);
		}

		@Bean
		Timers timers(MainLoop loop) {
			return new Timers(loop);
		}

	}

	static class Timers {

		private final dev.mainloop.Timer timer;

		Timers(MainLoop loop) {
			this.timer = loop.every("by hand", Duration.ofDays(1), Duration.ofDays(1), (some) -> {
			});
		}

		void due() {
			this.timer.rescheduleAfter(Duration.ZERO);
		}

	}

	@EventHandler
	static class Handlers {

		private final EventQueue<Order> orders;

		private final EventQueue<Stop> stops;

		private final CountDownLatch goesOn = new CountDownLatch(1);

		Handlers(EventQueue<Order> orders, EventQueue<Stop> stops) {
			this.orders = orders;
			this.stops = stops;
		}

		@OnMessage
		void place(Order order) {
			if (order.dish.equals("nothing")) {
				throw new IllegalArgumentException("There is nothing");
			}
		}

		@OnMessage
		void stop(Stop stop) throws InterruptedException {
			this.goesOn.await(60, TimeUnit.SECONDS);
		}

		@OnMessage(applicationEvents = true)
		void published(StringBuilder event) {
		}

		@OnTimer(every = "1h", initialDelay = "1h")
		void beat() {
		}

		@OnSignal({ "URG", "WINCH" })
		void look() {
		}

		@OnReadable("wishes")
		void wish(EventFd wishes) {
		}

	}

}
