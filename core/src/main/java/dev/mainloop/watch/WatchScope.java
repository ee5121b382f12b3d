package dev.mainloop.watch;

import java.nio.file.Path;

/**
 * What a {@link FileWatcher} watches at its path.
 */
public enum WatchScope {

	/**
	 * What the path leads to, a file or a directory: its contents, and whether it is
	 * there. The path may have symbolic links anywhere, and leads to something else when
	 * one of them does.
	 */
	FILE {

		@Override
		boolean covers(Path root, Path path) {
			return path.equals(root);
		}

	},

	/** A directory: what is directly in it, and the directory itself. */
	DIRECTORY {

		@Override
		boolean covers(Path root, Path path) {
			return path.equals(root) || root.equals(path.getParent());
		}

	},

	/**
	 * A directory with all that is below it. Symbolic links in it are not followed.
	 */
	TREE {

		@Override
		boolean covers(Path root, Path path) {
			return path.startsWith(root);
		}

	};

	abstract boolean covers(Path root, Path path);

}
