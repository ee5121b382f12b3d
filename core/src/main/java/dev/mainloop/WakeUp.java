package dev.mainloop;

import java.util.concurrent.atomic.AtomicBoolean;

import dev.mainloop.fd.EventFd;

/**
 * Ends the loop's wait from another thread, with a write to an eventfd only where the
 * loop waits or is about to.
 * <p>
 * One word says which. The loop sets it before it looks for work the last time before it
 * waits; a thread that adds work does so before it reads the word. Both are volatile, so
 * either the loop finds the work or the thread finds the word set. The one that clears it
 * writes to the eventfd, so that one wait costs one write however many threads add work.
 * The eventfd is edge-triggered: every write is an event of its own and none needs a
 * read.
 */
final class WakeUp implements AutoCloseable {

	private final EventFd eventFd;

	private final AtomicBoolean waiting = new AtomicBoolean();

	WakeUp(EventFd eventFd) {
		this.eventFd = eventFd;
	}

	EventFd eventFd() {
		return this.eventFd;
	}

	void beforeWait() {
		this.waiting.set(true);
	}

	void afterWait() {
		this.waiting.setRelease(false);
	}

	void wakeUp() {
		if (this.waiting.get() && this.waiting.compareAndSet(true, false)) {
			write();
		}
	}

	/**
	 * Notes that the eventfd has ended a wait.
	 * @param edge whether its event was an edge, which does not come again
	 */
	void happened(boolean edge) {
		if (!edge) {
			this.eventFd.take();
		}
	}

	private void write() {
		try {
			this.eventFd.add(1);
		}
		catch (IllegalStateException ex) {
			if (this.eventFd.isOpen()) {
				throw ex;
			}
		}
	}

	@Override
	public void close() {
		this.eventFd.close();
	}

}
