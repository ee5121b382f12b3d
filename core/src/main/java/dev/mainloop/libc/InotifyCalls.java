package dev.mainloop.libc;

/**
 * The system calls of {@code inotify(7)}, by the convention of {@link LibC}. They are
 * loaded on first use.
 */
public final class InotifyCalls {

	/** A file was written. */
	public static final int IN_MODIFY = 0x2;

	/** Permissions, owner, times or names of a file were changed. */
	public static final int IN_ATTRIB = 0x4;

	/** A file that was open for writing was closed. */
	public static final int IN_CLOSE_WRITE = 0x8;

	/** A file was renamed away. */
	public static final int IN_MOVED_FROM = 0x40;

	/** A file was renamed to here. */
	public static final int IN_MOVED_TO = 0x80;

	/** A file was made. */
	public static final int IN_CREATE = 0x100;

	/** A file was removed. */
	public static final int IN_DELETE = 0x200;

	/** What is watched was removed. */
	public static final int IN_DELETE_SELF = 0x400;

	/** What is watched was renamed. */
	public static final int IN_MOVE_SELF = 0x800;

	/** The file system of what is watched was unmounted. */
	public static final int IN_UNMOUNT = 0x2000;

	/** Events were dropped, as too many were not read. */
	public static final int IN_Q_OVERFLOW = 0x4000;

	/** The watch has ended. */
	public static final int IN_IGNORED = 0x8000;

	/** Watches directories alone. */
	public static final int IN_ONLYDIR = 0x1000000;

	/** Watches a symbolic link and not what it leads to. */
	public static final int IN_DONT_FOLLOW = 0x2000000;

	/** Leaves out what happens to files of a directory after they were removed. */
	public static final int IN_EXCL_UNLINK = 0x4000000;

	/** Adds to what the file is watched for already. */
	public static final int IN_MASK_ADD = 0x20000000;

	/** The event is one of a directory. */
	public static final int IN_ISDIR = 0x40000000;

	private InotifyCalls() {
	}

	/**
	 * Opens an instance that never blocks and is closed on exec, see
	 * {@code inotify_init1(2)}.
	 * @return the number of the file descriptor or a negated errno
	 */
	public static int open() {
		return Library.INIT.call(LibC.O_NONBLOCK | LibC.O_CLOEXEC);
	}

	/**
	 * Watches a file, see {@code inotify_add_watch(2)}.
	 * @param fd the instance
	 * @param path the bytes of the path
	 * @param mask {@code IN_…} bits
	 * @return the number of the watch or a negated errno
	 */
	public static int addWatch(int fd, byte[] path, int mask) {
		try (Scratch name = Scratch.of(path)) {
			return Library.ADD_WATCH.call(fd, name.memory().address(), mask);
		}
	}

	/**
	 * Ends a watch, see {@code inotify_rm_watch(2)}.
	 * @param fd the instance
	 * @param watch the number of the watch
	 * @return zero or a negated errno
	 */
	public static int removeWatch(int fd, int watch) {
		return Library.REMOVE_WATCH.call(fd, watch);
	}

	private static final class Library {

		static final NativeFunction INIT = new NativeFunction("inotify_init1", 1);

		static final NativeFunction ADD_WATCH = new NativeFunction("inotify_add_watch", 3);

		static final NativeFunction REMOVE_WATCH = new NativeFunction("inotify_rm_watch", 2);

		private Library() {
		}

	}

}
