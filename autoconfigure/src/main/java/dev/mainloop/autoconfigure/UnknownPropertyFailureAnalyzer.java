package dev.mainloop.autoconfigure;

import java.util.Optional;
import java.util.stream.Collectors;

import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says what a misspelt property of the main loop was probably meant to be.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class UnknownPropertyFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
		if (!cause.getUnboundProperties()
			.stream()
			.allMatch((property) -> MainLoopPropertyNames.PREFIX.isAncestorOf(property.getName()))) {
			return null;
		}
		String description = cause.getUnboundProperties()
			.stream()
			.map(UnknownPropertyFailureAnalyzer::describe)
			.collect(Collectors.joining("%n".formatted(), "The main loop has no property of this name:%n".formatted(),
					""));
		String suggestions = cause.getUnboundProperties()
			.stream()
			.map((property) -> MainLoopPropertyNames.nearest(property.getName()))
			.flatMap(Optional::stream)
			.map("Did you mean '%s'? "::formatted)
			.collect(Collectors.joining());
		return new FailureAnalysis(description, suggestions + "Correct the name, or remove the property.", cause);
	}

	private static String describe(ConfigurationProperty property) {
		return "%n    Property: %s%n    Value: \"%s\"%n    Origin: %s".formatted(property.getName(),
				LogText.of(property.getValue()), property.getOrigin());
	}

}
