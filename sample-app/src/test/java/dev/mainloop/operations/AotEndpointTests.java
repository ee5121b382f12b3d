package dev.mainloop.operations;

import java.nio.file.Path;
import java.util.List;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import dev.mainloop.endpoint.BlockedHandlerDescriptor;
import dev.mainloop.endpoint.DurationsDescriptor;
import dev.mainloop.endpoint.MainLoopDescriptor;
import dev.mainloop.endpoint.QueueDescriptor;
import dev.mainloop.endpoint.SourceDescriptor;
import dev.mainloop.endpoint.SourcesDescriptor;
import dev.mainloop.endpoint.TimerDescriptor;
import dev.mainloop.testing.AheadOfTime;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the endpoint in an application that Spring has processed ahead of time.
 */
@LinuxTest
class AotEndpointTests {

	@Test
	void endpointShouldAnswerInAProcessedApplication(@TempDir Path directory) throws Exception {
		AheadOfTime processed = AheadOfTime.process(AotEndpointProgram.class, directory);
		assertThat(List.of(MainLoopDescriptor.class, SourcesDescriptor.class, SourceDescriptor.class,
				QueueDescriptor.class, TimerDescriptor.class, DurationsDescriptor.class,
				BlockedHandlerDescriptor.class))
			.allSatisfy((type) -> assertThat(processed.metadata()).contains('"' + type.getName() + '"'));
		List<String> options = List.of("-cp", processed.classPath(), "-Dspring.aot.enabled=true");
		List<String> lines;
		try (JavaProgram program = JavaProgram.start(List.of(), options, AotEndpointProgram.class)) {
			lines = program.readLines();
			assertThat(program.exitCode()).isZero();
		}
		assertThat(lines).contains("AOT: true");
		List<String> answers = lines.stream().filter((line) -> line.startsWith("{")).toList();
		assertThat(answers).as(() -> String.join("\n", lines)).hasSize(4);
		DocumentContext loop = JsonPath.parse(answers.get(0));
		assertThat(loop.<String>read("$.state")).isEqualTo("running");
		assertThat(loop.<List<String>>read("$.sources[*].name")).containsExactly("handlers.beat");
		assertThat(JsonPath.parse(answers.get(1)).<Boolean>read("$.sources[0].enabled")).isTrue();
		assertThat(JsonPath.parse(answers.get(2)).<Boolean>read("$.sources[0].enabled")).isFalse();
		assertThat(JsonPath.parse(answers.get(3)).<List<String>>read("$.fixedRate[*].runnable.target"))
			.containsExactly(AotEndpointProgram.Handlers.class.getName() + ".beat");
	}

}
