package dev.mainloop.watch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

import dev.mainloop.libc.DirectoryCalls;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.InotifyCalls;
import dev.mainloop.libc.StatX;
import org.jspecify.annotations.Nullable;

/**
 * The way from the root directory along a path and all symbolic links on it. Each
 * directory in which a name is looked up is watched before that is done, so that no
 * change of what the path leads to is missed, up to the first that is not there.
 */
final class Route {

	/** Of those that may change what a name in a directory is. */
	static final int NAMES = InotifyCalls.IN_CREATE | InotifyCalls.IN_DELETE | InotifyCalls.IN_MOVED_FROM
			| InotifyCalls.IN_MOVED_TO;

	/** Of those that end a watch or make it useless. */
	static final int ENDS = InotifyCalls.IN_DELETE_SELF | InotifyCalls.IN_MOVE_SELF | InotifyCalls.IN_UNMOUNT
			| InotifyCalls.IN_IGNORED;

	private static final int MASK = NAMES | InotifyCalls.IN_DELETE_SELF | InotifyCalls.IN_MOVE_SELF
			| InotifyCalls.IN_ONLYDIR;

	/** As the kernel follows, see {@code path_resolution(7)}. */
	private static final int MAX_LINKS = 40;

	private final String path;

	/** What else the directory at the end is watched for. */
	private final int endMask;

	private final Watches watches;

	private final StatX memory;

	private Set<Watch> used = new LinkedHashSet<>();

	private @Nullable Watch place;

	private String placeName = "";

	private @Nullable ErrnoException denied;

	Route(String path, int endMask, Watches watches, StatX memory) {
		this.path = path;
		this.endMask = endMask;
		this.watches = watches;
		this.memory = memory;
	}

	/** Whether an event is one of a name that the route looks up, or of its watches. */
	boolean isConcerned(Watch watch, int mask, String name) {
		return (mask & NAMES) != 0 && watch.names().contains(name) || (mask & ENDS) != 0 && !watch.names().isEmpty();
	}

	/** Whether a name is the last that was looked up. */
	boolean isPlace(Watch watch, String name) {
		return watch == this.place && name.equals(this.placeName);
	}

	/**
	 * Follows the path anew.
	 * @return what it leads to, {@code null} if that is nothing
	 * @throws ErrnoException if the directory that matters most cannot be watched; those
	 * before that may be such as the process may not read
	 */
	@Nullable Status follow() {
		Set<Watch> before = this.used;
		before.forEach((watch) -> watch.names().clear());
		this.used = new LinkedHashSet<>();
		this.place = null;
		this.denied = null;
		try {
			return walk();
		}
		finally {
			before.stream().filter((watch) -> !this.used.contains(watch)).forEach(this.watches::release);
		}
	}

	private @Nullable Status walk() {
		Deque<String> left = new ArrayDeque<>();
		push(left, this.path);
		String at = "";
		int links = 0;
		String name;
		while ((name = left.poll()) != null) {
			if ("..".equals(name)) {
				at = at.substring(0, Math.max(0, at.lastIndexOf('/')));
				continue;
			}
			Watch watch = watch(at.isEmpty() ? "/" : at, name, left.isEmpty() ? this.endMask : 0);
			String next = at + "/" + name;
			Status status = Status.of(next, this.memory);
			if (status != null && status.isLink() && links++ < MAX_LINKS) {
				String target = DirectoryCalls.readLink(next.getBytes(StandardCharsets.ISO_8859_1));
				push(left, target);
				at = target.startsWith("/") ? "" : at;
			}
			else if (status != null && status.isDirectory() && !left.isEmpty()) {
				at = next;
			}
			else {
				requireWatched(watch);
				this.place = left.isEmpty() ? watch : null;
				this.placeName = name;
				return (left.isEmpty() && (status == null || !status.isLink())) ? status : null;
			}
		}
		return Status.of(at.isEmpty() ? "/" : at, this.memory);
	}

	private static void push(Deque<String> names, String path) {
		String[] some = path.split("/");
		for (int i = some.length - 1; i >= 0; i--) {
			if (!some[i].isEmpty() && !".".equals(some[i])) {
				names.push(some[i]);
			}
		}
	}

	/** Watches a name in a directory, which is missing if it has vanished meanwhile. */
	private @Nullable Watch watch(String directory, String name, int more) {
		try {
			Watch watch = this.watches.add(directory, MASK | more);
			watch.names().add(name);
			this.used.add(watch);
			return watch;
		}
		catch (ErrnoException ex) {
			if (ex.is(Errno.EACCES)) {
				this.denied = ex;
			}
			else if (!isGone(ex)) {
				throw ex;
			}
			return null;
		}
	}

	/** Whether a directory was removed or replaced after it was found. */
	static boolean isGone(ErrnoException failure) {
		return failure.is(Errno.ENOENT) || failure.is(Errno.ENOTDIR) || failure.is(Errno.ELOOP);
	}

	private void requireWatched(@Nullable Watch watch) {
		if (watch == null && this.denied != null) {
			throw this.denied;
		}
	}

}
