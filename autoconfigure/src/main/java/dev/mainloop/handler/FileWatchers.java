package dev.mainloop.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import dev.mainloop.MainLoop;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.watch.FileChange;
import dev.mainloop.watch.FileChangeHandler;
import dev.mainloop.watch.FileWatcher;

import org.springframework.beans.factory.DisposableBean;

/**
 * The file watchers of the handlers of an application, which it closes at its end. May be
 * used by any thread.
 */
public final class FileWatchers implements DisposableBean {

	private final UnaryOperator<FileWatcher.Builder> customizer;

	private final List<FileWatcher> watchers = new ArrayList<>();

	/**
	 * Creates them.
	 * @param customizer changes the settings of each
	 */
	public FileWatchers(UnaryOperator<FileWatcher.Builder> customizer) {
		this.customizer = customizer;
	}

	/**
	 * Opens a watcher.
	 * @throws ErrnoException if the kernel refuses
	 */
	synchronized FileWatcher open(FileWatcher.Builder builder, MainLoop loop, String description,
			FileChangeHandler handler) {
		FileWatcher watcher = this.customizer.apply(builder).open(loop, description, handler);
		this.watchers.add(watcher);
		return watcher;
	}

	/**
	 * Tells of a change as if the kernel had.
	 * @param change the change
	 * @return {@code false} if no watcher covers its path
	 */
	public synchronized boolean tell(FileChange change) {
		List<FileWatcher> covering = this.watchers.stream()
			.filter((watcher) -> watcher.isOpen() && watcher.covers(change.path()))
			.toList();
		covering.forEach((watcher) -> watcher.tell(change));
		return !covering.isEmpty();
	}

	@Override
	public synchronized void destroy() {
		this.watchers.forEach(FileWatcher::close);
		this.watchers.clear();
	}

}
