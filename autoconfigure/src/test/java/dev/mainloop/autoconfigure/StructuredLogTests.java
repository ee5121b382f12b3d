package dev.mainloop.autoconfigure;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.jayway.jsonpath.JsonPath;
import dev.mainloop.log.LogKeys;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the keys of log lines by what an application with a structured log prints.
 */
@LinuxTest
class StructuredLogTests {

	private static final String WORKER = StructuredLogProgram.Worker.class.getName();

	private static final String FAIL = WORKER + ".fail";

	private static final String BLOCK = WORKER + ".block";

	private static final String FAILURES = "EventQueue<%s>".formatted(StructuredLogProgram.Failure.class.getName());

	private static final String BLOCKS = "EventQueue<%s>".formatted(StructuredLogProgram.Block.class.getName());

	@Test
	void linesShouldHaveTheirKeys() throws Exception {
		List<Map<String, Object>> lines = run();
		assertThat(only(lines, "The handler of", "failed for")).containsEntry(LogKeys.SOURCE, FAILURES)
			.containsEntry(LogKeys.HANDLER, FAIL)
			.containsEntry(LogKeys.EVENT, "Failure[name=failure 0]")
			.hasEntrySatisfying("stack_trace", (trace) -> assertThat(trace).asString().contains("on purpose"));
		assertThat(only(lines, "The handler of", "more times with")).containsEntry(LogKeys.SOURCE, FAILURES)
			.containsEntry(LogKeys.HANDLER, FAIL)
			.hasEntrySatisfying(LogKeys.REPETITIONS,
					(repetitions) -> assertThat(number(repetitions)).isEqualTo(StructuredLogProgram.FAILURES - 1));
		assertThat(lines).anySatisfy((line) -> assertThat(line).containsEntry(LogKeys.SOURCE, BLOCKS)
			.containsEntry(LogKeys.HANDLER, BLOCK)
			.doesNotContainKey(LogKeys.EVENT)
			.hasEntrySatisfying(LogKeys.DURATION, (millis) -> assertThat(number(millis)).isPositive()));
		assertThat(only(lines, BLOCK, "has returned after it blocked")).containsEntry(LogKeys.SOURCE, BLOCKS)
			.containsEntry(LogKeys.HANDLER, BLOCK)
			.containsEntry(LogKeys.EVENT, "Block[name=a block]")
			.hasEntrySatisfying(LogKeys.DURATION, (millis) -> assertThat(number(millis)).isPositive());
		assertThat(only(lines, "Main loop runs on")).containsEntry(LogKeys.MULTIPLEXER, "epoll")
			.containsEntry(LogKeys.SIGNALS, "none")
			.hasEntrySatisfying(LogKeys.SOURCES, (sources) -> assertThat(number(sources)).isEqualTo(2));
		assertThat(only(lines, "Main loop has stopped"))
			.hasEntrySatisfying(LogKeys.EVENTS,
					(events) -> assertThat(number(events)).isEqualTo(StructuredLogProgram.FAILURES + 1))
			.hasEntrySatisfying(LogKeys.MESSAGES, (left) -> assertThat(number(left)).isZero())
			.hasEntrySatisfying(LogKeys.DURATION, (millis) -> assertThat(number(millis)).isNotNegative());
		assertThat(used(lines)).isEqualTo(declared());
	}

	private static List<Map<String, Object>> run() throws Exception {
		List<Map<String, Object>> lines = new ArrayList<>();
		try (JavaProgram program = JavaProgram.start(List.of(), List.of(), StructuredLogProgram.class,
				"--spring.main.banner-mode=off", "--logging.config=classpath:structured-log.xml",
				"--logging.structured.format.console=logstash", "--mainloop.blocked-handler.warn-after=20ms")) {
			program.readLines()
				.stream()
				.filter((line) -> line.startsWith("{"))
				.forEach((line) -> lines.add(JsonPath.parse(line).json()));
			assertThat(program.exitCode()).isZero();
		}
		return lines;
	}

	private static Map<String, Object> only(List<Map<String, Object>> lines, String... parts) {
		List<Map<String, Object>> found = lines.stream()
			.filter((line) -> List.of(parts).stream().allMatch(String.valueOf(line.get("message"))::contains))
			.toList();
		assertThat(found).hasSize(1);
		return found.get(0);
	}

	private static long number(Object value) {
		assertThat(value).isInstanceOf(Number.class);
		return ((Number) value).longValue();
	}

	private static Set<String> used(List<Map<String, Object>> lines) {
		Set<String> used = new TreeSet<>();
		lines.forEach((line) -> used.addAll(line.keySet()));
		used.removeIf((key) -> !key.startsWith("mainloop."));
		return used;
	}

	private static Set<String> declared() throws IllegalAccessException {
		Set<String> declared = new TreeSet<>();
		for (Field field : LogKeys.class.getFields()) {
			declared.add((String) field.get(null));
		}
		return declared;
	}

}
