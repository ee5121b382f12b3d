package dev.mainloop.watch;

import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A watch of the kernel, which has one for each file, and all that it is for.
 */
final class Watch {

	private final int number;

	/** The names in this directory that the {@link Route} looks up. */
	private final Set<String> names = new HashSet<>(2);

	/** What is known of this directory, if its contents are watched. */
	private @Nullable Directory directory;

	/** Whether it is of the file that is watched. */
	private boolean ofFile;

	Watch(int number) {
		this.number = number;
	}

	int number() {
		return this.number;
	}

	Set<String> names() {
		return this.names;
	}

	@Nullable Directory directory() {
		return this.directory;
	}

	void directory(@Nullable Directory directory) {
		this.directory = directory;
	}

	boolean isOfFile() {
		return this.ofFile;
	}

	void ofFile(boolean ofFile) {
		this.ofFile = ofFile;
	}

	boolean isUsed() {
		return !this.names.isEmpty() || this.directory != null || this.ofFile;
	}

}
