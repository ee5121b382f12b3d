package dev.mainloop.testing.container;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.EventType;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs {@code …Fixture} classes in a container and sees what comes back.
 */
@ContainerTest
@ExtendWith(OutputCaptureExtension.class)
class ContainerTestEngineTests {

	private final Map<String, String> propertiesBefore = new HashMap<>();

	private final CapturedOutput output;

	ContainerTestEngineTests(CapturedOutput output) {
		this.output = output;
	}

	@AfterEach
	void restoreProperties() {
		this.propertiesBefore.forEach((name, value) -> {
			if (value != null) {
				System.setProperty(name, value);
			}
			else {
				System.clearProperty(name);
			}
		});
	}

	@Test
	void testsShouldEndOnTheHostAsTheyDoInTheContainer() {
		List<String> results = run(MixedFixture.class, BrokenSetupFixture.class);
		assertThat(results).filteredOn((result) -> !result.startsWith("fails() FAILED"))
			.containsExactlyInAnyOrder("passes(TestReporter) SUCCESSFUL",
					"failsWithWhatCannotBeSent() FAILED Unsendable thread main",
					"isAborted() ABORTED org.opentest4j.TestAbortedException: Assumption failed: io_uring is refused",
					"isSkipped() SKIPPED", "[1] number = 1 SUCCESSFUL", "[2] number = 2 SUCCESSFUL",
					"takes(int) SUCCESSFUL", "passes() SUCCESSFUL", "Inner SUCCESSFUL", "MixedFixture SUCCESSFUL",
					"BrokenSetupFixture FAILED java.lang.IllegalStateException: no set-up",
					"Linux tests in a container SUCCESSFUL");
		assertThat(results).filteredOn((result) -> result.startsWith("fails() FAILED"))
			.singleElement()
			.satisfies((result) -> assertThat(result).hasSizeGreaterThan(MixedFixture.LONG)
				.contains("AssertionFailedError", "expected: \"one\""));
	}

	@Test
	void crashOfTheJvmShouldFailTheTestAndItsClass() {
		assertThat(run(CrashingFixture.class)).satisfiesExactly(
				(test) -> assertThat(test).startsWith("crashes() FAILED")
					.contains("ended before its tests did, with exit code 134", "SIGSEGV"),
				(fixture) -> assertThat(fixture).startsWith("CrashingFixture FAILED"),
				(root) -> assertThat(root).startsWith("Linux tests in a container FAILED"));
	}

	@Test
	void exitOfTheJvmShouldFailTheTestAndItsClass() {
		assertThat(run(ExitingFixture.class)).satisfiesExactly(
				(test) -> assertThat(test).startsWith("exits() FAILED")
					.contains("ended before its tests did, with exit code 0"),
				(fixture) -> assertThat(fixture).startsWith("ExitingFixture FAILED"),
				(root) -> assertThat(root).startsWith("Linux tests in a container FAILED"));
	}

	@Test
	void testThatNeverEndsShouldFailWithTheStacksOfItsThreads() {
		set(ContainerRun.TIMEOUT_PROPERTY, "5s");
		assertThat(run(HangingFixture.class)).satisfiesExactly(
				(test) -> assertThat(test).startsWith("hangs() FAILED").contains("said nothing for 5 seconds"),
				(fixture) -> assertThat(fixture).startsWith("HangingFixture FAILED"),
				(root) -> assertThat(root).startsWith("Linux tests in a container FAILED"));
		assertThat(this.output).contains("HangingFixture.hangs(HangingFixture.java");
	}

	@Test
	void missingImageShouldFailEveryClass() {
		set(JavaContainer.IMAGE_PROPERTY, "mainloop.invalid/missing:1");
		set(JavaContainer.PULL_PROPERTY, "false");
		assertThat(run(ExitingFixture.class, HangingFixture.class)).satisfiesExactly(
				(fixture) -> assertThat(fixture).startsWith("ExitingFixture FAILED")
					.contains("mainloop.invalid/missing:1"),
				(fixture) -> assertThat(fixture).startsWith("HangingFixture FAILED"),
				(root) -> assertThat(root).startsWith("Linux tests in a container FAILED"));
	}

	@Test
	void classThatDoesNotRunInTheContainerShouldFail(@TempDir Path directory) throws Exception {
		Path source = Files.writeString(directory.resolve("AbsentFixture.java"), """
				@dev.mainloop.testing.LinuxTest
				class AbsentFixture {
					@org.junit.jupiter.api.Test
					void isOnTheHostAlone() {
					}
				}
				""");
		assertThat(ToolProvider.getSystemJavaCompiler()
			.run(null, null, null, "-proc:none", "-cp", System.getProperty("java.class.path"), source.toString()))
			.isZero();
		try (URLClassLoader loader = new URLClassLoader(new URL[] { directory.toUri().toURL() })) {
			assertThat(run(loader.loadClass("AbsentFixture"))).anySatisfy(
					(fixture) -> assertThat(fixture).startsWith("AbsentFixture FAILED").contains("AbsentFixture"));
		}
	}

	private List<String> run(Class<?>... classes) {
		set(LinuxTestMode.PROPERTY, "true");
		return EngineTestKit.engine(new ContainerTestEngine())
			.selectors(Stream.of(classes).map(DiscoverySelectors::selectClass).toArray(ClassSelector[]::new))
			.execute()
			.allEvents()
			.stream()
			.filter((event) -> event.getType() == EventType.FINISHED || event.getType() == EventType.SKIPPED)
			.map(ContainerTestEngineTests::result)
			.toList();
	}

	private void set(String property, String value) {
		this.propertiesBefore.putIfAbsent(property, System.getProperty(property));
		System.setProperty(property, value);
	}

	private static String result(Event event) {
		String name = event.getTestDescriptor().getDisplayName();
		return event.getPayload(TestExecutionResult.class)
			.map((result) -> name + " " + result.getStatus()
					+ result.getThrowable().map((throwable) -> " " + throwable).orElse(""))
			.orElse(name + " SKIPPED");
	}

}
