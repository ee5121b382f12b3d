package dev.mainloop;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalFd;
import dev.mainloop.fd.SignalInfo;
import dev.mainloop.multiplexer.Trigger;

/**
 * Receives signals that every thread of the process blocks, through one signalfd. A
 * signal that is held or released stays pending in the kernel.
 */
final class SignalFdReceiver implements SignalReceiver {

	private final Set<Signal> accepted = new TreeSet<>();

	private final SignalFd signalFd;

	SignalFdReceiver(MainLoop loop, Consumer<SignalInfo> consumer) {
		this.signalFd = loop.platform().openSignalFd(this.accepted);
		DescriptorSource source = DescriptorSource.own(loop, "signalfd", this.signalFd, Trigger.LEVEL,
				(fd, readiness) -> this.signalFd.take(consumer));
		try {
			source.open();
		}
		catch (RuntimeException ex) {
			this.signalFd.close();
			throw ex;
		}
	}

	@Override
	public void receive(Signal signal) {
		if (this.accepted.add(signal)) {
			this.signalFd.accept(this.accepted);
		}
	}

	@Override
	public void hold(Signal signal) {
		if (this.accepted.remove(signal)) {
			this.signalFd.accept(this.accepted);
		}
	}

	@Override
	public void release(Signal signal) {
		hold(signal);
	}

	@Override
	public void close() {
		this.signalFd.close();
	}

}
