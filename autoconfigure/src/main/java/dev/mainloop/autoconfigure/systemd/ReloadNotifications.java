package dev.mainloop.autoconfigure.systemd;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;

import dev.mainloop.annotation.OnSignal;
import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalInfo;
import dev.mainloop.handler.HandlerCall;
import dev.mainloop.handler.HandlerCallDecorator;
import dev.mainloop.handler.Placement;

import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

/**
 * Tells the service manager that the application loads its configuration anew while a
 * method handles the signal for it.
 */
final class ReloadNotifications implements HandlerCallDecorator {

	private final ServiceNotifications notifications;

	private final Signal signal;

	private final StringValueResolver values;

	ReloadNotifications(ServiceNotifications notifications, Signal signal, StringValueResolver values) {
		this.notifications = notifications;
		this.signal = signal;
		this.values = values;
	}

	@Override
	public <E> HandlerCall<E> decorate(HandlerCall<E> call, Placement place, String beanName, Method method,
			Annotation annotation) {
		if (this.notifications.manager().isEmpty() || !(annotation instanceof OnSignal handled) || !reloads(handled)) {
			return call;
		}
		return (event) -> {
			if (event instanceof SignalInfo info && !info.signal().equals(this.signal)) {
				call.invoke(event);
			}
			else {
				this.notifications.reload(() -> call.invoke(event));
			}
		};
	}

	private boolean reloads(OnSignal annotation) {
		return Arrays.stream(annotation.value())
			.map(this.values::resolveStringValue)
			.map(StringUtils::commaDelimitedListToStringArray)
			.flatMap(Arrays::stream)
			.anyMatch((name) -> Signal.of(name.trim()).equals(this.signal));
	}

}
