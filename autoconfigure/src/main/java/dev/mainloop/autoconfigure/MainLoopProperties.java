package dev.mainloop.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import dev.mainloop.ErrorPolicy;
import dev.mainloop.Overflow;
import dev.mainloop.SignalMode;
import dev.mainloop.SpinPolicy;
import dev.mainloop.multiplexer.MultiplexerKind;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Properties of the main loop. One that is misspelt fails the start, unless it comes from
 * the environment or the system properties, which may be meant for others. One that is
 * empty has its default.
 */
@ConfigurationProperties(prefix = "mainloop", ignoreUnknownFields = false)
public class MainLoopProperties implements InitializingBean {

	private static final int LARGEST_QUEUE = 1 << 30;

	private static final Duration LONGEST_TIME_SLICE = Duration.ofSeconds(10);

	/**
	 * Whether there is a main loop.
	 */
	private boolean enabled = true;

	/**
	 * What the loop waits with.
	 */
	private MultiplexerKind multiplexer = MultiplexerKind.AUTO;

	/**
	 * How signals reach the loop.
	 */
	private SignalMode signals = SignalMode.AUTO;

	/**
	 * Number of messages that can wait in each queue and of tasks that can wait to be
	 * run, rounded up to a power of two.
	 */
	private int queueCapacity = 8192;

	/**
	 * What a queue does with a message that is sent to it when it is full.
	 */
	private Overflow queueOverflow = Overflow.REJECT;

	/**
	 * Capacity and overflow of the named queues that have their own, by their names.
	 */
	private final Map<String, Queue> queues = new LinkedHashMap<>();

	/**
	 * Number of timers, and of messages from each queue, that are handled before other
	 * events have their turn.
	 */
	private int budget = 256;

	/**
	 * Time that events of one kind are handled before other events have their turn, which
	 * is looked at between two handlers.
	 */
	private Duration timeSlice = Duration.ofMillis(1);

	/**
	 * Time that the loop looks for events again and again before it sleeps, which takes a
	 * core and makes events come sooner.
	 */
	private Duration busyPoll = Duration.ZERO;

	/**
	 * What to do with an event source whose handler fails again and again.
	 */
	private ErrorPolicy handlerErrors = ErrorPolicy.CONTINUE;

	/**
	 * Number of errors in a row after which an event source is disabled or the loop is
	 * stopped.
	 */
	private int handlerErrorLimit = 10;

	/**
	 * What to do, beside naming it in the log, with a handler that is called for its file
	 * descriptor again and again and neither reads nor writes it.
	 */
	private SpinPolicy spinningHandlers = SpinPolicy.WARN;

	/**
	 * What to do on a host that has no epoll.
	 */
	private OnUnsupportedPlatform onUnsupportedPlatform = OnUnsupportedPlatform.FAIL;

	private final Observations observations = new Observations();

	private final TaskScheduler taskScheduler = new TaskScheduler();

	private final BlockedHandler blockedHandler = new BlockedHandler();

	private final Liveness liveness = new Liveness();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public MultiplexerKind getMultiplexer() {
		return this.multiplexer;
	}

	public void setMultiplexer(MultiplexerKind multiplexer) {
		this.multiplexer = multiplexer;
	}

	public SignalMode getSignals() {
		return this.signals;
	}

	public void setSignals(SignalMode signals) {
		this.signals = signals;
	}

	public int getQueueCapacity() {
		return this.queueCapacity;
	}

	public void setQueueCapacity(int queueCapacity) {
		this.queueCapacity = queueCapacity;
	}

	public Overflow getQueueOverflow() {
		return this.queueOverflow;
	}

	public void setQueueOverflow(Overflow queueOverflow) {
		this.queueOverflow = queueOverflow;
	}

	public Map<String, Queue> getQueues() {
		return this.queues;
	}

	public int getBudget() {
		return this.budget;
	}

	public void setBudget(int budget) {
		this.budget = budget;
	}

	public Duration getTimeSlice() {
		return this.timeSlice;
	}

	public void setTimeSlice(Duration timeSlice) {
		this.timeSlice = timeSlice;
	}

	public Duration getBusyPoll() {
		return this.busyPoll;
	}

	public void setBusyPoll(Duration busyPoll) {
		this.busyPoll = busyPoll;
	}

	public ErrorPolicy getHandlerErrors() {
		return this.handlerErrors;
	}

	public void setHandlerErrors(ErrorPolicy handlerErrors) {
		this.handlerErrors = handlerErrors;
	}

	public int getHandlerErrorLimit() {
		return this.handlerErrorLimit;
	}

	public void setHandlerErrorLimit(int handlerErrorLimit) {
		this.handlerErrorLimit = handlerErrorLimit;
	}

	public SpinPolicy getSpinningHandlers() {
		return this.spinningHandlers;
	}

	public void setSpinningHandlers(SpinPolicy spinningHandlers) {
		this.spinningHandlers = spinningHandlers;
	}

	public OnUnsupportedPlatform getOnUnsupportedPlatform() {
		return this.onUnsupportedPlatform;
	}

	public void setOnUnsupportedPlatform(OnUnsupportedPlatform onUnsupportedPlatform) {
		this.onUnsupportedPlatform = onUnsupportedPlatform;
	}

	public Observations getObservations() {
		return this.observations;
	}

	public TaskScheduler getTaskScheduler() {
		return this.taskScheduler;
	}

	public BlockedHandler getBlockedHandler() {
		return this.blockedHandler;
	}

	public Liveness getLiveness() {
		return this.liveness;
	}

	@Override
	public void afterPropertiesSet() {
		requireRange("mainloop.budget", this.budget, Integer.MAX_VALUE);
		requireRange("mainloop.handler-error-limit", this.handlerErrorLimit, Integer.MAX_VALUE);
		requireRange("mainloop.queue-capacity", this.queueCapacity, LARGEST_QUEUE);
		requireTimeSlice();
		requireMoreThanZero("mainloop.blocked-handler.warn-after", this.blockedHandler.getWarnAfter());
		requireMoreThanZero("mainloop.blocked-handler.down-after", this.blockedHandler.getDownAfter());
		if (this.busyPoll.isNegative()) {
			throw new InvalidConfigurationPropertyValueException("mainloop.busy-poll", this.busyPoll,
					"It must be zero or more.");
		}
		this.queues.forEach((name, queue) -> {
			Integer capacity = queue.getCapacity();
			if (capacity != null) {
				requireRange("mainloop.queues.%s.capacity".formatted(name), capacity, LARGEST_QUEUE);
			}
		});
	}

	private void requireTimeSlice() {
		if (this.timeSlice.isZero() || this.timeSlice.isNegative()
				|| this.timeSlice.compareTo(LONGEST_TIME_SLICE) > 0) {
			throw new InvalidConfigurationPropertyValueException("mainloop.time-slice", this.timeSlice,
					"It must be more than zero, and %ds at most.".formatted(LONGEST_TIME_SLICE.toSeconds()));
		}
	}

	private static void requireMoreThanZero(String property, Duration value) {
		if (value.isZero() || value.isNegative()) {
			throw new InvalidConfigurationPropertyValueException(property, value,
					"It must be more than zero; mainloop.blocked-handler.enabled=false turns the watch off.");
		}
	}

	private static void requireRange(String property, int value, int max) {
		if (value < 1 || value > max) {
			throw new InvalidConfigurationPropertyValueException(property, value,
					"It must be 1 or more, and %d at most.".formatted(max));
		}
	}

	/**
	 * Micrometer's observations of handlers.
	 */
	public static class Observations {

		/**
		 * Whether the calls of handlers are observed and messages carry the trace of
		 * their sender; unless it is set, only where something else than meters follows
		 * observations.
		 */
		private @Nullable Boolean enabled;

		public @Nullable Boolean getEnabled() {
			return this.enabled;
		}

		public void setEnabled(@Nullable Boolean enabled) {
			this.enabled = enabled;
		}

	}

	/**
	 * The loop as Spring's task scheduler.
	 */
	public static class TaskScheduler {

		/**
		 * Whether the tasks that Spring schedules run on the loop.
		 */
		private boolean enabled;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

	}

	/**
	 * The watch for handlers that block the loop.
	 */
	public static class BlockedHandler {

		/**
		 * Whether to look for handlers that block the loop.
		 */
		private boolean enabled = true;

		/**
		 * Time that a handler may take before the log and the application are told of it.
		 */
		private Duration warnAfter = Duration.ofMillis(100);

		/**
		 * Time that a handler may take before the health of the loop is down.
		 */
		private Duration downAfter = Duration.ofSeconds(10);

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public Duration getDownAfter() {
			return this.downAfter;
		}

		public void setDownAfter(Duration downAfter) {
			this.downAfter = downAfter;
		}

		public Duration getWarnAfter() {
			return this.warnAfter;
		}

		public void setWarnAfter(Duration warnAfter) {
			this.warnAfter = warnAfter;
		}

	}

	/**
	 * The liveness of the application.
	 */
	public static class Liveness {

		/**
		 * Whether the application is not live while the loop has failed or a handler
		 * blocks it for longer than mainloop.blocked-handler.down-after.
		 */
		private boolean enabled;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

	}

	/**
	 * Properties of a named queue.
	 */
	public static class Queue {

		/**
		 * Number of messages that can wait, rounded up to a power of two; that of
		 * mainloop.queue-capacity unless it is set.
		 */
		private @Nullable Integer capacity;

		/**
		 * What it does with a message that is sent to it when it is full; that of
		 * mainloop.queue-overflow unless it is set.
		 */
		private @Nullable Overflow overflow;

		/** Whether it need not be of a queue, as it is set by the environment alone. */
		private boolean optional;

		public @Nullable Integer getCapacity() {
			return this.capacity;
		}

		public void setCapacity(@Nullable Integer capacity) {
			this.capacity = capacity;
		}

		public @Nullable Overflow getOverflow() {
			return this.overflow;
		}

		public void setOverflow(@Nullable Overflow overflow) {
			this.overflow = overflow;
		}

		void optional(boolean optional) {
			this.optional = optional;
		}

		boolean optional() {
			return this.optional;
		}

	}

	/**
	 * What to do on a host that has no epoll.
	 */
	public enum OnUnsupportedPlatform {

		/** Fail at start-up. */
		FAIL,

		/** Warn, and start without the loop: its handlers are never called. */
		WARN;

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
