package dev.mainloop.handler;

import java.time.Duration;
import java.util.List;

import dev.mainloop.Timer;
import dev.mainloop.TimerTick;
import dev.mainloop.annotation.OnTimer;
import org.jspecify.annotations.Nullable;

import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.StringValueResolver;

/**
 * Binds {@link OnTimer} methods to timers.
 */
final class TimerBinder implements EventBinder<OnTimer> {

	private static final List<ArgumentResolver<Timer>> ARGUMENTS = List.of(
			ArgumentResolver.ofType(TimerTick.class, Timer::tick),
			ArgumentResolver.ofType(Timer.class, (timer) -> timer));

	private final StringValueResolver values;

	TimerBinder(StringValueResolver values) {
		this.values = values;
	}

	@Override
	public Class<OnTimer> annotationType() {
		return OnTimer.class;
	}

	@Override
	public EventBinding bind(HandlerMethod method, OnTimer annotation) {
		Duration period = duration(method, "every", annotation.every());
		Duration initialDelay = duration(method, "initialDelay", annotation.initialDelay());
		if (period.isZero() || period.isNegative()) {
			throw method.invalid("its period 'every' is '%s'".formatted(annotation.every()),
					"Set 'every' to more than zero.");
		}
		if (initialDelay.isNegative()) {
			throw method.invalid("its 'initialDelay' is '%s'".formatted(annotation.initialDelay()),
					"Set 'initialDelay' to zero or more.");
		}
		HandlerCall<Timer> call = method.call(ARGUMENTS);
		return (loop, opened) -> opened.accept(loop.every(method.name(), initialDelay, period, call::invoke));
	}

	private Duration duration(HandlerMethod method, String attribute, String text) {
		String value = resolve(method, attribute, text);
		try {
			return DurationFormatterUtils.detectAndParse((value != null) ? value : "");
		}
		catch (IllegalArgumentException ex) {
			throw method.invalid("its '%s' is '%s', which is no duration".formatted(attribute, value),
					"Set '%s' to a duration such as 250ms, 1s or PT1.5S.".formatted(attribute), ex);
		}
	}

	private @Nullable String resolve(HandlerMethod method, String attribute, String text) {
		try {
			return this.values.resolveStringValue(text);
		}
		catch (IllegalArgumentException ex) {
			throw method.invalid("its '%s' is '%s', which cannot be resolved".formatted(attribute, text),
					"Set the property, or give the placeholder a default.", ex);
		}
	}

}
