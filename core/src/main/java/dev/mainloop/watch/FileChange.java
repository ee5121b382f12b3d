package dev.mainloop.watch;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What has happened to a file.
 *
 * @param kind what has happened
 * @param path where, beginning with the path of the {@link FileWatcher} as that was given
 * and made absolute
 */
public record FileChange(Kind kind, Path path) {

	/**
	 * Creates a change.
	 */
	public FileChange {
		Objects.requireNonNull(kind, "'kind' must not be null");
		Objects.requireNonNull(path, "'path' must not be null");
	}

	/** What happens to files. */
	public enum Kind {

		/**
		 * A file, directory or symbolic link was made. A file may be written still, or
		 * not have been written at all.
		 */
		CREATED,

		/** A file is being written: this comes with each {@code write(2)}. */
		MODIFIED,

		/**
		 * A file was written and closed. Of a file that the watcher has found, as that
		 * was made before its directory could be watched, this is told, too: it comes
		 * again when a writer closes it.
		 */
		WRITTEN,

		/**
		 * A file or directory was renamed to the path, or symbolic links of the path lead
		 * elsewhere since: it is complete, and may have replaced another.
		 */
		MOVED_IN,

		/** A file, directory or symbolic link was removed, or renamed to another path. */
		DELETED,

		/** Permissions, owner, times or the number of names were changed. */
		ATTRIBUTES,

		/**
		 * It was there when the watcher was opened, see
		 * {@link FileWatcher.Builder#initial(boolean)}.
		 */
		FOUND

	}

}
