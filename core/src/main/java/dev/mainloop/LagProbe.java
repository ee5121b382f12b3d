package dev.mainloop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * Follows one message at a time from its sender to its handler. The loop asks for one,
 * and the next sender notes the time and the number of the message that is to come, which
 * is its own or one that was sent at the same moment.
 * <p>
 * One word says whose turn it is. Who moves it to {@link #TAKEN} alone writes the other
 * fields, and publishes them as it moves it on.
 */
final class LagProbe {

	/** Stands for no message, as the number of one that never comes. */
	static final long NONE = Long.MAX_VALUE;

	/** Stands for no time. */
	static final long UNKNOWN = -1;

	/** As often as this, floods are looked at. */
	private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

	/** No message is followed, and none is asked for. */
	private static final int IDLE = 0;

	/** The next message is to be followed. */
	private static final int WANTED = 1;

	/** A sender notes its message. */
	private static final int TAKEN = 2;

	/** A message is on its way. */
	private static final int SENT = 3;

	private static final VarHandle STATE = Fields.handle(MethodHandles.lookup(), "state", int.class);

	private volatile int state = WANTED;

	private long sentAt;

	private long number;

	/** When a message was followed last; owned by the loop's thread. */
	private long latest;

	boolean isIdle() {
		return this.state == IDLE;
	}

	boolean isWanted() {
		return this.state == WANTED;
	}

	/**
	 * Follows the message that is claimed next.
	 * @param claimed how many were claimed
	 * @param now the time
	 */
	void follow(long claimed, long now) {
		if (STATE.compareAndSet(this, WANTED, TAKEN)) {
			this.number = claimed + 1;
			this.sentAt = now;
			this.state = SENT;
		}
	}

	/** Takes back what {@link #follow} has said, as the message was not taken. */
	void giveUp() {
		STATE.compareAndSet(this, SENT, WANTED);
	}

	/**
	 * Returns the number of the message that is followed, or {@link #NONE}; on the loop's
	 * thread.
	 */
	long followed() {
		return (this.state == SENT) ? this.number : NONE;
	}

	/**
	 * Ends a message that has come, on the loop's thread.
	 * @param now the time
	 * @return how long it was on its way, or {@link #UNKNOWN} if its sender has given it
	 * up at this moment
	 */
	long end(long now) {
		long nanos = now - this.sentAt;
		if (!STATE.compareAndSet(this, SENT, (now - this.latest >= PAUSE_NANOS) ? WANTED : IDLE)) {
			return UNKNOWN;
		}
		this.latest = now;
		return Math.max(0, nanos);
	}

	/**
	 * Asks for another if the last was some time ago, on the loop's thread.
	 * @param now the time
	 */
	void renew(long now) {
		if (this.state == IDLE && now - this.latest >= PAUSE_NANOS) {
			this.state = WANTED;
		}
	}

}
