package dev.mainloop.autoconfigure;

import dev.mainloop.UnusableSignalException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says how a signal that the application handles by itself could reach the main loop.
 */
class UnusableSignalFailureAnalyzer extends AbstractFailureAnalyzer<UnusableSignalException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnusableSignalException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.remedy() + ".", cause);
	}

}
