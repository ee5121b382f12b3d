package dev.mainloop.operations;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.jayway.jsonpath.DocumentContext;
import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnReadable;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.endpoint.MainLoopDescriptor;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Holds the page on the endpoint to what an application answers.
 */
@LinuxTest
class EndpointPageTests {

	private static final Pattern RESPONSE = Pattern.compile("^```json\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

	private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE);

	@Test
	void tableShouldHaveTheFieldsOfTheResponse() throws IOException {
		List<String> rows = ROW.matcher(page()).results().map((row) -> row.group(1)).toList();
		assertThat(rows).containsExactlyElementsOf(fields("", MainLoopDescriptor.class).toList());
	}

	private static Stream<String> fields(String prefix, Class<?> type) {
		return Stream.of(type.getRecordComponents()).flatMap((field) -> fields(prefix, field));
	}

	private static Stream<String> fields(String prefix, RecordComponent field) {
		String name = prefix + field.getName();
		if (field.getType().isRecord()) {
			return Stream.concat(Stream.of(name), fields(name + ".", field.getType()));
		}
		if (field.getGenericType() instanceof ParameterizedType list) {
			Type element = list.getActualTypeArguments()[0];
			return (element instanceof Class<?> some && some.isRecord() && some != MainLoopDescriptor.class)
					? Stream.concat(Stream.of(name), fields(name + "[].", some)) : Stream.of(name);
		}
		return Stream.of(name);
	}

	@Test
	void responseShouldBeThatOfTheApplication(@TempDir Path directory) throws IOException {
		try (RunningApplication application = RunningApplication.start(Application.class,
				"--demo.directory=" + directory)) {
			await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
				DocumentContext loop = application.json("mainloop");
				assertThat(loop.<List<Object>>read("$.sources[*].time")).hasSize(2);
				assertThat(loop.<List<Object>>read("$.sources[*].lag")).hasSize(2);
				assertThat(loop.<List<Integer>>read("$.sources[*].pending")).containsExactly(0, 0);
				Matcher response = RESPONSE.matcher(page());
				assertThat(response.find()).isTrue();
				assertThat(outline(loop.jsonString()
					.replace(Greeting.class.getName(), "com.example.Greeting")
					.replace(directory.toString(), "/tmp"))).isEqualTo(outline(response.group(1)));
			});
		}
	}

	/** Writes a response with what each of them has alone replaced. */
	private static String outline(String response) {
		return JsonMapper.shared()
			.readTree(response.replaceAll("\"PT[^\"]+\"", "\"a duration\"")
				.replaceAll("\"\\d{4}-\\d\\d-\\d\\dT[^\"]+Z\"", "\"an instant\"")
				.replaceAll("\\d+", "0"))
			.toPrettyString();
	}

	private static String page() throws IOException {
		return new ClassPathResource("endpoint.md").getContentAsString(StandardCharsets.UTF_8);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		FileDescriptor commands(@Value("${demo.directory}") Path directory) {
			return FileDescriptor.openFifo(directory.resolve("demo.commands"));
		}

		@Bean
		Greeter greeter(EventQueue<Greeting> greetings) {
			return new Greeter(greetings);
		}

	}

	record Greeting(String text) {

	}

	@EventHandler
	static class Greeter {

		private final EventQueue<Greeting> greetings;

		Greeter(EventQueue<Greeting> greetings) {
			this.greetings = greetings;
		}

		@OnTimer(every = "1s")
		void beat() {
			this.greetings.send(new Greeting("tick"));
		}

		@OnSignal("SIGHUP")
		void hangUp() {
		}

		@OnReadable("commands")
		void command(FileDescriptor commands) {
		}

		@OnMessage
		void greet(Greeting greeting) {
		}

	}

}
