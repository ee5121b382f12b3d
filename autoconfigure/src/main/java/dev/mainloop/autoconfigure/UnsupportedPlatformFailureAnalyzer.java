package dev.mainloop.autoconfigure;

import dev.mainloop.UnsupportedPlatformException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what to do on a host that has no epoll.
 */
class UnsupportedPlatformFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedPlatformException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedPlatformException cause) {
		return new FailureAnalysis(cause.getMessage() + ".",
				"Run the application on Linux, for instance in a container, or set "
						+ "'mainloop.on-unsupported-platform' to 'warn' to start it without the main loop.",
				cause);
	}

}
