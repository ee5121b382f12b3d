package dev.mainloop.autoconfigure;

import dev.mainloop.health.UnusableBlockHoundException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what it takes for calls that block the main loop to fail.
 */
class UnusableBlockHoundFailureAnalyzer extends AbstractFailureAnalyzer<UnusableBlockHoundException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnusableBlockHoundException cause) {
		return new FailureAnalysis(cause.getMessage() + ".", cause.remedy(), cause);
	}

}
