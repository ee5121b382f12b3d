package dev.mainloop.autoconfigure;

import java.util.Set;

import dev.mainloop.MainLoop;
import dev.mainloop.file.AsyncFiles;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.Unavailability;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Says why there is no main loop, to a bean that needs it.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class MissingMainLoopFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

	private static final Set<Class<?>> NEEDS_LOOP = Set.of(MainLoop.class, AsyncFiles.class);

	private final Environment environment;

	MissingMainLoopFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
		ResolvableType type = cause.getResolvableType();
		String reason = reason();
		if (type == null || !NEEDS_LOOP.contains(type.toClass()) || reason == null) {
			return null;
		}
		String bean = ErrnoFailureAnalyzer.beanName(rootFailure);
		return new FailureAnalysis(
				"%s needs the main loop, and there is none: %s."
					.formatted((bean != null) ? "The bean '" + bean + "'" : "The application", reason),
				"Have an ObjectProvider<%s> injected, which may have none, or leave the bean out, too."
					.formatted(type.toClass().getSimpleName()),
				cause);
	}

	private @Nullable String reason() {
		if (!OnMainLoopCondition.isEnabled(this.environment)) {
			return OnMainLoopCondition.ENABLED + " is false";
		}
		Unavailability unavailability = LibC.unavailability();
		return (unavailability != null) ? unavailability.cause() : null;
	}

}
