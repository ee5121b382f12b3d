package dev.mainloop.test;

import java.io.PrintWriter;

import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

import org.springframework.aot.AotDetector;

/**
 * Runs {@link DescriptorSliceTests}.
 */
public final class TestAotProgram {

	private static final PrintWriter out = new PrintWriter(System.out, true);

	private TestAotProgram() {
	}

	public static void main(String[] args) {
		LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
			.selectors(DiscoverySelectors.selectClass(DescriptorSliceTests.class))
			.filters(EngineFilter.includeEngines("junit-jupiter"))
			.build();
		SummaryGeneratingListener listener = new SummaryGeneratingListener();
		LauncherFactory.create().execute(request, listener);
		out.println("AOT: %s, succeeded: %d, failures: %s".formatted(AotDetector.useGeneratedArtifacts(),
				listener.getSummary().getTestsSucceededCount(),
				listener.getSummary().getFailures().stream().map((failure) -> failure.getException()).toList()));
	}

}
