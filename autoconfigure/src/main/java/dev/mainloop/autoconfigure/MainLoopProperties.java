package dev.mainloop.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.mainloop.CpuSet;
import dev.mainloop.ErrorPolicy;
import dev.mainloop.Overflow;
import dev.mainloop.SignalMode;
import dev.mainloop.SpinPolicy;
import dev.mainloop.file.AsyncFiles;
import dev.mainloop.file.FileIo;
import dev.mainloop.handler.EventQueues;
import dev.mainloop.handler.Placement;
import dev.mainloop.handler.QueueSettings;
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
	 * Time that a request which sets none waits for its reply.
	 */
	private Duration requestTimeout = Duration.ofSeconds(30);

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
	 * How files are read and written without blocking the loop.
	 */
	private FileIo fileIo = FileIo.AUTO;

	/**
	 * Number of file operations of a loop that can be in flight.
	 */
	private int fileCapacity = 256;

	/**
	 * Number of threads that read and write the files of a loop, at most, where the
	 * kernel does not by itself.
	 */
	private int fileWorkers = 4;

	/**
	 * What to do on a host that has no epoll.
	 */
	private OnUnsupportedPlatform onUnsupportedPlatform = OnUnsupportedPlatform.FAIL;

	/**
	 * Properties of the loops that have their own, by the names of the loops.
	 */
	private final Map<String, Loop> loops = new LinkedHashMap<>();

	private final Observations observations = new Observations();

	private final ContextPropagation contextPropagation = new ContextPropagation();

	private final TaskScheduler taskScheduler = new TaskScheduler();

	private final BlockedHandler blockedHandler = new BlockedHandler();

	private final Liveness liveness = new Liveness();

	private final Workers workers = new Workers();

	private final Systemd systemd = new Systemd();

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

	public Duration getRequestTimeout() {
		return this.requestTimeout;
	}

	public void setRequestTimeout(Duration requestTimeout) {
		this.requestTimeout = requestTimeout;
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

	public FileIo getFileIo() {
		return this.fileIo;
	}

	public void setFileIo(FileIo fileIo) {
		this.fileIo = fileIo;
	}

	public int getFileCapacity() {
		return this.fileCapacity;
	}

	public void setFileCapacity(int fileCapacity) {
		this.fileCapacity = fileCapacity;
	}

	public int getFileWorkers() {
		return this.fileWorkers;
	}

	public void setFileWorkers(int fileWorkers) {
		this.fileWorkers = fileWorkers;
	}

	public OnUnsupportedPlatform getOnUnsupportedPlatform() {
		return this.onUnsupportedPlatform;
	}

	public void setOnUnsupportedPlatform(OnUnsupportedPlatform onUnsupportedPlatform) {
		this.onUnsupportedPlatform = onUnsupportedPlatform;
	}

	public Map<String, Loop> getLoops() {
		return this.loops;
	}

	public Observations getObservations() {
		return this.observations;
	}

	public ContextPropagation getContextPropagation() {
		return this.contextPropagation;
	}

	public TaskScheduler getTaskScheduler() {
		return this.taskScheduler;
	}

	public BlockedHandler getBlockedHandler() {
		return this.blockedHandler;
	}

	public Systemd getSystemd() {
		return this.systemd;
	}

	public Liveness getLiveness() {
		return this.liveness;
	}

	public Workers getWorkers() {
		return this.workers;
	}

	/**
	 * Returns what a loop has of its own, which may be nothing.
	 * @param name the name of the loop
	 * @return its properties
	 */
	Loop loop(String name) {
		return own(this.loops, name, new Loop());
	}

	/**
	 * Returns how long a handler on a loop may take before the log is told of it.
	 * @param place the place of the loop
	 * @return the time
	 */
	public Duration warnAfter(Placement place) {
		return or(loop(place.group()).blockedHandler.warnAfter, this.blockedHandler.warnAfter);
	}

	/**
	 * Returns how long a handler on a loop may take before its health is down.
	 * @param place the place of the loop
	 * @return the time
	 */
	public Duration downAfter(Placement place) {
		return or(loop(place.group()).blockedHandler.downAfter, this.blockedHandler.downAfter);
	}

	/**
	 * Sets what the files of a loop are made with.
	 * @param place the place of the loop
	 * @param builder makes them
	 */
	void apply(Placement place, AsyncFiles.Builder builder) {
		Loop own = loop(place.group());
		builder.fileIo(or(own.fileIo, this.fileIo))
			.capacity(or(own.fileCapacity, this.fileCapacity))
			.workers(or(own.fileWorkers, this.fileWorkers));
	}

	/**
	 * Returns the settings of a queue: its own, or else those of its loop.
	 * @param loop the name of the loop
	 * @param queue the name of the queue, empty for one without
	 * @return the settings
	 */
	QueueSettings queue(String loop, String queue) {
		Queue own = own(this.queues, queue, new Queue());
		Loop ofLoop = loop(loop);
		return new QueueSettings(or(own.capacity, or(ofLoop.queueCapacity, this.queueCapacity)),
				or(own.overflow, or(ofLoop.queueOverflow, this.queueOverflow)));
	}

	/** Returns the names of the loops that there have to be. */
	Set<String> requiredLoops() {
		return this.loops.entrySet()
			.stream()
			.filter((loop) -> !loop.getValue().optional)
			.map(Map.Entry::getKey)
			.collect(Collectors.toSet());
	}

	/** Returns the names of settings of queues that need not exist. */
	Set<String> optionalQueues() {
		return this.queues.entrySet()
			.stream()
			.filter((queue) -> queue.getValue().optional)
			.map(Map.Entry::getKey)
			.collect(Collectors.toSet());
	}

	/** Finds what is set for a name, as an environment variable may have it. */
	private static <T> T own(Map<String, T> all, String name, T none) {
		T exact = all.get(name);
		return (exact != null) ? exact : all.getOrDefault(EventQueues.relaxed(name), none);
	}

	/**
	 * Chooses what is set for one over what is set for all.
	 * @param <T> the type of the value
	 * @param own what is set for one, {@code null} if nothing is
	 * @param common what is set for all
	 * @return the value
	 */
	static <T> T or(@Nullable T own, T common) {
		return (own != null) ? own : common;
	}

	@Override
	public void afterPropertiesSet() {
		requireRange("mainloop.budget", this.budget, Integer.MAX_VALUE);
		requireRange("mainloop.handler-error-limit", this.handlerErrorLimit, Integer.MAX_VALUE);
		requireRange("mainloop.queue-capacity", this.queueCapacity, LARGEST_QUEUE);
		requireRange("mainloop.file-capacity", this.fileCapacity, AsyncFiles.MAX_CAPACITY);
		requireRange("mainloop.file-workers", this.fileWorkers, AsyncFiles.MAX_WORKERS);
		requireTimeSlice("mainloop.time-slice", this.timeSlice);
		requireBusyPoll("mainloop.busy-poll", this.busyPoll);
		requireMoreThanZero("mainloop.request-timeout", this.requestTimeout, ".");
		requireWatchTime("mainloop.blocked-handler.warn-after", this.blockedHandler.getWarnAfter());
		requireWatchTime("mainloop.blocked-handler.down-after", this.blockedHandler.getDownAfter());
		requireRange("mainloop.workers.threads", this.workers.threads, Integer.MAX_VALUE);
		requireKeepAlive(this.workers.keepAlive);
		requireMoreThanZero("mainloop.systemd.start-timeout", this.systemd.startTimeout, ".");
		this.queues.forEach((name, queue) -> requireRange("mainloop.queues.%s.capacity".formatted(name), queue.capacity,
				LARGEST_QUEUE));
		this.loops.forEach((name, loop) -> loop.validate("mainloop.loops.%s.".formatted(name), name));
	}

	private static void requireTimeSlice(String property, @Nullable Duration value) {
		if (value != null && (value.isZero() || value.isNegative() || value.compareTo(LONGEST_TIME_SLICE) > 0)) {
			throw new InvalidConfigurationPropertyValueException(property, value,
					"It must be more than zero, and %ds at most.".formatted(LONGEST_TIME_SLICE.toSeconds()));
		}
	}

	private static void requireBusyPoll(String property, @Nullable Duration value) {
		if (value != null && value.isNegative()) {
			throw new InvalidConfigurationPropertyValueException(property, value, "It must be zero or more.");
		}
	}

	private static void requireKeepAlive(Duration value) {
		if (value.toSeconds() < 1) {
			throw new InvalidConfigurationPropertyValueException("mainloop.workers.keep-alive", value,
					"It must be 1s or more.");
		}
	}

	private static void requireWatchTime(String property, @Nullable Duration value) {
		requireMoreThanZero(property, value, "; mainloop.blocked-handler.enabled=false turns the watch off.");
	}

	private static void requireMoreThanZero(String property, @Nullable Duration value, String end) {
		if (value != null && (value.isZero() || value.isNegative())) {
			throw new InvalidConfigurationPropertyValueException(property, value, "It must be more than zero" + end);
		}
	}

	private static void requireRange(String property, @Nullable Integer value, int max) {
		if (value != null && (value < 1 || value > max)) {
			throw new InvalidConfigurationPropertyValueException(property, value,
					"It must be 1 or more, and %d at most.".formatted(max));
		}
	}

	/**
	 * The threads that do what may block.
	 */
	public static class Workers {

		/**
		 * Number of threads, at most, that call @Blocking methods and do offloaded work.
		 */
		private int threads = 10;

		/**
		 * Time after which a thread that has had nothing to do ends.
		 */
		private Duration keepAlive = Duration.ofSeconds(60);

		public int getThreads() {
			return this.threads;
		}

		public void setThreads(int threads) {
			this.threads = threads;
		}

		public Duration getKeepAlive() {
			return this.keepAlive;
		}

		public void setKeepAlive(Duration keepAlive) {
			this.keepAlive = keepAlive;
		}

	}

	/**
	 * What systemd, or another service manager that has its protocol, is told of the
	 * application where it has started it.
	 */
	public static class Systemd {

		/**
		 * Whether the service manager is told when the application is ready, alive,
		 * reloads and stops, if it wants to be.
		 */
		private boolean enabled = true;

		/**
		 * Time that the start may take, if that is more than the unit's TimeoutStartSec
		 * allows.
		 */
		private @Nullable Duration startTimeout;

		/**
		 * Signal by which the service manager has the application reload, which is told
		 * to it while an @OnSignal method handles that.
		 */
		private String reloadSignal = "SIGHUP";

		/**
		 * Whether the service manager is told that this process is the service's main
		 * one, for a script that starts Java as its child. The unit needs
		 * NotifyAccess=all.
		 */
		private boolean mainPid;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public @Nullable Duration getStartTimeout() {
			return this.startTimeout;
		}

		public void setStartTimeout(@Nullable Duration startTimeout) {
			this.startTimeout = startTimeout;
		}

		public String getReloadSignal() {
			return this.reloadSignal;
		}

		public void setReloadSignal(String reloadSignal) {
			this.reloadSignal = reloadSignal;
		}

		public boolean isMainPid() {
			return this.mainPid;
		}

		public void setMainPid(boolean mainPid) {
			this.mainPid = mainPid;
		}

	}

	/**
	 * Micrometer's observations of handlers.
	 */
	public static class Observations {

		/**
		 * Whether the calls of handlers are observed, in the trace of who has sent the
		 * message; unless it is set, only where something else than meters follows
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
	 * Micrometer's context propagation.
	 */
	public static class ContextPropagation {

		/**
		 * Whether messages carry the logging context of their sender to their handlers,
		 * and what else Micrometer's context propagation knows of it.
		 */
		private boolean enabled = true;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
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

		/**
		 * Whether a call of a handler that would block its loop fails, which takes
		 * BlockHound and is for development.
		 */
		private boolean failFast;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public boolean isFailFast() {
			return this.failFast;
		}

		public void setFailFast(boolean failFast) {
			this.failFast = failFast;
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
	 * Properties of a loop.
	 */
	public static class Loop {

		private static final String CORES = "cores";

		private static final int MOST = 1024;

		/**
		 * Number of loops that the name stands for, each with an instance of its
		 * handlers: a number, or cores for as many as the JVM may use processors.
		 */
		private @Nullable String count;

		/**
		 * Processors that the threads of the loops may run on, as in 2-5,8; all that the
		 * process may use unless it is set.
		 */
		private @Nullable String cpus;

		/**
		 * What the loop waits with; mainloop.multiplexer unless it is set.
		 */
		private @Nullable MultiplexerKind multiplexer;

		/**
		 * How signals reach the loop; mainloop.signals unless it is set.
		 */
		private @Nullable SignalMode signals;

		/**
		 * Number of messages that can wait in each queue and of tasks that can wait to be
		 * run; mainloop.queue-capacity unless it is set.
		 */
		private @Nullable Integer queueCapacity;

		/**
		 * What a queue does with a message that is sent to it when it is full;
		 * mainloop.queue-overflow unless it is set.
		 */
		private @Nullable Overflow queueOverflow;

		/**
		 * Number of timers, and of messages from each queue, that are handled before
		 * other events have their turn; mainloop.budget unless it is set.
		 */
		private @Nullable Integer budget;

		/**
		 * Time that events of one kind are handled before other events have their turn;
		 * mainloop.time-slice unless it is set.
		 */
		private @Nullable Duration timeSlice;

		/**
		 * Time that the loop looks for events again and again before it sleeps;
		 * mainloop.busy-poll unless it is set.
		 */
		private @Nullable Duration busyPoll;

		/**
		 * What to do with an event source whose handler fails again and again;
		 * mainloop.handler-errors unless it is set.
		 */
		private @Nullable ErrorPolicy handlerErrors;

		/**
		 * Number of errors in a row after which an event source is disabled or the loop
		 * is stopped; mainloop.handler-error-limit unless it is set.
		 */
		private @Nullable Integer handlerErrorLimit;

		/**
		 * What to do with a handler that is called for its file descriptor again and
		 * again and neither reads nor writes it; mainloop.spinning-handlers unless it is
		 * set.
		 */
		private @Nullable SpinPolicy spinningHandlers;

		/**
		 * How files are read and written without blocking the loop; mainloop.file-io
		 * unless it is set.
		 */
		private @Nullable FileIo fileIo;

		/**
		 * Number of file operations that can be in flight; mainloop.file-capacity unless
		 * it is set.
		 */
		private @Nullable Integer fileCapacity;

		/**
		 * Number of threads that read and write files, at most, where the kernel does not
		 * by itself; mainloop.file-workers unless it is set.
		 */
		private @Nullable Integer fileWorkers;

		private final LoopBlockedHandler blockedHandler = new LoopBlockedHandler();

		/** Whether it need not be of a loop, as it is set by the environment alone. */
		private boolean optional;

		public @Nullable String getCount() {
			return this.count;
		}

		public void setCount(@Nullable String count) {
			this.count = count;
		}

		public @Nullable String getCpus() {
			return this.cpus;
		}

		public void setCpus(@Nullable String cpus) {
			this.cpus = cpus;
		}

		public @Nullable MultiplexerKind getMultiplexer() {
			return this.multiplexer;
		}

		public void setMultiplexer(@Nullable MultiplexerKind multiplexer) {
			this.multiplexer = multiplexer;
		}

		public @Nullable SignalMode getSignals() {
			return this.signals;
		}

		public void setSignals(@Nullable SignalMode signals) {
			this.signals = signals;
		}

		public @Nullable Integer getQueueCapacity() {
			return this.queueCapacity;
		}

		public void setQueueCapacity(@Nullable Integer queueCapacity) {
			this.queueCapacity = queueCapacity;
		}

		public @Nullable Overflow getQueueOverflow() {
			return this.queueOverflow;
		}

		public void setQueueOverflow(@Nullable Overflow queueOverflow) {
			this.queueOverflow = queueOverflow;
		}

		public @Nullable Integer getBudget() {
			return this.budget;
		}

		public void setBudget(@Nullable Integer budget) {
			this.budget = budget;
		}

		public @Nullable Duration getTimeSlice() {
			return this.timeSlice;
		}

		public void setTimeSlice(@Nullable Duration timeSlice) {
			this.timeSlice = timeSlice;
		}

		public @Nullable Duration getBusyPoll() {
			return this.busyPoll;
		}

		public void setBusyPoll(@Nullable Duration busyPoll) {
			this.busyPoll = busyPoll;
		}

		public @Nullable ErrorPolicy getHandlerErrors() {
			return this.handlerErrors;
		}

		public void setHandlerErrors(@Nullable ErrorPolicy handlerErrors) {
			this.handlerErrors = handlerErrors;
		}

		public @Nullable Integer getHandlerErrorLimit() {
			return this.handlerErrorLimit;
		}

		public void setHandlerErrorLimit(@Nullable Integer handlerErrorLimit) {
			this.handlerErrorLimit = handlerErrorLimit;
		}

		public @Nullable SpinPolicy getSpinningHandlers() {
			return this.spinningHandlers;
		}

		public void setSpinningHandlers(@Nullable SpinPolicy spinningHandlers) {
			this.spinningHandlers = spinningHandlers;
		}

		public @Nullable FileIo getFileIo() {
			return this.fileIo;
		}

		public void setFileIo(@Nullable FileIo fileIo) {
			this.fileIo = fileIo;
		}

		public @Nullable Integer getFileCapacity() {
			return this.fileCapacity;
		}

		public void setFileCapacity(@Nullable Integer fileCapacity) {
			this.fileCapacity = fileCapacity;
		}

		public @Nullable Integer getFileWorkers() {
			return this.fileWorkers;
		}

		public void setFileWorkers(@Nullable Integer fileWorkers) {
			this.fileWorkers = fileWorkers;
		}

		public LoopBlockedHandler getBlockedHandler() {
			return this.blockedHandler;
		}

		void optional(boolean optional) {
			this.optional = optional;
		}

		boolean optional() {
			return this.optional;
		}

		/**
		 * Tells how many loops the name stands for.
		 * @param property what sets it
		 * @return the number
		 * @throws InvalidConfigurationPropertyValueException if it is none
		 */
		int count(String property) {
			String text = (this.count != null) ? this.count.trim() : "1";
			if (text.equalsIgnoreCase(CORES)) {
				return Runtime.getRuntime().availableProcessors();
			}
			try {
				int number = Integer.parseInt(text);
				if (number >= 1 && number <= MOST) {
					return number;
				}
			}
			catch (NumberFormatException ex) {
				// Told below, as is a number out of range.
			}
			throw new InvalidConfigurationPropertyValueException(property, text,
					"It must be a number from 1 to %d, or %s.".formatted(MOST, CORES));
		}

		/**
		 * Returns the processors that the threads may run on.
		 * @param property what sets them
		 * @return the processors, {@code null} if they are not set
		 * @throws InvalidConfigurationPropertyValueException if they are none
		 */
		@Nullable CpuSet cpus(String property) {
			try {
				return (this.cpus != null) ? CpuSet.parse(this.cpus) : null;
			}
			catch (IllegalArgumentException ex) {
				throw new InvalidConfigurationPropertyValueException(property, this.cpus,
						String.valueOf(ex.getMessage()), ex);
			}
		}

		void validate(String prefix, String name) {
			if (count(prefix + "count") > 1 && name.equals(Placement.MAIN)) {
				throw new InvalidConfigurationPropertyValueException(prefix + "count", this.count,
						"There is one main loop. Give the handlers that need more another loop, as in @EventHandler(loop = \"workers\").");
			}
			cpus(prefix + "cpus");
			requireWatchTime(prefix + "blocked-handler.warn-after", this.blockedHandler.warnAfter);
			requireWatchTime(prefix + "blocked-handler.down-after", this.blockedHandler.downAfter);
			requireRange(prefix + "budget", this.budget, Integer.MAX_VALUE);
			requireRange(prefix + "handler-error-limit", this.handlerErrorLimit, Integer.MAX_VALUE);
			requireRange(prefix + "queue-capacity", this.queueCapacity, LARGEST_QUEUE);
			requireRange(prefix + "file-capacity", this.fileCapacity, AsyncFiles.MAX_CAPACITY);
			requireRange(prefix + "file-workers", this.fileWorkers, AsyncFiles.MAX_WORKERS);
			requireTimeSlice(prefix + "time-slice", this.timeSlice);
			requireBusyPoll(prefix + "busy-poll", this.busyPoll);
		}

	}

	/**
	 * The watch for handlers that block a loop.
	 */
	public static class LoopBlockedHandler {

		/**
		 * Time that a handler may take before the log and the application are told of it;
		 * mainloop.blocked-handler.warn-after unless it is set.
		 */
		private @Nullable Duration warnAfter;

		/**
		 * Time that a handler may take before the health of the loop is down;
		 * mainloop.blocked-handler.down-after unless it is set.
		 */
		private @Nullable Duration downAfter;

		public @Nullable Duration getWarnAfter() {
			return this.warnAfter;
		}

		public void setWarnAfter(@Nullable Duration warnAfter) {
			this.warnAfter = warnAfter;
		}

		public @Nullable Duration getDownAfter() {
			return this.downAfter;
		}

		public void setDownAfter(@Nullable Duration downAfter) {
			this.downAfter = downAfter;
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
