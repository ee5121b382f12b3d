package dev.mainloop.watch;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a directory and its contents.
 */
final class Directory extends Entry {

	private final @Nullable Directory parent;

	private final String name;

	private final Map<String, Entry> entries = new HashMap<>(4);

	/** Tells of changes in it, {@code null} while it cannot be watched. */
	private @Nullable Watch watch;

	private boolean gone;

	/**
	 * Creates a directory.
	 * @param parent where it is, {@code null} for the first
	 * @param name its name there, or the path of the first
	 */
	Directory(@Nullable Directory parent, String name) {
		this.parent = parent;
		this.name = name;
	}

	Map<String, Entry> entries() {
		return this.entries;
	}

	@Nullable Watch watch() {
		return this.watch;
	}

	void watch(@Nullable Watch watch) {
		this.watch = watch;
	}

	/** Notes that it is no part of the tree any more. */
	void gone() {
		this.gone = true;
	}

	boolean isGone() {
		return this.gone;
	}

	String path() {
		return (this.parent != null) ? this.parent.path(this.name) : this.name;
	}

	/** Returns the path of what has a name in it. */
	String path(String child) {
		String path = path();
		return path.endsWith("/") ? path + child : path + "/" + child;
	}

}
