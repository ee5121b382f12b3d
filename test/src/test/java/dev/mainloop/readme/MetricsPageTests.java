package dev.mainloop.readme;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.RunningHandler;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.handler.MainLoops;
import dev.mainloop.health.BlockedHandlerWatch;
import dev.mainloop.test.AutoConfigureTestMainLoop;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the page on metrics to the meters that a running application has.
 */
@SpringBootTest(classes = MetricsPageTests.Application.class)
@AutoConfigureTestMainLoop
class MetricsPageTests {

	private static final Path PAGE = Path.of("..", "docs", "metrics.md");

	@Autowired
	private MeterRegistry registry;

	@Test
	void tableShouldHaveTheMetersOfAnApplication() throws Exception {
		List<String> table = Files.readAllLines(PAGE)
			.stream()
			.filter((line) -> line.startsWith("| `mainloop."))
			.toList();
		assertThat(this.registry.getMeters()
			.stream()
			.map(Meter::getId)
			.filter((id) -> id.getName().startsWith("mainloop."))
			.map(MetricsPageTests::row)
			.distinct()).containsExactlyInAnyOrderElementsOf(table);
	}

	private static String row(Meter.Id id) {
		String tags = id.getTags()
			.stream()
			.map(Tag::getKey)
			.sorted()
			.map("`%s`"::formatted)
			.collect(Collectors.joining(" "));
		return "| `%s` | %s | %s| %s| %s |".formatted(id.getName(), id.getType().name().toLowerCase(Locale.ROOT),
				cell(Objects.toString(id.getBaseUnit(), "")), cell(tags), id.getDescription());
	}

	private static String cell(String text) {
		return text.isEmpty() ? "" : text + " ";
	}

	@EnableAutoConfiguration
	@EventHandler
	static class Application {

		Application(EventQueue<String> queue) {
			assertThat(queue.size()).isZero();
		}

		@OnMessage
		void take(String message) {
		}

		/** The watch that there is where a thread runs the loop. */
		@Bean
		static BlockedHandlerWatch watch(MainLoop loop, ApplicationEventPublisher publisher) {
			return new BlockedHandlerWatch(MainLoops.of(loop), (place) -> Duration.ofDays(1), RunningHandler::source,
					publisher);
		}

	}

}
