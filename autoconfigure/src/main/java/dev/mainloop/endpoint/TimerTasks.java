package dev.mainloop.endpoint;

import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

import dev.mainloop.Timer;
import dev.mainloop.handler.HandlerCall;
import dev.mainloop.handler.TimerMethod;
import dev.mainloop.handler.TimerMethodListener;

import org.springframework.scheduling.config.CronTask;
import org.springframework.scheduling.config.FixedRateTask;
import org.springframework.scheduling.config.ScheduledTask;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.scheduling.config.TaskExecutionOutcome;
import org.springframework.scheduling.support.CronTrigger;

/**
 * Shows the timers of handler methods as scheduled tasks of Spring's. They stay timers of
 * the loop, which runs them; cancelling a task closes its timer.
 */
public final class TimerTasks implements ScheduledTaskHolder, TimerMethodListener {

	private final Set<ScheduledTask> tasks = new CopyOnWriteArraySet<>();

	@Override
	public HandlerCall<Timer> found(TimerMethod method, HandlerCall<Timer> call) {
		TimerCall timed = new TimerCall(method, call);
		ScheduledTaskRegistrar registrar = new ScheduledTaskRegistrar();
		registrar.setTaskScheduler(new TimerFuture(method));
		String cron = method.cron();
		ScheduledTask task = (cron != null)
				? registrar.scheduleCronTask(new Cron(timed, new CronTrigger(cron, method.zone())))
				: registrar.scheduleFixedRateTask(new FixedRate(timed, method));
		if (task != null) {
			this.tasks.add(task);
		}
		return timed;
	}

	@Override
	public Set<ScheduledTask> getScheduledTasks() {
		return Collections.unmodifiableSet(this.tasks);
	}

	private static final class Cron extends CronTask {

		private final TimerCall call;

		Cron(TimerCall call, CronTrigger trigger) {
			super(call, trigger);
			this.call = call;
		}

		@Override
		public TaskExecutionOutcome getLastExecutionOutcome() {
			return this.call.outcome();
		}

	}

	private static final class FixedRate extends FixedRateTask {

		private final TimerCall call;

		private final TimerMethod method;

		FixedRate(TimerCall call, TimerMethod method) {
			super(call, method.period(), method.initialDelay());
			this.call = call;
			this.method = method;
		}

		@Override
		public Duration getIntervalDuration() {
			Timer timer = this.method.timer();
			Duration period = (timer != null) ? timer.period() : null;
			return (period != null) ? period : super.getIntervalDuration();
		}

		@Override
		public TaskExecutionOutcome getLastExecutionOutcome() {
			return this.call.outcome();
		}

	}

}
