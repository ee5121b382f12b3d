package dev.mainloop;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes what a constructor has opened, latest first, unless the constructor gets to its
 * end.
 */
final class Rollback implements AutoCloseable {

	/** With room for all that a loop opens. */
	private final Deque<AutoCloseable> opened = new ArrayDeque<>();

	<T extends AutoCloseable> T add(T resource) {
		this.opened.push(resource);
		return resource;
	}

	void keep() {
		this.opened.clear();
	}

	@Override
	public void close() {
		Throwable failure = null;
		for (AutoCloseable resource : this.opened) {
			try {
				resource.close();
			}
			catch (Throwable ex) {
				failure = ex;
			}
		}
		if (failure != null) {
			throw new IllegalStateException("Failed to close what was opened before", failure);
		}
	}

}
