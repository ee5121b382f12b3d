package dev.mainloop.handler;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Supplier;

import dev.mainloop.ClockChange;
import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.Timer;
import dev.mainloop.TimerHandler;
import dev.mainloop.TimerTick;
import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.fd.ClockId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.support.CronExpression;

/**
 * Binds {@link OnTimer} methods to timers.
 */
final class TimerBinder implements EventBinder<OnTimer> {

	private static final Logger logger = LoggerFactory.getLogger(TimerBinder.class);

	private static final List<ArgumentResolver<Timer>> ARGUMENTS = List.of(
			ArgumentResolver.ofType(TimerTick.class, Timer::tick),
			ArgumentResolver.ofType(Timer.class, (timer) -> timer));

	private final AttributeValues values;

	private final ObjectProvider<TimerMethodListener> listeners;

	TimerBinder(AttributeValues values, ObjectProvider<TimerMethodListener> listeners) {
		this.values = values;
		this.listeners = listeners;
	}

	@Override
	public Class<OnTimer> annotationType() {
		return OnTimer.class;
	}

	@Override
	public Instances instances(OnTimer annotation) {
		return annotation.instances();
	}

	@Override
	public EventBinding bind(HandlerMethod method, OnTimer annotation) {
		Attributes attributes = new Attributes(method, this.values);
		String every = attributes.text("every", annotation.every());
		String cron = attributes.text("cron", annotation.cron());
		if (isOff(every) && isOff(cron)) {
			return off(method, annotation);
		}
		if (!isOff(every) && !isOff(cron)) {
			throw method.invalid("it has both 'every' and 'cron'", "Set one of 'every' and 'cron'.");
		}
		return isOff(cron) ? periodic(method, annotation, attributes) : cron(method, annotation, attributes, cron);
	}

	private static boolean isOff(String time) {
		return time.isEmpty() || time.equals(Scheduled.CRON_DISABLED);
	}

	private static EventBinding off(HandlerMethod method, OnTimer annotation) {
		if (annotation.every().isEmpty() && annotation.cron().isEmpty()) {
			throw method.invalid("it has neither 'every' nor 'cron'", "Set one of 'every' and 'cron'.");
		}
		method.call(ARGUMENTS);
		logger.debug("The timer of '%s' is off: %s".formatted(method, annotation));
		return (loop, opened) -> {
		};
	}

	private EventBinding periodic(HandlerMethod method, OnTimer annotation, Attributes attributes) {
		Duration period = attributes.duration("every", annotation.every());
		Duration initialDelay = attributes.duration("initialDelay", annotation.initialDelay());
		Duration slack = attributes.duration("slack", annotation.slack());
		if (period.isZero()) {
			throw method.invalid("its period 'every' is '%s'".formatted(annotation.every()),
					"Set 'every' to more than zero.");
		}
		if (!annotation.zone().isEmpty()) {
			throw method.invalid("it has a 'zone' and no 'cron'", "Remove 'zone'.");
		}
		TimerMethod timerMethod = TimerMethod.periodic(method.method(), initialDelay, period);
		HandlerCall<Timer> call = call(method, timerMethod);
		ClockId clock = annotation.clock();
		return (loop, opened) -> opened.accept(timerMethod.opened(open(method, clock,
				() -> timer(loop, method, clock, slack).every(initialDelay, period, call::invoke))));
	}

	private EventBinding cron(HandlerMethod method, OnTimer annotation, Attributes attributes, String cron) {
		if (!annotation.initialDelay().isEmpty()) {
			throw method.invalid("it has an 'initialDelay' and 'cron'", "Remove 'initialDelay'.");
		}
		if (annotation.clock() == ClockId.BOOTTIME || annotation.clock() == ClockId.BOOTTIME_ALARM) {
			throw method.invalid("its 'cron' cannot follow the clock %s".formatted(annotation.clock()),
					"Use REALTIME or REALTIME_ALARM, or set 'every' instead of 'cron'.");
		}
		ClockId clock = annotation.clock().isRealTime() ? annotation.clock() : ClockId.REALTIME;
		Duration slack = attributes.duration("slack", annotation.slack());
		CronTimes times = attributes.cron(cron, annotation.zone());
		TimerMethod timerMethod = TimerMethod.cron(method.method(), cron, times.zone());
		HandlerCall<Timer> call = call(method, timerMethod);
		return (loop, opened) -> {
			Instant first = times.after(loop.now());
			if (first == null) {
				throw method.invalid("its 'cron' is '%s', which never comes".formatted(cron), "Correct 'cron'.");
			}
			CronCalls calls = new CronCalls(loop, times, call, first);
			opened.accept(timerMethod.opened(open(method, clock,
					() -> timer(loop, method, clock, slack).onClockSet(calls::clockSet).at(first, calls))));
		};
	}

	private HandlerCall<Timer> call(HandlerMethod method, TimerMethod timerMethod) {
		HandlerCall<Timer> call = method.call(ARGUMENTS);
		for (TimerMethodListener listener : this.listeners) {
			call = listener.found(timerMethod, call);
		}
		return call;
	}

	private static Timer open(HandlerMethod method, ClockId clock, Supplier<Timer> timer) {
		try {
			return timer.get();
		}
		catch (IllegalStateException ex) {
			if (!clock.isAlarm()) {
				throw ex;
			}
			throw method.invalid(String.valueOf(ex.getMessage()),
					"Give the process the capability, or set 'clock' to one that does not need it.", ex);
		}
	}

	private static Timer.Builder timer(MainLoop loop, HandlerMethod method, ClockId clock, Duration slack) {
		return loop.timer(method.name()).clock(clock).slack(slack);
	}

	/**
	 * The times of a cron expression.
	 *
	 * @param expression the expression
	 * @param zone the zone that it is meant in
	 */
	private record CronTimes(CronExpression expression, ZoneId zone) {

		@Nullable Instant after(Instant time) {
			var next = this.expression.next(time.atZone(this.zone));
			return (next != null) ? next.toInstant() : null;
		}

	}

	/** Calls a method at the times of a cron expression, on the loop's thread. */
	private static final class CronCalls implements TimerHandler {

		private final MainLoop loop;

		private final CronTimes times;

		private final HandlerCall<Timer> call;

		private Instant next;

		CronCalls(MainLoop loop, CronTimes times, HandlerCall<Timer> call, Instant first) {
			this.loop = loop;
			this.times = times;
			this.call = call;
			this.next = first;
		}

		@Override
		public void expired(Timer timer) throws Exception {
			Instant due = Instant.EPOCH.plusNanos(timer.tick().deadlineNanos());
			Instant now = this.loop.now();
			// The clock may be set back at any time, which the loop is told of later.
			goOn(timer, now.isAfter(due) ? now : due);
			this.call.invoke(timer);
		}

		/**
		 * Works the next time out anew from what the clock shows now. One that it was set
		 * beyond is left, and so comes at once.
		 */
		void clockSet(Timer timer, ClockChange change) {
			Instant now = this.loop.now();
			if (this.next.isAfter(now)) {
				goOn(timer, now);
			}
		}

		private void goOn(Timer timer, Instant time) {
			Instant following = this.times.after(time);
			if (following == null) {
				return;
			}
			this.next = following;
			try {
				timer.rescheduleAt(following);
			}
			catch (IllegalStateException ex) {
				// Another thread may have closed it meanwhile.
				if (timer.state() != EventSource.State.CLOSED) {
					throw ex;
				}
			}
		}

	}

	/**
	 * The attributes of an annotation as text.
	 *
	 * @param method the method that has it
	 * @param values what resolves them
	 */
	private record Attributes(HandlerMethod method, AttributeValues values) {

		String text(String attribute, String text) {
			return this.values.resolve(this.method, attribute, text);
		}

		Duration duration(String attribute, String text) {
			String value = text(attribute, text);
			return value.isEmpty() ? Duration.ZERO : AttributeValues.nonNegativeDuration(this.method, attribute, value);
		}

		CronTimes cron(String cron, String zone) {
			String zoneId = text("zone", zone);
			try {
				return new CronTimes(CronExpression.parse(cron),
						zoneId.isEmpty() ? ZoneId.systemDefault() : ZoneId.of(zoneId));
			}
			catch (IllegalArgumentException ex) {
				throw this.method.invalid("its 'cron' is '%s', which is no cron expression".formatted(cron),
						"Write seconds, minutes, hours, days, months and weekdays, as in '0 30 6 * * MON-FRI': "
								+ ex.getMessage(),
						ex);
			}
			catch (DateTimeException ex) {
				throw this.method.invalid("its 'zone' is '%s', which is no time zone".formatted(zoneId),
						"Name one as in 'Europe/Berlin'.", ex);
			}
		}

	}

}
