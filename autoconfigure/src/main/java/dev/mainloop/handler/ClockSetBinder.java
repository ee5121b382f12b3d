package dev.mainloop.handler;

import java.util.List;

import dev.mainloop.ClockChange;
import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnClockSet;

/**
 * Binds {@link OnClockSet} methods to the setting of the wall clock.
 */
final class ClockSetBinder implements EventBinder<OnClockSet> {

	@Override
	public Class<OnClockSet> annotationType() {
		return OnClockSet.class;
	}

	@Override
	public Instances instances(OnClockSet annotation) {
		return annotation.instances();
	}

	@Override
	public EventBinding bind(HandlerMethod method, OnClockSet annotation) {
		HandlerCall<ClockChange> call = method
			.call(List.of(ArgumentResolver.ofType(ClockChange.class, (change) -> change)));
		return (loop, opened) -> opened.accept(loop.onClockSet(method.name(), call::invoke));
	}

}
