package dev.mainloop.autoconfigure;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.health.BlockingCallGuard;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import reactor.blockhound.BlockHound;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls that block, made by the handlers of {@link FailFastProgram}.
 */
@LinuxTest
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class FailFastTests {

	private static final String PROPERTY = "mainloop.blocked-handler.fail-fast";

	private static final String OPTION = "-XX:+AllowRedefinitionToAddDeleteMethods";

	private static final int RESULTS = 22;

	private static final String SLEEP = "java.lang.Thread" + ".sleep";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(MainLoopAutoConfiguration.class, MainLoopBlockingCallAutoConfiguration.class));

	/** As an agent, since a JRE may lack what it takes to load one later. */
	@Test
	void callsThatBlockShouldFail() throws Exception {
		List<String> told = told(run(List.of(OPTION, agent())));
		assertThat(told).hasSize(RESULTS)
			.startsWith("SLEEP: " + error("handler.call", SLEEP),
					"LATCH: " + error("handler.call", "java.util.concurrent.CountDownLatch.await"),
					"FUTURE: " + error("handler.call", "java.util.concurrent.CompletableFuture.join"), "LISTEN: passed",
					"FILE: " + error("handler.call", "java.io.FileInputStream.readAllBytes"),
					"SOCKET: " + error("handler.call", "java.net.Socket.<init>"),
					"PROCESS: " + error("handler.call", "java.lang.ProcessBuilder.start"))
			.endsWith("LOG: passed", "PRINT: passed", "QUEUE: passed", "EXECUTOR: passed", "SPIN: passed",
					"task: " + error("posted tasks", SLEEP), "loop of its own: " + error("other.take", SLEEP),
					"loop made by hand: passed", "worker: passed", "without the property: passed",
					"beside a context with the property: passed",
					"with the property again: " + error("handler.call", SLEEP),
					"thread of its own: " + error("handler.call", SLEEP), "thread of its own that has blocked: passed");
	}

	@Test
	void agentShouldBeLoadedLaterWhereTheRuntimeCan() throws Exception {
		List<String> output = run(List.of(OPTION));
		if (ModuleLayer.boot().findModule("jdk.attach").isPresent()) {
			assertThat(told(output)).hasSize(RESULTS)
				.contains("SLEEP: " + error("handler.call", SLEEP),
						"CHANNEL: " + error("handler.call", "java.nio.file.Files.readString"), "LOG: passed");
		}
		else {
			assertThat(output).anyMatch((line) -> line.contains("BlockHound cannot be installed"))
				.anyMatch((line) -> line.contains("Have the JVM load it at the start, by '-javaagent:'"));
		}
	}

	@Test
	void missingOptionShouldBeExplained() throws Exception {
		assertThat(run(List.of()))
			.contains("'%s' is true, and BlockHound needs the option %s of the JVM, which is off.".formatted(PROPERTY,
					OPTION.substring("-XX:+".length())))
			.contains("Start the JVM with '%s', or remove the property, which is for development.".formatted(OPTION));
	}

	@Test
	void missingLibraryShouldBeExplained() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("reactor.blockhound"))
			.withPropertyValues(PROPERTY + "=true")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessage("'%s' is true, and BlockHound is not on the class path", PROPERTY)
				.satisfies((ex) -> assertThat(new UnusableBlockHoundFailureAnalyzer().analyze(ex).getAction())
					.startsWith("Add the dependency 'io.projectreactor.tools:blockhound'")));
	}

	@Test
	void nothingShouldBeInstalledWithoutTheProperty() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(BlockingCallGuard.class));
		this.contextRunner.withPropertyValues(PROPERTY + "=")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(BlockingCallGuard.class));
		this.contextRunner.withPropertyValues(PROPERTY + "=true", "mainloop.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(BlockingCallGuard.class));
	}

	private static String error(String handler, String call) {
		return "BlockingCallError: The handler '%s' calls %s, which would block its loop".formatted(handler, call);
	}

	private static List<String> run(List<String> options) {
		try (JavaProgram program = JavaProgram.start(List.of(), options, FailFastProgram.class,
				"--" + PROPERTY + "=true", "--spring.main.banner-mode=off",
				"--mainloop.blocked-handler.enabled=false")) {
			return program.readLines();
		}
	}

	private static List<String> told(List<String> output) {
		List<String> told = new ArrayList<>();
		for (String line : output) {
			if (line.startsWith(FailFastProgram.TOLD)) {
				told.add(line.substring(FailFastProgram.TOLD.length()));
			}
		}
		assertThat(told).as(() -> String.join("\n", output)).isNotEmpty();
		return told;
	}

	private static String agent() throws URISyntaxException {
		return "-javaagent:" + Path.of(BlockHound.class.getProtectionDomain().getCodeSource().getLocation().toURI());
	}

}
