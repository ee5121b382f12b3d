package dev.mainloop.test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.mainloop.fd.Pressure;
import dev.mainloop.fd.PressureResource;
import dev.mainloop.fd.PressureThreshold;
import dev.mainloop.fd.PressureTrigger;

/**
 * The pressure triggers of a test's application.
 */
final class TestPressure {

	private final List<TestPressureTrigger> triggers = new CopyOnWriteArrayList<>();

	PressureTrigger open(PressureThreshold threshold) {
		TestPressureTrigger trigger = new TestPressureTrigger(threshold);
		this.triggers.add(trigger);
		return trigger;
	}

	void pass(PressureResource resource, Pressure pressure) {
		List<TestPressureTrigger> told = this.triggers.stream()
			.filter((trigger) -> trigger.isOpen() && trigger.isOf(resource))
			.toList();
		if (told.isEmpty()) {
			throw new IllegalStateException("No handler is told of the pressure of " + resource);
		}
		told.forEach((trigger) -> trigger.pass(pressure));
	}

}
