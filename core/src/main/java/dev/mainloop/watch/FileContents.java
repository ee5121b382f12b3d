package dev.mainloop.watch;

import java.util.function.BiConsumer;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.InotifyCalls;
import dev.mainloop.libc.StatX;
import dev.mainloop.watch.FileChange.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A single file. Beside the directory that it is in, which tells of the file by name, the
 * file itself is watched: it may be written under another name, as a hard link or a file
 * that is mounted into a container.
 */
final class FileContents implements Contents {

	/** What its directory is watched for beside names. */
	static final int IN_DIRECTORY = InotifyCalls.IN_CLOSE_WRITE | InotifyCalls.IN_ATTRIB | InotifyCalls.IN_EXCL_UNLINK;

	private static final int GONE = InotifyCalls.IN_DELETE | InotifyCalls.IN_MOVED_FROM;

	private final String path;

	/** What the file is watched for. */
	private final int written;

	private final Route route;

	private final Watches watches;

	private final StatX memory;

	private final BiConsumer<Kind, String> told;

	private final Entry known = new Entry();

	private boolean isThere;

	/** Which file is there, {@link Status#UNKNOWN} if none is. */
	private long identity = Status.UNKNOWN;

	private @Nullable Watch watch;

	/** The last event, if it came by the file's name, from its directory. */
	private int latestByName;

	/** What the file was after that. */
	private long latestContent = Status.UNKNOWN;

	FileContents(String path, int written, Route route, Watches watches, StatX memory, BiConsumer<Kind, String> told) {
		this.path = path;
		this.written = written;
		this.route = route;
		this.watches = watches;
		this.memory = memory;
		this.told = told;
	}

	@Override
	public void begin(@Nullable Status status, boolean tell) {
		take(status);
		if (status != null && tell) {
			tell(Kind.FOUND);
		}
	}

	@Override
	public void followed(@Nullable Status status, int mask, boolean isAtPlace) {
		boolean wasThere = this.isThere;
		long before = this.identity;
		if (isAtPlace) {
			// What has happened to the file since then has events of its own.
			boolean gone = (mask & GONE) != 0;
			take(gone ? null : status);
			this.isThere = !gone;
			tell(wasThere, (mask & InotifyCalls.IN_CREATE) != 0 ? Kind.CREATED : Kind.MOVED_IN);
			return;
		}
		take(status);
		if (wasThere && status != null && before == status.identity()) {
			return;
		}
		boolean made = !wasThere && (mask & InotifyCalls.IN_CREATE) != 0;
		tell(wasThere, made ? Kind.CREATED : Kind.MOVED_IN);
		if (made && status != null && status.isRegular()) {
			tell(Kind.WRITTEN);
		}
	}

	private void tell(boolean wasThere, Kind there) {
		if (this.isThere) {
			tell(there);
		}
		else if (wasThere) {
			tell(Kind.DELETED);
		}
	}

	@Override
	public void recheck(@Nullable Status status) {
		boolean written = status != null && this.known.takeContent(status);
		boolean attributesChanged = status != null && this.known.takeAttributes(status);
		boolean same = this.isThere && status != null && this.identity == status.identity();
		if (!same) {
			followed(status, 0, false);
		}
		else if (written) {
			tell(Kind.WRITTEN);
		}
		else if (attributesChanged) {
			tell(Kind.ATTRIBUTES);
		}
	}

	@Override
	public void event(Watch watch, int mask, String name) {
		boolean byName = !name.isEmpty() && this.route.isPlace(watch, name);
		int before = this.latestByName;
		this.latestByName = byName ? mask : 0;
		if (byName || name.isEmpty() && watch.isOfFile() && !(before == mask && !isWrittenSince())) {
			tell(mask);
		}
	}

	/** Whether it was written since an event came by its name. */
	private boolean isWrittenSince() {
		Status status = Status.of(this.path, this.memory);
		return status != null && status.content() != this.latestContent;
	}

	private void tell(int mask) {
		if ((mask & (InotifyCalls.IN_MODIFY | InotifyCalls.IN_CLOSE_WRITE)) != 0) {
			Status status = Status.of(this.path, this.memory);
			this.latestContent = (status != null) ? status.content() : Status.UNKNOWN;
			this.known.contentChanged();
			tell(((mask & InotifyCalls.IN_MODIFY) != 0) ? Kind.MODIFIED : Kind.WRITTEN);
		}
		if ((mask & InotifyCalls.IN_ATTRIB) != 0) {
			this.known.attributesChanged();
			tell(Kind.ATTRIBUTES);
		}
	}

	@Override
	public boolean goOn() {
		return false;
	}

	private void take(@Nullable Status status) {
		Watch before = this.watch;
		this.watch = (status != null && status.isRegular()) ? watch() : null;
		if (before != null && before != this.watch) {
			before.ofFile(false);
			this.watches.release(before);
		}
		this.isThere = status != null;
		this.identity = (status != null) ? status.identity() : Status.UNKNOWN;
		if (status != null) {
			this.known.take(status);
		}
	}

	/** A file that may not be read is watched by its directory alone. */
	private @Nullable Watch watch() {
		try {
			Watch added = this.watches.add(this.path, this.written);
			added.ofFile(true);
			return added;
		}
		catch (ErrnoException ex) {
			if (!ex.is(Errno.EACCES) && !ex.is(Errno.EPERM) && !Route.isGone(ex)) {
				throw ex;
			}
			return null;
		}
	}

	private void tell(Kind kind) {
		this.told.accept(kind, this.path);
	}

}
