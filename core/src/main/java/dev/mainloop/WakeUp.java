package dev.mainloop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.multiplexer.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * Ends the loop's wait from another thread, with a write to an eventfd only where the
 * loop waits or is about to.
 * <p>
 * One word says which. The loop sets it before it looks for work the last time before it
 * waits; a thread that adds work does so before it reads the word. Both are volatile, so
 * either the loop finds the work or the thread finds the word set. The one that clears it
 * writes to the eventfd, so that one wait costs one write however many threads add work;
 * one that cannot write sets it again for the next. The eventfd is edge-triggered where
 * that can be had: every write is then an event of its own and none needs a read.
 */
final class WakeUp implements Watcher, AutoCloseable {

	private static final VarHandle WAITING = Fields.handle(MethodHandles.lookup(), "waiting", boolean.class);

	private final EventFd eventFd;

	private final Trigger trigger;

	/** Who waits without the multiplexer; written before {@link #waiting} is set. */
	private @Nullable Thread parked;

	private volatile boolean waiting;

	/**
	 * Creates a wake-up.
	 * @param eventFd the eventfd, which is closed with this
	 * @param trigger how it is watched
	 */
	WakeUp(EventFd eventFd, Trigger trigger) {
		this.eventFd = eventFd;
		this.trigger = trigger;
		// What a sender needs is loaded here, and not where its stack may be used up.
		eventFd.add(0);
		this.waiting = true;
		claim();
	}

	@Override
	public FileDescriptor fd() {
		return this.eventFd;
	}

	@Override
	public Trigger trigger() {
		return this.trigger;
	}

	@Override
	public void ready(int readiness) {
		if (this.trigger != Trigger.EDGE) {
			this.eventFd.take();
		}
	}

	boolean isWaiting() {
		return this.waiting;
	}

	void beforeWait() {
		this.waiting = true;
	}

	void afterWait() {
		WAITING.setRelease(this, false);
	}

	/**
	 * Says that the loop is about to wait by {@link LockSupport#park}, and not for its
	 * descriptors.
	 */
	void beforePark() {
		this.parked = Thread.currentThread();
		beforeWait();
	}

	void afterPark() {
		afterWait();
		this.parked = null;
	}

	void wakeUp() {
		if (claim()) {
			boolean written = false;
			try {
				write();
				written = true;
			}
			finally {
				if (!written) {
					this.waiting = true;
				}
			}
		}
	}

	private boolean claim() {
		return this.waiting && WAITING.compareAndSet(this, true, false);
	}

	private void write() {
		Thread waiter = this.parked;
		if (waiter != null) {
			LockSupport.unpark(waiter);
			return;
		}
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

	@Override
	public String toString() {
		return "wake-up";
	}

}
