package dev.mainloop.operations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.jayway.jsonpath.DocumentContext;
import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.Timer;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.testing.LinuxTest;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that Spring Boot's endpoint of scheduled tasks shows the timers of handler
 * methods.
 */
@LinuxTest
class ScheduledTasksTests {

	private static final Duration LONG = Duration.ofSeconds(60);

	private static RunningApplication application;

	private static Instant started;

	@BeforeAll
	static void start() {
		started = Instant.now();
		application = RunningApplication.start(Application.class, "--demo.cron=0 0 0 1 1 *");
	}

	@AfterAll
	static void close() {
		application.close();
	}

	@Test
	void timersShouldBeShownAmongTheScheduledTasks() {
		DocumentContext tasks = application.json("scheduledtasks");
		assertThat(tasks.<List<String>>read("$.fixedRate[*].runnable.target")).containsExactlyInAnyOrder(
				name("annotated"), name("hourly"), name("stuck"), name("failing"), name("paused"), name("twice"),
				name("twice"), name("faster"));
		assertThat(tasks.<List<String>>read("$.cron[*].runnable.target")).containsExactly(name("yearly"));
		assertThat(tasks.<List<Object>>read("$.fixedDelay[*]")).isEmpty();
		assertThat(tasks.<List<Object>>read("$.custom[*]")).isEmpty();
	}

	@Test
	void periodicTimerShouldBeShownWithItsNextExecution() {
		Map<String, Object> task = task("fixedRate", "hourly");
		assertThat(task).containsEntry("initialDelay", 1_800_000)
			.containsEntry("interval", 3_600_000)
			.doesNotContainKey("lastExecution");
		assertThat(time(task, "nextExecution")).isBetween(started.plus(Duration.ofMinutes(29)),
				Instant.now().plus(Duration.ofMinutes(31)));
		assertThat(application.json("scheduledtasks")
			.<List<Integer>>read("$.fixedRate[?(@.runnable.target == '" + name("twice") + "')].interval"))
			.containsExactlyInAnyOrder(7_200_000, 10_800_000);
	}

	@Test
	void calendarShouldBeShownWithItsNextExecution() {
		Map<String, Object> task = task("cron", "yearly");
		assertThat(task).containsEntry("expression", "0 0 0 1 1 *").doesNotContainKey("lastExecution");
		assertThat(time(task, "nextExecution")).isAfter(started).isBefore(started.plus(Duration.ofDays(367)));
	}

	@Test
	void lastExecutionShouldBeShownWithWhatCameOfIt() {
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(task("fixedRate", "failing"))
				.extractingByKey("lastExecution", InstanceOfAssertFactories.MAP)
				.containsEntry("status", "ERROR")
				.containsEntry("exception",
						Map.of("type", IllegalStateException.class.getName(), "message", "There is nothing")));
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(task("fixedRate", "faster"))
				.extractingByKey("lastExecution", InstanceOfAssertFactories.MAP)
				.containsEntry("status", "SUCCESS")
				.doesNotContainKey("exception"));
		assertThat(time(task("fixedRate", "faster"), "lastExecution")).isBetween(started.minusMillis(1), Instant.now());
	}

	@Test
	void methodThatRunsShouldBeShownAsStarted() {
		try (RunningApplication other = RunningApplication.start(Application.class, "--demo.cron=-")) {
			Handlers handlers = other.bean(Handlers.class);
			Timer stuck = timer(other, "handlers.stuck");
			try {
				stuck.rescheduleAfter(Duration.ZERO);
				await().atMost(LONG)
					.untilAsserted(() -> assertThat(task(other, "fixedRate", "stuck"))
						.extractingByKey("lastExecution", InstanceOfAssertFactories.MAP)
						.containsEntry("status", "STARTED"));
			}
			finally {
				handlers.goesOn.countDown();
			}
			await().atMost(LONG)
				.untilAsserted(() -> assertThat(task(other, "fixedRate", "stuck"))
					.extractingByKey("lastExecution", InstanceOfAssertFactories.MAP)
					.containsEntry("status", "SUCCESS"));
			assertThat(other.json("scheduledtasks").<List<Object>>read("$.cron[*]")).isEmpty();
		}
	}

	@Test
	void periodShouldBeTheOneThatTheMethodHasSet() {
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(task("fixedRate", "faster")).containsEntry("interval", 5_400_000));
	}

	@Test
	void timerThatIsPausedShouldHaveNoNextExecution() {
		assertThat(task("fixedRate", "paused")).containsKey("nextExecution");
		Timer paused = timer(application, "handlers.paused");
		paused.pause();
		assertThat(task("fixedRate", "paused")).doesNotContainKey("nextExecution").containsEntry("interval", 3_600_000);
		paused.resume();
		assertThat(task("fixedRate", "paused")).containsKey("nextExecution");
	}

	private static Timer timer(RunningApplication running, String name) {
		return (Timer) running.bean(MainLoop.class)
			.sources()
			.stream()
			.filter((EventSource source) -> source.description().equals(name))
			.findFirst()
			.orElseThrow();
	}

	private static Map<String, Object> task(String type, String method) {
		return task(application, type, method);
	}

	private static Map<String, Object> task(RunningApplication running, String type, String method) {
		return running.json("scheduledtasks")
			.<List<Map<String, Object>>>read("$.%s[?(@.runnable.target == '%s')]".formatted(type, name(method)))
			.get(0);
	}

	private static String name(String method) {
		return Handlers.class.getName() + "." + method;
	}

	@SuppressWarnings("unchecked")
	private static Instant time(Map<String, Object> task, String execution) {
		return Instant.parse(((Map<String, String>) task.get(execution)).get("time"));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableScheduling
	static class Application {

		@Bean
		Handlers handlers() {
			return new Handlers();
		}

	}

	@EventHandler
	static class Handlers {

		private final CountDownLatch goesOn = new CountDownLatch(1);

		@OnTimer(every = "1h", initialDelay = "30m")
		void hourly() {
		}

		@OnTimer(cron = "${demo.cron}", zone = "Europe/Berlin")
		void yearly() {
		}

		@OnTimer(every = "1h", initialDelay = "1h")
		void stuck() throws InterruptedException {
			this.goesOn.await(60, TimeUnit.SECONDS);
		}

		@OnTimer(every = "1h")
		void failing() {
			throw new IllegalStateException("There is nothing");
		}

		@OnTimer(every = "1h", initialDelay = "1h")
		void paused() {
		}

		@OnTimer(every = "2h", initialDelay = "2h")
		@OnTimer(every = "3h", initialDelay = "3h")
		void twice() {
		}

		@OnTimer(every = "-")
		void off() {
		}

		@OnTimer(every = "1h")
		void faster(Timer timer) {
			timer.period(Duration.ofMinutes(90));
		}

		@Scheduled(fixedRate = 3_600_000, initialDelay = 3_600_000)
		void annotated() {
		}

	}

}
