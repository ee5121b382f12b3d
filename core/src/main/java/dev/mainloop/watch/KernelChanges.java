package dev.mainloop.watch;

import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import dev.mainloop.fd.Inotify;
import dev.mainloop.fd.InotifyLimitException;
import dev.mainloop.fd.PathBytes;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.InotifyCalls;
import dev.mainloop.libc.StatX;
import dev.mainloop.watch.FileChange.Kind;

/**
 * The changes of the files of a {@link FileWatcher}, as the kernel tells of them.
 */
final class KernelChanges {

	private final Inotify inotify;

	private final Watches watches;

	private final Route route;

	private final Contents contents;

	private final Consumer<RuntimeException> failed;

	private final Runnable overflowed;

	private boolean opening = true;

	/**
	 * Creates it, for the loop's thread alone once it is {@link #begin begun}.
	 * @param inotify where it watches, which stays the caller's to close
	 * @param settings what it watches
	 * @param told is told of each change
	 * @param failed is told what cannot be watched
	 * @param overflowed is called when the kernel has dropped events
	 */
	KernelChanges(Inotify inotify, FileWatcher.Builder settings, BiConsumer<Kind, String> told,
			Consumer<RuntimeException> failed, Runnable overflowed) {
		this.inotify = inotify;
		this.failed = failed;
		this.overflowed = overflowed;
		this.watches = new Watches(inotify);
		StatX memory = new StatX();
		String path = new String(PathBytes.of(settings.path()), StandardCharsets.ISO_8859_1);
		int written = settings.isModifiedWanted() ? InotifyCalls.IN_MODIFY : 0;
		boolean isFile = settings.scope() == WatchScope.FILE;
		this.route = new Route(path, isFile ? FileContents.IN_DIRECTORY | written : 0, this.watches, memory);
		this.contents = isFile
				? new FileContents(path, InotifyCalls.IN_CLOSE_WRITE | written, this.route, this.watches, memory, told)
				: new TreeContents(path, settings.scope() == WatchScope.TREE, written, this.watches, memory, told,
						this::failed);
	}

	/**
	 * Begins to watch, and looks at all that is there.
	 * @param tell whether that is told
	 * @throws ErrnoException if the kernel refuses
	 */
	void begin(boolean tell) {
		this.contents.begin(this.route.follow(), tell);
		boolean more;
		do {
			more = this.contents.goOn();
		}
		while (more);
		this.opening = false;
	}

	/** Takes some of the events that wait. */
	void take() {
		this.inotify.take(this::event);
	}

	/**
	 * Goes on with what takes longer.
	 * @return {@code true} if something is left of that
	 */
	boolean goOn() {
		return this.contents.goOn();
	}

	/** No event that follows is to be lost by one that cannot be handled. */
	private void event(int number, int mask, String name) {
		try {
			handle(number, mask, name);
		}
		catch (RuntimeException ex) {
			this.failed.accept(ex);
		}
	}

	private void handle(int number, int mask, String name) {
		if ((mask & InotifyCalls.IN_Q_OVERFLOW) != 0) {
			this.overflowed.run();
			this.contents.recheck(this.route.follow());
			return;
		}
		Watch watch = this.watches.get(number);
		if (watch == null) {
			return; // it has ended
		}
		if ((mask & InotifyCalls.IN_IGNORED) != 0) {
			this.watches.ended(watch);
		}
		boolean wasAtPlace = this.route.isPlace(watch, name);
		boolean isOnRoute = this.route.isConcerned(watch, mask, name);
		if (isOnRoute) {
			Status status = this.route.follow();
			this.contents.followed(status, mask, wasAtPlace && this.route.isPlace(watch, name));
		}
		if (!wasAtPlace || !isOnRoute) {
			this.contents.event(watch, mask, name);
		}
		if ((mask & InotifyCalls.IN_UNMOUNT) != 0) {
			this.contents.recheck(this.route.follow());
		}
	}

	private void failed(ErrnoException failure) {
		if (this.opening && failure instanceof InotifyLimitException) {
			throw failure;
		}
		this.failed.accept(failure);
	}

}
