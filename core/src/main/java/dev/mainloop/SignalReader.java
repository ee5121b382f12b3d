package dev.mainloop;

import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.SignalFd;
import dev.mainloop.multiplexer.IoMultiplexer;
import dev.mainloop.multiplexer.PollMultiplexer;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a signalfd on a thread of its own, which sleeps until a signal comes: those that
 * end the process have to be read also while no handler of a loop returns.
 */
final class SignalReader implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(SignalReader.class);

	private static final String NAME = "mainloop-signals";

	private final SignalFd signalFd;

	private final EventFd wakeUp;

	private final IoMultiplexer multiplexer;

	private final Consumer<SignalFd> action;

	private final Thread thread;

	private volatile boolean closed;

	/**
	 * Starts to read.
	 * @param signalFd opens the signalfd
	 * @param eventFd opens what ends the wait for it
	 * @param action takes what the signalfd has, on the thread of the reader
	 */
	SignalReader(Supplier<SignalFd> signalFd, Supplier<EventFd> eventFd, Consumer<SignalFd> action) {
		this.action = action;
		try (Rollback rollback = new Rollback()) {
			this.signalFd = rollback.add(signalFd.get());
			this.wakeUp = rollback.add(eventFd.get());
			this.multiplexer = rollback.add(new PollMultiplexer());
			this.multiplexer.add(this.signalFd, Readiness.READABLE, Trigger.LEVEL, 0);
			this.multiplexer.add(this.wakeUp, Readiness.READABLE, Trigger.LEVEL, 1);
			this.thread = Affinity.thread(this::run, NAME);
			this.thread.setDaemon(true);
			this.thread.start();
			rollback.keep();
		}
	}

	SignalFd signalFd() {
		return this.signalFd;
	}

	private void run() {
		try (this.multiplexer; this.wakeUp; this.signalFd) {
			while (!this.closed) {
				awaitSignals();
			}
		}
		catch (Throwable ex) {
			logger.error(
					"SIGTERM and SIGINT do not end the application any more, as the thread that reads them has failed: stop it "
							+ "in another way, or by SIGKILL",
					ex);
		}
	}

	private void awaitSignals() {
		try {
			this.multiplexer.await(-1);
			if (!this.closed) {
				this.action.accept(this.signalFd);
			}
		}
		catch (OutOfMemoryError ex) {
			// What was not read is there at the next look.
		}
	}

	/** Has the thread end, and close what it uses. */
	@Override
	public void close() {
		this.closed = true;
		if (this.thread.isAlive()) {
			this.wakeUp.add(1);
		}
	}

}
