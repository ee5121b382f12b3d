package dev.mainloop.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import dev.mainloop.fd.PressureThreshold;
import dev.mainloop.fd.PressureTrigger;
import dev.mainloop.libc.ErrnoException;

import org.springframework.beans.factory.DisposableBean;

/**
 * The pressure triggers of the handlers of an application, which it closes at its end.
 * May be used by any thread.
 */
public final class PressureTriggers implements DisposableBean {

	private final Function<PressureThreshold, PressureTrigger> opening;

	private final List<PressureTrigger> triggers = new ArrayList<>();

	/**
	 * Creates them.
	 * @param opening opens one
	 */
	public PressureTriggers(Function<PressureThreshold, PressureTrigger> opening) {
		this.opening = opening;
	}

	/**
	 * Opens a trigger.
	 * @throws ErrnoException if the kernel refuses
	 */
	synchronized PressureTrigger open(PressureThreshold threshold) {
		PressureTrigger trigger = this.opening.apply(threshold);
		this.triggers.add(trigger);
		return trigger;
	}

	@Override
	public synchronized void destroy() {
		this.triggers.forEach(PressureTrigger::close);
		this.triggers.clear();
	}

}
