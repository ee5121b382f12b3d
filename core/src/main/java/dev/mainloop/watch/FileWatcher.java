package dev.mainloop.watch;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.stream.StreamSupport;

import dev.mainloop.DescriptorSource;
import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.QueueSource;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.Inotify;
import dev.mainloop.fd.InotifyLimitException;
import dev.mainloop.fd.PathBytes;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.log.BurstLog;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.watch.FileChange.Kind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a file, a directory or a tree of directories, and gives what changes to a
 * handler on the thread of a {@link MainLoop}, see {@code inotify(7)}. What is watched
 * need not be there, nor the directories on the way to it.
 *
 * <h2>Events</h2> Each change is an event, of a queue that bears the watcher's
 * description: it is counted and measured, and what its handler throws is an error, as
 * those of a message are. A second event source waits for the kernel.
 *
 * <h2>Nothing is lost</h2> What a file was at last is told at least once. A change may be
 * told twice: one of a directory that is new comes by an event or as the directory is
 * listed, or both. Where changes come faster than they are handled, the kernel drops some
 * ({@code fs.inotify.max_queued_events}), which the log says; then all is looked at
 * again, and what is different from what is known is told, and files of which that cannot
 * be said. For that a watcher keeps about 150 bytes for each file and 700 for each
 * directory.
 *
 * <h2>Cost</h2> A watcher has an inotify instance of its own
 * ({@code fs.inotify.max_user_instances}), so that neither a flood of changes nor a pause
 * of one concerns another, and in that a watch for each directory
 * ({@code fs.inotify.max_user_watches}), of which the kernel takes about 1 KiB of memory.
 *
 * <p>
 * All methods may be called by any thread.
 */
public final class FileWatcher implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(FileWatcher.class);

	private static final int AHEAD = 64;

	private final MainLoop loop;

	private final Builder settings;

	private final FileChangeHandler handler;

	private final QueueSource<FileChange> events;

	/** Changes that the queue has no room for; owned by the loop's thread. */
	private final Queue<FileChange> waiting = new ArrayDeque<>();

	private final @Nullable Settling settling;

	private final BurstLog log;

	private final BurstLog.Kind overflows;

	private final BurstLog.Kind failures;

	/** Whether directories are to be listed; owned by the loop's thread. */
	private boolean listing;

	/** Whether that is done after other handlers; owned by the loop's thread. */
	private boolean listsLater;

	private @Nullable Inotify inotify;

	/** Owned by the loop's thread once it is opened. */
	private @Nullable KernelChanges changes;

	/** Waits for the kernel; replaced with the lock of this object held. */
	private volatile @Nullable DescriptorSource source;

	private FileWatcher(MainLoop loop, String description, Builder settings, FileChangeHandler handler) {
		this.loop = loop;
		this.settings = settings;
		this.handler = Objects.requireNonNull(handler, "'handler' must not be null");
		this.settling = settings.settle.isZero() ? null
				: new Settling(loop, "changes of " + description + " that settle", settings.settle, this::settled);
		this.overflows = (times) -> logger.warn("Changes of {} were dropped by the kernel {} more times", this, times);
		this.failures = (times) -> logger.warn("Files of {} could not be watched {} more times", this, times);
		this.log = loop.burstLog((times) -> logger.warn("The watcher {} has logged {} more lines", this, times));
		this.events = loop.queue(description, AHEAD, this::handle);
	}

	/**
	 * Starts to describe a watcher.
	 * @param path the path
	 * @return a builder for the watcher of a {@linkplain WatchScope#FILE file}
	 */
	public static Builder builder(Path path) {
		return new Builder(path);
	}

	private void open() {
		Inotify inotify = Inotify.open("inotify of " + this.events.description());
		this.inotify = inotify;
		KernelChanges changes = new KernelChanges(inotify, this.settings, this::changed, this::failed,
				this::overflowed);
		this.changes = changes;
		changes.begin(this.settings.initial);
		this.source = watch(inotify);
		// From here on the loop's thread alone uses what this one has made.
		this.loop.after(inotify.toString(), Duration.ZERO, (timer) -> goOn());
	}

	private DescriptorSource watch(Inotify inotify) {
		return this.loop.watch("inotify of " + this.events.description(), inotify, 0, this::ready);
	}

	private void ready(FileDescriptor fd, Readiness readiness) {
		try {
			if (this.waiting.isEmpty()) {
				KernelChanges changes = Objects.requireNonNull(this.changes);
				changes.take();
				this.listing = changes.goOn();
			}
		}
		catch (IllegalStateException ex) {
			if (isOpen()) {
				throw ex;
			}
			return; // another thread has closed it
		}
		goOn();
	}

	/** Goes on with what there is, the changes that the handler is to have first. */
	private void goOn() {
		FileChange next;
		// What a loop that stops refuses waits for its next start.
		while (hasRoom() && (next = this.waiting.peek()) != null && this.events.offer(next)) {
			this.waiting.remove();
		}
		DescriptorSource source = this.source;
		if (source == null || !isOpen()) {
			return;
		}
		source.interest(this.waiting.isEmpty() ? Readiness.READABLE : 0);
		if (this.waiting.isEmpty() && this.listing && !this.listsLater) {
			this.listsLater = true;
			this.loop.after("directories of " + this.events.description(), Duration.ZERO, (timer) -> list());
		}
	}

	private void list() {
		this.listsLater = false;
		if (isOpen() && this.waiting.isEmpty()) {
			this.listing = Objects.requireNonNull(this.changes).goOn();
		}
		goOn();
	}

	private boolean hasRoom() {
		return this.events.size() < this.events.capacity();
	}

	private void changed(Kind kind, String path) {
		if (this.settling != null || isTold(kind)) {
			changed(kind, PathBytes.path(path.getBytes(StandardCharsets.ISO_8859_1)));
		}
	}

	private void changed(Kind kind, Path path) {
		if (this.settling != null && kind != Kind.FOUND) {
			this.settling.add(kind, path);
		}
		else if (isTold(kind)) {
			this.waiting.add(new FileChange(kind, path));
		}
	}

	private void settled(Kind kind, Path path) {
		if (isTold(kind)) {
			this.waiting.add(new FileChange(kind, path));
			goOn();
		}
	}

	private boolean isTold(Kind kind) {
		return kind == Kind.FOUND || this.settings.kinds.contains(kind);
	}

	private void overflowed() {
		this.log.log(this.overflows,
				() -> logger.warn("Changes of {} came faster than they were handled, and the kernel has dropped some. "
						+ "All its files are looked at again. Raise fs.inotify.max_queued_events, or handle "
						+ "changes faster", this));
	}

	private void failed(RuntimeException failure) {
		if (isOpen()) {
			this.log.log(this.failures,
					() -> logger.warn("Not all files of {} can be watched: {}", this, failure.getMessage()));
		}
	}

	private void handle(FileChange change) throws Exception {
		try {
			this.handler.changed(change, this);
		}
		finally {
			if (this.events.size() <= AHEAD / 2 && !this.waiting.isEmpty()) {
				goOn();
			}
		}
	}

	/**
	 * Tells of a change as if the kernel had.
	 * @param change the change
	 * @throws java.util.concurrent.RejectedExecutionException if the loop does not take
	 * tasks
	 */
	public void tell(FileChange change) {
		this.loop.execute(() -> {
			changed(change.kind(), change.path());
			goOn();
		});
	}

	/**
	 * Tells whether a change of a path would be told.
	 * @param path the path
	 * @return {@code true} if it is in the scope
	 */
	public boolean covers(Path path) {
		return this.settings.scope.covers(this.settings.path.normalize(), path.toAbsolutePath().normalize());
	}

	/**
	 * Returns what it watches.
	 * @return the path, which is absolute
	 */
	public Path path() {
		return this.settings.path;
	}

	/**
	 * Stops its handler from being called until {@link #resume()}. The changes wait.
	 */
	public void pause() {
		this.events.pause();
	}

	/**
	 * Lets its handler be called again, first for the changes that wait. Does nothing
	 * unless it is paused, or disabled as the handler has failed too often.
	 */
	public void resume() {
		this.events.resume();
	}

	/**
	 * Tells whether it may still tell of changes.
	 * @return {@code false} once it is closed, or its loop is
	 */
	public boolean isOpen() {
		return !this.events.isClosed();
	}

	/**
	 * Returns the event source that its changes are the events of.
	 * @return the event source
	 */
	public EventSource events() {
		return this.events;
	}

	/**
	 * Returns the event source that waits for the kernel. Closing that alone has the
	 * kernel keep what happens until {@link #reopen()}.
	 * @return the event source, {@code null} if the watcher is
	 * {@linkplain Builder#simulated() simulated}
	 */
	public @Nullable DescriptorSource source() {
		return this.source;
	}

	/**
	 * Goes on after {@link #source()} was closed, with all that has happened since. Does
	 * nothing otherwise.
	 * @throws IllegalStateException if it is closed
	 * @throws ErrnoException if the kernel refuses
	 */
	public synchronized void reopen() {
		if (!isOpen()) {
			throw new IllegalStateException("The watcher '%s' is closed".formatted(this));
		}
		Inotify inotify = this.inotify;
		DescriptorSource before = this.source;
		if (inotify != null && before != null && before.state() == EventSource.State.CLOSED) {
			this.source = watch(inotify);
			this.loop.after(inotify.toString(), Duration.ZERO, (timer) -> goOn());
		}
	}

	/**
	 * Ends it: its handler is not called again. Changes that were not handled are counted
	 * in the log. Closing it again does nothing.
	 */
	@Override
	public void close() {
		this.events.close();
		synchronized (this) {
			if (this.inotify != null) {
				this.inotify.close();
			}
		}
		this.log.close();
	}

	@Override
	public String toString() {
		return this.events.toString();
	}

	/** Builds watchers. */
	public static final class Builder {

		private final Path path;

		private WatchScope scope = WatchScope.FILE;

		private Set<Kind> kinds = EnumSet.of(Kind.WRITTEN, Kind.MOVED_IN, Kind.DELETED);

		private Duration settle = Duration.ZERO;

		private boolean initial;

		private boolean simulated;

		private Builder(Path path) {
			Path absolute = path.toAbsolutePath();
			this.path = leadsUp(absolute) ? absolute : absolute.normalize();
		}

		/** A parent is not that of the name before where that is a symbolic link. */
		private static boolean leadsUp(Path path) {
			return StreamSupport.stream(path.spliterator(), false).anyMatch(Path.of("..")::equals);
		}

		/**
		 * Sets what is watched.
		 * @param scope the file, the directory or the tree at the path
		 * @return this builder
		 */
		public Builder scope(WatchScope scope) {
			this.scope = Objects.requireNonNull(scope, "'scope' must not be null");
			return this;
		}

		/**
		 * Sets which changes are told: {@link Kind#WRITTEN}, {@link Kind#MOVED_IN} and
		 * {@link Kind#DELETED} if this is not called.
		 * @param kinds the kinds, one at least
		 * @return this builder
		 */
		public Builder kinds(Collection<Kind> kinds) {
			this.kinds = EnumSet.copyOf(kinds);
			return this;
		}

		/**
		 * Has changes of a file told as one, once nothing has happened to it for a time:
		 * as the latest of them, a file that was written without being closed as
		 * {@link Kind#WRITTEN}, and one that was made and removed not at all.
		 * @param time the time, zero to tell each at once
		 * @return this builder
		 */
		public Builder settle(Duration time) {
			if (time.isNegative()) {
				throw new IllegalArgumentException("'time' must not be negative but is " + time);
			}
			this.settle = time;
			return this;
		}

		/**
		 * Sets whether what is there already is told first, as {@link Kind#FOUND}. It is
		 * looked at after it is watched, so that there is no gap.
		 * @param initial {@code true} to tell it
		 * @return this builder
		 */
		public Builder initial(boolean initial) {
			this.initial = initial;
			return this;
		}

		/**
		 * Has the kernel not asked, so that only {@link FileWatcher#tell} brings changes,
		 * as for a test.
		 * @return this builder
		 */
		public Builder simulated() {
			this.simulated = true;
			return this;
		}

		/**
		 * Opens a watcher. What changes after this has returned is told.
		 * @param loop the loop that is to watch
		 * @param description what log lines call it
		 * @param handler is given the changes
		 * @return the watcher, to be closed by the caller
		 * @throws InotifyLimitException if the user has as many inotify instances or
		 * watches as it may
		 * @throws ErrnoException if the kernel refuses otherwise, as with {@code EACCES}
		 * for a directory that may not be read
		 */
		public FileWatcher open(MainLoop loop, String description, FileChangeHandler handler) {
			FileWatcher watcher = new FileWatcher(loop, description, copy(), handler);
			boolean done = this.simulated;
			try {
				if (!done) {
					watcher.open();
					done = true;
				}
				return watcher;
			}
			finally {
				if (!done) {
					watcher.close();
				}
			}
		}

		private Builder copy() {
			Builder copy = new Builder(this.path);
			copy.scope = this.scope;
			copy.kinds = EnumSet.copyOf(this.kinds);
			copy.settle = this.settle;
			copy.initial = this.initial;
			return copy;
		}

		Path path() {
			return this.path;
		}

		WatchScope scope() {
			return this.scope;
		}

		/** Whether each write counts, be it to tell it or to know that it goes on. */
		boolean isModifiedWanted() {
			return this.kinds.contains(Kind.MODIFIED) || !this.settle.isZero();
		}

	}

}
