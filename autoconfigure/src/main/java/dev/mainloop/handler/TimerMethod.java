package dev.mainloop.handler;

import java.lang.reflect.Method;
import java.time.Duration;
import java.time.ZoneId;

import dev.mainloop.Timer;
import dev.mainloop.annotation.OnTimer;
import org.jspecify.annotations.Nullable;

/**
 * One timer of an {@link OnTimer} method. May be asked by any thread.
 */
public final class TimerMethod {

	private final Method method;

	private final @Nullable String cron;

	private final ZoneId zone;

	private final Duration initialDelay;

	private final Duration period;

	private volatile @Nullable Timer timer;

	private TimerMethod(Method method, @Nullable String cron, ZoneId zone, Duration initialDelay, Duration period) {
		this.method = method;
		this.cron = cron;
		this.zone = zone;
		this.initialDelay = initialDelay;
		this.period = period;
	}

	static TimerMethod periodic(Method method, Duration initialDelay, Duration period) {
		return new TimerMethod(method, null, ZoneId.systemDefault(), initialDelay, period);
	}

	static TimerMethod cron(Method method, String cron, ZoneId zone) {
		return new TimerMethod(method, cron, zone, Duration.ZERO, Duration.ZERO);
	}

	/** Notes the timer that was opened as the loop was started. */
	Timer opened(Timer opened) {
		this.timer = opened;
		return opened;
	}

	/**
	 * Returns the method.
	 * @return the method
	 */
	public Method method() {
		return this.method;
	}

	/**
	 * Returns the times at which it is called.
	 * @return the cron expression, or {@code null} if it is called once a period
	 */
	public @Nullable String cron() {
		return this.cron;
	}

	/**
	 * Returns the time zone of the cron expression.
	 * @return the zone
	 */
	public ZoneId zone() {
		return this.zone;
	}

	/**
	 * Returns the time from the start of the loop to the first call.
	 * @return the time, zero with a cron expression
	 */
	public Duration initialDelay() {
		return this.initialDelay;
	}

	/**
	 * Returns the time from one call to the next, unless the timer was given another.
	 * @return the time, zero with a cron expression
	 */
	public Duration period() {
		return this.period;
	}

	/**
	 * Returns the timer, which is another one after each start of the loop.
	 * @return the timer, possibly closed, or {@code null} before the first start
	 */
	public @Nullable Timer timer() {
		return this.timer;
	}

}
