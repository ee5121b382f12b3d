package dev.mainloop.watch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import dev.mainloop.libc.DirectoryCalls;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.InotifyCalls;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.StatX;
import dev.mainloop.watch.FileChange.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A directory, or a tree of directories. Each directory is watched first and its contents
 * are listed then, so that a file is found by the one or told by the other, or both. What
 * is known of the contents is compared with what is there after events were dropped.
 */
final class TreeContents implements Contents {

	/** How long directories are listed before other handlers have their turns. */
	private static final long SLICE_NANOS = 5_000_000;

	private static final int MASK = Route.NAMES | InotifyCalls.IN_CLOSE_WRITE | InotifyCalls.IN_ATTRIB
			| InotifyCalls.IN_EXCL_UNLINK | InotifyCalls.IN_ONLYDIR;

	private final boolean deep;

	private final int mask;

	private final Watches watches;

	private final StatX memory;

	private final BiConsumer<Kind, String> told;

	private final Consumer<ErrnoException> failed;

	/** The directory at the path. */
	private Directory root;

	/** Which directory that is, {@link Status#UNKNOWN} if none is there. */
	private long identity = Status.UNKNOWN;

	private final Deque<Listing> left = new ArrayDeque<>();

	/**
	 * Creates the contents.
	 * @param path the path of the directory
	 * @param deep whether directories in it are watched, too
	 * @param written what more the directories are watched for
	 */
	TreeContents(String path, boolean deep, int written, Watches watches, StatX memory, BiConsumer<Kind, String> told,
			Consumer<ErrnoException> failed) {
		this.root = new Directory(null, path);
		this.deep = deep;
		this.mask = MASK | written;
		this.watches = watches;
		this.memory = memory;
		this.told = told;
		this.failed = failed;
	}

	@Override
	public void begin(@Nullable Status status, boolean tell) {
		if (status != null && status.isDirectory()) {
			this.identity = status.identity();
			watch(this.root, 0);
			this.left.add(new Listing(this.root, tell ? Kind.FOUND : null, false));
			if (tell) {
				this.told.accept(Kind.FOUND, this.root.path());
			}
		}
	}

	@Override
	public void followed(@Nullable Status status, int mask, boolean isAtPlace) {
		long before = this.identity;
		if (status == null || !status.isDirectory()) {
			if (before != Status.UNKNOWN) {
				this.identity = Status.UNKNOWN;
				tellDeleted(this.root, this.root.path());
				this.root = new Directory(null, this.root.path());
			}
			return;
		}
		if (before == status.identity() && this.root.watch() != null) {
			return;
		}
		this.identity = status.identity();
		Kind kind = ((mask & InotifyCalls.IN_CREATE) != 0) ? Kind.CREATED : Kind.MOVED_IN;
		this.told.accept(kind, this.root.path());
		tryToWatch(this.root, 0);
		this.left.add(new Listing(this.root, kind, true));
	}

	@Override
	public void recheck(@Nullable Status status) {
		long before = this.identity;
		followed(status, 0, false);
		if (this.identity != Status.UNKNOWN && this.identity == before) {
			this.left.add(new Listing(this.root, Kind.CREATED, true));
		}
	}

	@Override
	public void event(Watch watch, int mask, String name) {
		Directory directory = watch.directory();
		if (directory == null) {
			return;
		}
		if ((mask & InotifyCalls.IN_IGNORED) != 0) {
			directory.watch(null);
			watch.directory(null);
		}
		else if (name.isEmpty()) {
			if ((mask & InotifyCalls.IN_ATTRIB) != 0 && directory == this.root) {
				this.told.accept(Kind.ATTRIBUTES, directory.path());
			}
		}
		else if ((mask & (InotifyCalls.IN_DELETE | InotifyCalls.IN_MOVED_FROM)) != 0) {
			Entry gone = directory.entries().remove(name);
			if (gone != null) {
				tellDeleted(gone, directory.path(name));
			}
		}
		else if ((mask & (InotifyCalls.IN_CREATE | InotifyCalls.IN_MOVED_TO)) != 0) {
			appeared(directory, name, mask);
		}
		else {
			Entry known = directory.entries().get(name);
			if (known != null) { // or else it is told when the directory is listed
				changed(known, mask, directory.path(name));
			}
		}
	}

	private void appeared(Directory directory, String name, int mask) {
		boolean isDirectory = (mask & InotifyCalls.IN_ISDIR) != 0;
		Kind kind = ((mask & InotifyCalls.IN_CREATE) != 0) ? Kind.CREATED : Kind.MOVED_IN;
		Entry known = directory.entries().get(name);
		if (known != null && kind == Kind.CREATED && isDirectory == (known instanceof Directory)) {
			return; // found as the directory was listed
		}
		if (known instanceof Directory replaced) {
			forget(replaced);
		}
		this.told.accept(kind, directory.path(name));
		if (isDirectory) {
			add(directory, name, kind);
		}
		else {
			directory.entries().put(name, new Entry());
		}
	}

	private void changed(Entry known, int mask, String path) {
		if ((mask & InotifyCalls.IN_MODIFY) != 0) {
			known.contentChanged();
			this.told.accept(Kind.MODIFIED, path);
		}
		if ((mask & InotifyCalls.IN_CLOSE_WRITE) != 0) {
			known.contentChanged();
			this.told.accept(Kind.WRITTEN, path);
		}
		if ((mask & InotifyCalls.IN_ATTRIB) != 0) {
			known.attributesChanged();
			this.told.accept(Kind.ATTRIBUTES, path);
		}
	}

	/** Adds a directory, and has its contents told as those of one that is new. */
	private Directory add(Directory parent, String name, @Nullable Kind kind) {
		Directory added = new Directory(parent, name);
		parent.entries().put(name, added);
		if (this.deep) {
			tryToWatch(added, InotifyCalls.IN_DONT_FOLLOW);
			this.left.add(new Listing(added, kind, false));
		}
		return added;
	}

	private void tryToWatch(Directory directory, int flags) {
		try {
			watch(directory, flags);
		}
		catch (ErrnoException ex) {
			if (!Route.isGone(ex)) {
				this.failed.accept(ex);
			}
		}
	}

	/** Watches a directory, which may be known by the path from which it was moved. */
	private void watch(Directory directory, int flags) {
		Watch before = directory.watch();
		Watch watch = this.watches.add(directory.path(), this.mask | flags);
		Directory other = watch.directory();
		if (other != null && other != directory) {
			other.watch(null);
		}
		watch.directory(directory);
		directory.watch(watch);
		if (before != null && before != watch) {
			before.directory(null);
			this.watches.release(before);
		}
	}

	private void tellDeleted(Entry gone, String path) {
		if (gone instanceof Directory directory) {
			directory.entries().forEach((name, entry) -> tellDeleted(entry, directory.path(name)));
			endWatch(directory);
		}
		this.told.accept(Kind.DELETED, path);
	}

	private void forget(Directory directory) {
		directory.entries().values().forEach((entry) -> {
			if (entry instanceof Directory inner) {
				forget(inner);
			}
		});
		endWatch(directory);
	}

	private void endWatch(Directory directory) {
		Watch watch = directory.watch();
		if (watch != null) {
			directory.watch(null);
			watch.directory(null);
			this.watches.release(watch);
		}
		directory.gone();
	}

	@Override
	public boolean goOn() {
		long end = System.nanoTime() + SLICE_NANOS;
		Listing next;
		while ((next = this.left.poll()) != null) {
			if (!next.directory.isGone()) {
				list(next);
			}
			if (System.nanoTime() - end > 0) {
				break;
			}
		}
		return !this.left.isEmpty();
	}

	private void list(Listing listing) {
		Directory directory = listing.directory;
		int fd = LibC.open(directory.path().getBytes(StandardCharsets.ISO_8859_1),
				LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_CLOEXEC | ((directory != this.root) ? LibC.O_NOFOLLOW : 0),
				0);
		if (fd < 0) {
			ErrnoException failure = new ErrnoException(fd, "open", directory.path());
			if (!Route.isGone(failure)) {
				this.failed.accept(failure);
			}
			return;
		}
		try {
			List<String> names = new ArrayList<>();
			int result;
			do {
				result = DirectoryCalls.list(fd, names::add);
			}
			while (result > 0);
			if (result == 0) { // or else it was removed meanwhile
				compare(listing, names, fd);
			}
		}
		finally {
			LibC.close(fd);
		}
	}

	private void compare(Listing listing, List<String> names, int fd) {
		Directory directory = listing.directory;
		Map<String, Entry> entries = directory.entries();
		Set<String> missing = new HashSet<>(entries.keySet());
		for (String name : names) {
			Status status = Status.of(fd, name, this.memory);
			if (status != null) {
				missing.remove(name);
				Entry known = entries.get(name);
				if (known == null) {
					found(directory, name, status, listing.kind);
				}
				else if (known instanceof Directory != status.isDirectory()) {
					tellDeleted(known, directory.path(name));
					found(directory, name, status, listing.kind);
				}
				else if (listing.compared && listing.kind != null) {
					compare(directory, name, known, status, listing.kind);
				}
			}
		}
		for (String name : missing) {
			Entry gone = entries.remove(name);
			if (gone != null) {
				tellDeleted(gone, directory.path(name));
			}
		}
	}

	private void found(Directory directory, String name, Status status, @Nullable Kind kind) {
		if (kind != null) {
			this.told.accept(kind, directory.path(name));
			if (kind == Kind.CREATED && status.isRegular()) {
				this.told.accept(Kind.WRITTEN, directory.path(name));
			}
		}
		Entry added = new Entry();
		if (status.isDirectory()) {
			added = add(directory, name, kind);
		}
		else {
			directory.entries().put(name, added);
		}
		added.take(status);
	}

	private void compare(Directory directory, String name, Entry known, Status status, Kind kind) {
		boolean written = known.takeContent(status);
		boolean attributesChanged = known.takeAttributes(status);
		if (written) {
			this.told.accept((kind == Kind.CREATED && status.isRegular()) ? Kind.WRITTEN : kind, directory.path(name));
		}
		else if (attributesChanged) {
			this.told.accept(Kind.ATTRIBUTES, directory.path(name));
		}
		if (this.deep && known instanceof Directory inner) {
			tryToWatch(inner, InotifyCalls.IN_DONT_FOLLOW);
			this.left.add(new Listing(inner, kind, true));
		}
	}

	/**
	 * A directory to be listed.
	 *
	 * @param directory the directory
	 * @param kind what is told of its contents that are not known, {@code null} for
	 * nothing
	 * @param compared whether those that are known may have changed without an event
	 */
	private record Listing(Directory directory, @Nullable Kind kind, boolean compared) {

	}

}
