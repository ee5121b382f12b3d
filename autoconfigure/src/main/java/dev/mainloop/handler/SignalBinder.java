package dev.mainloop.handler;

import java.util.ArrayList;
import java.util.List;

import dev.mainloop.UnusableSignalException;
import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalInfo;

import org.springframework.util.StringUtils;

/**
 * Binds {@link OnSignal} methods to signals.
 */
final class SignalBinder implements EventBinder<OnSignal> {

	private static final List<ArgumentResolver<SignalInfo>> ARGUMENTS = List.of(
			ArgumentResolver.ofType(SignalInfo.class, (info) -> info),
			ArgumentResolver.ofType(Signal.class, SignalInfo::signal));

	private final AttributeValues values;

	SignalBinder(AttributeValues values) {
		this.values = values;
	}

	@Override
	public Class<OnSignal> annotationType() {
		return OnSignal.class;
	}

	@Override
	public Instances instances(OnSignal annotation) {
		return annotation.instances();
	}

	@Override
	public EventBinding bind(HandlerMethod method, OnSignal annotation) {
		List<Signal> signals = signals(method, annotation);
		HandlerCall<SignalInfo> call = method.call(ARGUMENTS);
		return (loop, opened) -> {
			for (Signal signal : signals) {
				try {
					opened.accept(loop.onSignal(method.name(), signal, annotation.vetoExit(), call::invoke));
				}
				catch (UnusableSignalException ex) {
					throw method.invalid(String.valueOf(ex.getMessage()), ex.remedy() + ".", ex);
				}
			}
		};
	}

	private List<Signal> signals(HandlerMethod method, OnSignal annotation) {
		List<Signal> signals = new ArrayList<>();
		try {
			for (String value : annotation.value()) {
				for (String name : StringUtils
					.commaDelimitedListToStringArray(this.values.resolve(method, "value", value))) {
					Signal signal = Signal.of(name);
					if (signals.contains(signal)) {
						throw method.invalid("it names %s twice".formatted(signal.name()), "Name each signal once.");
					}
					signals.add(signal);
				}
			}
		}
		catch (IllegalArgumentException ex) {
			throw method.invalid(String.valueOf(ex.getMessage()), "Correct the name of the signal.", ex);
		}
		if (signals.isEmpty()) {
			throw method.invalid("it names no signal", "Name one, as in @OnSignal(\"SIGHUP\").");
		}
		return signals;
	}

}
