package dev.mainloop;

import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalInfo;

/**
 * A signal. Several sources may have the same signal; each of their handlers runs, in the
 * order of registration. While all of them are paused, the signal waits for the first to
 * be resumed.
 * <p>
 * A handler for {@code SIGTERM} or {@code SIGINT} stands in the way of what the JVM does
 * with them. Once the handlers have run the process therefore exits in good order, with
 * 128 and the number of the signal, unless one of them vetoes it.
 */
public final class SignalSource extends EventSource {

	private final Signal signal;

	private final boolean vetoesExit;

	private final SignalHandler handler;

	SignalSource(MainLoop loop, String description, Signal signal, boolean vetoesExit, SignalHandler handler) {
		super(loop, description);
		this.signal = signal;
		this.vetoesExit = vetoesExit;
		this.handler = handler;
	}

	/**
	 * Returns the signal.
	 * @return the signal
	 */
	public Signal signal() {
		return this.signal;
	}

	boolean vetoesExit() {
		return this.vetoesExit;
	}

	void dispatch(SignalInfo info) {
		try {
			this.handler.received(info);
			succeeded();
		}
		catch (Throwable ex) {
			loop().errors().happened(this, info, ex);
		}
	}

	@Override
	void paused() {
		loop().signals().changed(this.signal);
	}

	@Override
	void resumed() {
		loop().signals().changed(this.signal);
	}

	@Override
	void closed() {
		loop().signals().remove(this);
	}

}
