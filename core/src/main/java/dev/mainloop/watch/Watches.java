package dev.mainloop.watch;

import java.util.HashMap;
import java.util.Map;

import dev.mainloop.fd.Inotify;
import dev.mainloop.libc.InotifyCalls;
import org.jspecify.annotations.Nullable;

/**
 * The watches of an inotify instance.
 */
final class Watches {

	private final Inotify inotify;

	private final Map<Integer, Watch> byNumber = new HashMap<>();

	Watches(Inotify inotify) {
		this.inotify = inotify;
	}

	/**
	 * Watches a file, for more if it is watched already.
	 * @throws dev.mainloop.libc.ErrnoException if the kernel refuses
	 */
	Watch add(String path, int mask) {
		return this.byNumber.computeIfAbsent(this.inotify.watch(path, mask | InotifyCalls.IN_MASK_ADD), Watch::new);
	}

	/** Returns a watch, {@code null} once it has ended. */
	@Nullable Watch get(int number) {
		return this.byNumber.get(number);
	}

	/** Ends a watch that is used for nothing any more. */
	void release(Watch watch) {
		if (!watch.isUsed() && this.byNumber.remove(watch.number(), watch)) {
			this.inotify.unwatch(watch.number());
		}
	}

	/** Notes that the kernel has ended a watch. */
	void ended(Watch watch) {
		this.byNumber.remove(watch.number());
	}

}
