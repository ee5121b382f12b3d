package dev.mainloop.autoconfigure;

import dev.mainloop.handler.ErrnoAdvice;
import dev.mainloop.handler.InvalidHandlerException;
import dev.mainloop.libc.ErrnoException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what to do about a system call that failed, and for which bean it was.
 */
class ErrnoFailureAnalyzer extends AbstractFailureAnalyzer<ErrnoException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, ErrnoException cause) {
		if (findCause(rootFailure, InvalidHandlerException.class) != null) {
			return null;
		}
		String bean = beanName(rootFailure);
		String failure = "the system call " + cause.getMessage() + " failed";
		return new FailureAnalysis((bean != null) ? "The bean '%s' cannot be made: %s.".formatted(bean, failure)
				: "The application cannot start: %s.".formatted(failure), ErrnoAdvice.of(cause), cause);
	}

	/** Returns the name of the innermost bean that was being made. */
	static @Nullable String beanName(Throwable rootFailure) {
		String name = null;
		for (Throwable some = rootFailure; some != null; some = some.getCause()) {
			if (some instanceof BeanCreationException creation && creation.getBeanName() != null) {
				name = creation.getBeanName();
			}
		}
		return name;
	}

}
