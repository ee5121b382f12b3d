package dev.mainloop.pulse;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnTimer;

/**
 * Takes the samples. A timer calls it, and it sends each sample as a message to whoever
 * wants it.
 */
@EventHandler
class Sampler {

	private final MainLoop loop;

	private final Proc proc;

	private final EventQueue<Sample> samples;

	private CpuTimes lastTimes = CpuTimes.NONE;

	Sampler(MainLoop loop, Proc proc, EventQueue<Sample> samples) {
		this.loop = loop;
		this.proc = proc;
		this.samples = samples;
	}

	@OnTimer(every = "${pulse.sample-every}")
	void sample() throws IOException {
		CpuTimes times = this.proc.cpuTimes();
		double cpu = times.percentSince(this.lastTimes);
		this.lastTimes = times;
		Instant now = this.loop.now().truncatedTo(ChronoUnit.MILLIS);
		this.samples.send(new Sample(now, cpu, this.proc.memory(), this.proc.load(), this.proc.pressure()));
	}

}
