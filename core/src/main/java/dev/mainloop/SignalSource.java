package dev.mainloop;

import java.util.Objects;

import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalInfo;

/**
 * A signal. Several sources may have the same signal, of one loop or of several: each
 * loop gets it, and each of its handlers runs, in the order of registration. While all
 * sources are paused, the signal waits for the first to be resumed or registered. Of a
 * standard signal one waits, of a real-time signal each, in their order.
 * <p>
 * A handler for {@code SIGTERM} or {@code SIGINT} stands in the way of what the JVM does
 * with them. Once the handlers of all loops have run the process therefore exits in good
 * order, with 128 and the number of the signal, unless one of them vetoes it.
 */
public final class SignalSource extends EventSource {

	private final Loop loop;

	private final Keeper keeper;

	private final Signal signal;

	private final boolean vetoesExit;

	private final SignalHandler handler;

	private final SourceStatistics statistics = SourceStatistics.ofSingle();

	SignalSource(Loop loop, Keeper keeper, String description, Signal signal, boolean vetoesExit,
			SignalHandler handler) {
		super(description);
		this.loop = loop;
		this.keeper = keeper;
		this.signal = Objects.requireNonNull(signal, "'signal' must not be null");
		this.vetoesExit = vetoesExit;
		this.handler = Objects.requireNonNull(handler, "'handler' must not be null");
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

	@Override
	public Kind kind() {
		return Kind.SIGNAL;
	}

	@Override
	public SourceStatistics statistics() {
		return this.statistics;
	}

	@Override
	Loop loop() {
		return this.loop;
	}

	@Override
	void handle(Object event) throws Exception {
		this.handler.received((SignalInfo) event);
	}

	@Override
	void paused() {
		this.keeper.changed(this);
	}

	@Override
	void resumed() {
		this.keeper.changed(this);
	}

	@Override
	void closed() {
		this.loop.unlist(this);
		this.keeper.remove(this);
	}

	/** Who keeps the signal sources of a loop. */
	interface Keeper {

		/** Takes up that a source was paused, disabled or resumed. */
		void changed(SignalSource source);

		/** Takes a source off that is closed. */
		void remove(SignalSource source);

	}

}
