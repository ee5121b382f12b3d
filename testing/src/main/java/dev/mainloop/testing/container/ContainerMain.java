package dev.mainloop.testing.container;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;

import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs tests in the container, and tells the host what happens to them on the standard
 * output, which is for that alone: what the tests print goes to the standard error.
 */
final class ContainerMain {

	/** The engine that runs the tests. */
	static final String ENGINE = "junit-jupiter";

	/** The id that the ids of its tests begin with. */
	static final String ENGINE_ID = UniqueId.forEngine(ENGINE).toString();

	/** The file with the unique ids of the tests, one on a line. */
	static final String TESTS = "/mainloop/tests";

	private ContainerMain() {
	}

	/**
	 * Runs the tests.
	 * @param arguments none
	 * @throws IOException if the list of the tests cannot be read
	 */
	public static void main(String... arguments) throws IOException {
		PrintStream events = System.out;
		System.setOut(System.err);
		ServiceLoader.load(ContainerReport.class)
			.forEach((report) -> System.out.println("In the container: " + report.text()));
		List<? extends DiscoverySelector> tests = Files.readAllLines(Path.of(TESTS))
			.stream()
			.map(DiscoverySelectors::selectUniqueId)
			.toList();
		LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
			.selectors(tests)
			.filters(EngineFilter.includeEngines(ENGINE))
			.build();
		LauncherFactory.create().execute(request, new TestEventWriter(events));
		System.exit(0);
	}

}
