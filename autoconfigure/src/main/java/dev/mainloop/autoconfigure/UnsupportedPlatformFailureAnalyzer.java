package dev.mainloop.autoconfigure;

import dev.mainloop.UnsupportedPlatformException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what to do on a host where the main loop cannot run.
 */
class UnsupportedPlatformFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedPlatformException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedPlatformException cause) {
		return new FailureAnalysis(cause.getMessage() + ".",
				cause.remedy()
						+ " Or set 'mainloop.on-unsupported-platform' to 'warn' to start the application without "
						+ "the main loop.",
				cause);
	}

}
