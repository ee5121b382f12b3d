package dev.mainloop;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

import dev.mainloop.fd.EventFd;
import dev.mainloop.log.LogKeys;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has tasks carried out by workers. Belongs to the loop's thread.
 */
final class WorkerPort implements CompletionPort {

	private static final Logger logger = LoggerFactory.getLogger(WorkerPort.class);

	private final LoopName loop;

	private final String description;

	private final Workers workers;

	private final Runnable closed;

	/** What was begun and has not ended, in the order in which it was begun. */
	private final Set<Work> works = new LinkedHashSet<>();

	private @Nullable Consumer<Completion> completed;

	/**
	 * Creates a port.
	 * @param loop the name of the loop
	 * @param description what log lines call the tasks
	 * @param workers carry them out
	 * @param closed told when it is closed, by the thread that closes it
	 */
	WorkerPort(LoopName loop, String description, Workers workers, Runnable closed) {
		this.loop = loop;
		this.description = description;
		this.workers = workers;
		this.closed = closed;
	}

	@Override
	public void open(Consumer<Completion> completed, EventFd wakeUp) {
		this.completed = completed;
	}

	/**
	 * Has a worker carry out a task. If none can, that is how the task ends.
	 * @param work the task
	 */
	void begin(Work work) {
		this.works.add(work.completedBy(Objects.requireNonNull(this.completed)));
		try {
			this.workers.execute(work);
		}
		catch (Throwable ex) {
			if (work.withdraw()) {
				work.fail(ex);
			}
		}
	}

	/**
	 * Takes off a task that has ended.
	 * @return {@code false} if it does not count any more
	 */
	boolean remove(Work work) {
		return this.works.remove(work);
	}

	@Override
	public boolean isPending() {
		return !this.works.isEmpty();
	}

	/**
	 * Interrupts the tasks that run and keeps the others from being begun, none of which
	 * is waited for.
	 */
	@Override
	public void close() {
		int left = this.works.size();
		long running = this.works.stream().filter(Work::isRunning).count();
		this.works.forEach(Work::cancel);
		if (left > 0) {
			logger.atWarn()
				.addKeyValue(LogKeys.LOOP, this.loop.name())
				.addKeyValue(LogKeys.SOURCE, this.description)
				.log(("The %s is closed with calls of '%s' under way, of whose end it is not told: %d run and are "
						+ "interrupted, %d do not run and are not begun any more")
					.formatted(this.loop, LogText.of(this.description), running, left - running));
		}
		this.works.forEach(Work::abandon);
		this.works.clear();
		this.workers.close();
		this.closed.run();
	}

}
