package dev.mainloop.autoconfigure;

import dev.mainloop.UnusableCpusException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which processors a loop could be pinned to.
 */
class UnusableCpusFailureAnalyzer extends AbstractFailureAnalyzer<UnusableCpusException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnusableCpusException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.remedy() + ".", cause);
	}

}
