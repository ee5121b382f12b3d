package dev.mainloop.handler;

import java.time.Duration;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.StringValueResolver;

/**
 * Resolves the text of an annotation's attribute, which may have placeholders and SpEL
 * expressions, as that of Spring's own annotations.
 */
final class AttributeValues {

	private final StringValueResolver resolver;

	AttributeValues(ConfigurableBeanFactory beanFactory) {
		this.resolver = new EmbeddedValueResolver(beanFactory);
	}

	/**
	 * Resolves a text.
	 * @param method the method that has the annotation
	 * @param attribute the name of the attribute
	 * @param text the text
	 * @return what it stands for, without blanks around it, empty if that is {@code null}
	 * @throws InvalidHandlerException if it cannot be resolved
	 */
	String resolve(HandlerMethod method, String attribute, String text) {
		try {
			String value = this.resolver.resolveStringValue(text);
			return (value != null) ? value.trim() : "";
		}
		catch (IllegalArgumentException | BeansException ex) {
			throw method.invalid(
					"its '%s' is '%s', which cannot be resolved (%s)".formatted(attribute, text,
							NestedExceptionUtils.getMostSpecificCause(ex).getMessage()),
					"Set the property, or give the placeholder a default. If it is SpEL, correct the expression.", ex);
		}
	}

	/**
	 * Reads a duration.
	 * @param method the method that has the annotation
	 * @param attribute the name of the attribute
	 * @param value what its text stands for
	 * @return the duration
	 * @throws InvalidHandlerException if it is none
	 */
	static Duration duration(HandlerMethod method, String attribute, String value) {
		try {
			return DurationFormatterUtils.detectAndParse(value);
		}
		catch (IllegalArgumentException ex) {
			throw method.invalid("its '%s' is '%s', which is no duration".formatted(attribute, value),
					"Set '%s' to a duration such as 250ms, 1s or PT1.5S.".formatted(attribute), ex);
		}
	}

	/**
	 * Reads a duration of zero or more.
	 * @param method the method that has the annotation
	 * @param attribute the name of the attribute
	 * @param value what its text stands for
	 * @return the duration
	 * @throws InvalidHandlerException if it is none
	 */
	static Duration nonNegativeDuration(HandlerMethod method, String attribute, String value) {
		Duration duration = duration(method, attribute, value);
		if (duration.isNegative()) {
			throw method.invalid("its '%s' is '%s', which is less than zero".formatted(attribute, value),
					"Set '%s' to zero or more.".formatted(attribute));
		}
		return duration;
	}

}
