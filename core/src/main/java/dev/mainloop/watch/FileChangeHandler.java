package dev.mainloop.watch;

/**
 * Handles changes of files.
 */
@FunctionalInterface
public interface FileChangeHandler {

	/**
	 * Handles a change, on the loop's thread. It must not block.
	 * @param change the change
	 * @param watcher the watcher, which may be paused or closed
	 * @throws Exception if it fails; the loop goes on
	 */
	void changed(FileChange change, FileWatcher watcher) throws Exception;

}
