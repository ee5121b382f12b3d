package dev.mainloop.handler;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnPressure;
import dev.mainloop.fd.Pressure;
import dev.mainloop.fd.PressureThreshold;
import dev.mainloop.fd.PressureTrigger;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.log.LogText;
import dev.mainloop.multiplexer.Readiness;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Binds {@link OnPressure} methods to pressure triggers.
 */
final class PressureBinder implements EventBinder<OnPressure> {

	private static final Logger logger = LoggerFactory.getLogger(PressureBinder.class);

	private final AttributeValues values;

	private final ObjectProvider<PressureTriggers> triggers;

	PressureBinder(AttributeValues values, ObjectProvider<PressureTriggers> triggers) {
		this.values = values;
		this.triggers = triggers;
	}

	@Override
	public Class<OnPressure> annotationType() {
		return OnPressure.class;
	}

	@Override
	public Instances instances(OnPressure annotation) {
		return annotation.instances();
	}

	@Override
	public EventBinding bind(HandlerMethod method, OnPressure annotation) {
		PressureThreshold threshold = threshold(method, annotation);
		HandlerCall<PressureTrigger> call = method
			.call(List.of(ArgumentResolver.ofType(Pressure.class, PressureTrigger::pressure),
					ArgumentResolver.ofType(PressureThreshold.class, (trigger) -> threshold)));
		Opened opened = new Opened();
		return (loop, told) -> {
			PressureTrigger trigger = opened.trigger(() -> open(method, annotation, threshold));
			if (trigger != null) {
				told.accept(loop.watch(method.name(), trigger, Readiness.PRIORITY,
						(fd, readiness) -> handle(call, trigger, readiness)));
			}
		};
	}

	private static void handle(HandlerCall<PressureTrigger> call, PressureTrigger trigger, Readiness readiness)
			throws Exception {
		if (readiness.isError()) {
			trigger.close();
			throw new IllegalStateException(
					"The pressure of %s is measured no more, as its control group is gone".formatted(trigger));
		}
		call.invoke(trigger);
	}

	private PressureThreshold threshold(HandlerMethod method, OnPressure annotation) {
		try {
			return new PressureThreshold(annotation.resource(), annotation.scope(), annotation.all(),
					duration(method, "stall", annotation.stall()), duration(method, "window", annotation.window()));
		}
		catch (IllegalArgumentException ex) {
			throw method.invalid(String.valueOf(ex.getMessage()), "Set 'stall' and 'window' to such durations.", ex);
		}
	}

	private Duration duration(HandlerMethod method, String attribute, String text) {
		return AttributeValues.duration(method, attribute, this.values.resolve(method, attribute, text));
	}

	private @Nullable PressureTrigger open(HandlerMethod method, OnPressure annotation, PressureThreshold threshold) {
		try {
			return this.triggers.getObject().open(threshold);
		}
		catch (ErrnoException ex) {
			String remedy = remedy(ex);
			if (annotation.required()) {
				throw method.invalid(String.valueOf(ex.getMessage()),
						remedy + " Or set 'required' to false, and the method is not called here.", ex);
			}
			logger.info("The method '{}' is not called, as the kernel does not tell of pressure: {}. {}",
					LogText.of(method.name()), ex.getMessage(), remedy);
			return null;
		}
	}

	private static String remedy(ErrnoException failure) {
		if (failure.is(Errno.EINVAL)) {
			return "Set 'window' to a multiple of 2s: others take the capability CAP_SYS_RESOURCE, as by "
					+ "'AmbientCapabilities=CAP_SYS_RESOURCE' in a systemd unit.";
		}
		if (failure.is(Errno.ENOENT) || failure.is(Errno.EOPNOTSUPP)) {
			return "Use a kernel that measures pressure (CONFIG_PSI, and psi=1 on its command line), and for a control "
					+ "group its version 2.";
		}
		if (failure.is(Errno.EROFS)) {
			return "Have control groups mounted into the container so that they can be written, or set 'scope' to SYSTEM.";
		}
		return ErrnoAdvice.of(failure);
	}

	/** The trigger of a method, which stays open while its loop is stopped. */
	private static final class Opened {

		private @Nullable PressureTrigger trigger;

		synchronized @Nullable PressureTrigger trigger(Supplier<@Nullable PressureTrigger> opening) {
			PressureTrigger before = this.trigger;
			if (before != null && before.isOpen()) {
				return before;
			}
			this.trigger = opening.get();
			return this.trigger;
		}

	}

}
