package dev.mainloop.test;

import java.time.Duration;

import dev.mainloop.fd.Pressure;
import dev.mainloop.fd.PressureResource;
import dev.mainloop.fd.PressureThreshold;
import dev.mainloop.fd.PressureTrigger;
import dev.mainloop.multiplexer.Readiness;

/**
 * A pressure trigger in memory.
 */
final class TestPressureTrigger extends PressureTrigger implements Pollable {

	private static final Pressure.Share NONE = new Pressure.Share(0, 0, 0, Duration.ZERO);

	private final PressureThreshold threshold;

	private Pressure pressure = new Pressure(NONE, NONE);

	private boolean passed;

	private long changes;

	private volatile Runnable loop = () -> {
	};

	TestPressureTrigger(PressureThreshold threshold) {
		super(threshold.toString());
		this.threshold = threshold;
	}

	boolean isOf(PressureResource resource) {
		return this.threshold.resource() == resource;
	}

	void pass(Pressure pressure) {
		synchronized (this) {
			this.pressure = pressure;
			this.passed = true;
			this.changes++;
		}
		this.loop.run();
	}

	@Override
	public synchronized Pressure pressure() {
		requireOpen();
		return this.pressure;
	}

	@Override
	public synchronized int readiness() {
		return this.passed ? Readiness.PRIORITY : 0;
	}

	@Override
	public synchronized void reported(int readiness) {
		if ((readiness & Readiness.PRIORITY) != 0) {
			this.passed = false;
		}
	}

	@Override
	public synchronized long changes() {
		return this.changes;
	}

	@Override
	public void watchedBy(Runnable loop) {
		this.loop = loop;
	}

}
