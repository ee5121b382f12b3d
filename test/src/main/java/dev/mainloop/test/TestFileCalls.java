package dev.mainloop.test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.mainloop.file.FileCalls;
import dev.mainloop.file.FileOperation;
import dev.mainloop.file.FileOperation.Type;
import dev.mainloop.file.FileStatus;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.LibC;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the file operations of tests by {@code java.nio.file}, on any operating
 * system and file system. Some can be made to fail.
 */
final class TestFileCalls implements FileCalls {

	private static final int FIRST_DESCRIPTOR = 3;

	private static final int BLOCK = 4096;

	private static final int REGULAR_FILE = 0100000;

	private static final int DIRECTORY = 0040000;

	/** By what the C library says, which is all that the JDK tells of them. */
	private static final Map<String, Errno> ERRORS = Map.of("File name too long", Errno.ENAMETOOLONG, "Not a directory",
			Errno.ENOTDIR, "Is a directory", Errno.EISDIR, "No space left on device", Errno.ENOSPC,
			"Read-only file system", Errno.EROFS, "Invalid argument", Errno.EINVAL, "Operation not permitted",
			Errno.EPERM, "Invalid cross-device link", Errno.EXDEV);

	private final Map<Integer, OpenFile> open = new HashMap<>();

	private final Map<Type, Deque<Errno>> failures = new EnumMap<>(Type.class);

	private int nextDescriptor = FIRST_DESCRIPTOR;

	/** Has the next operation of a type fail that would not otherwise. */
	synchronized void failNext(Type type, Errno errno) {
		this.failures.computeIfAbsent(type, (key) -> new ArrayDeque<>()).add(errno);
	}

	@Override
	public synchronized int call(FileOperation operation) {
		Deque<Errno> planned = this.failures.get(operation.type());
		Errno failure = (planned != null) ? planned.poll() : null;
		if (failure != null) {
			return -failure.number();
		}
		try {
			return carryOut(operation);
		}
		catch (IOException ex) {
			return -errno(ex).number();
		}
		catch (NonReadableChannelException | NonWritableChannelException ex) {
			return -Errno.EBADF.number();
		}
	}

	private int carryOut(FileOperation operation) throws IOException {
		Path path = operation.path();
		switch (operation.type()) {
			case OPEN -> {
				this.open.put(this.nextDescriptor, OpenFile.open(path, operation.flags(), operation.mode()));
				return this.nextDescriptor++;
			}
			case CLOSE -> closeFile(operation.descriptor());
			case READ -> {
				return file(operation).read(part(operation), operation.offset());
			}
			case WRITE -> {
				return file(operation).write(part(operation), operation.offset());
			}
			case SYNC, DATA_SYNC -> file(operation).sync();
			case ALLOCATE -> file(operation).allocate(operation.flags(), operation.offset() + operation.size());
			case TRUNCATE -> file(operation).resize(operation.size());
			case STAT_FILE, STAT -> operation.status(status(path));
			case RENAME -> Files.move(path, operation.newPath(), StandardCopyOption.ATOMIC_MOVE,
					StandardCopyOption.REPLACE_EXISTING);
			case UNLINK -> {
				if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
					throw failure(path, Errno.EISDIR);
				}
				Files.delete(path);
			}
		}
		return 0;
	}

	private OpenFile file(FileOperation operation) throws IOException {
		OpenFile file = this.open.get(operation.descriptor());
		if (file == null) {
			throw failure(operation.path(), Errno.EBADF);
		}
		return file;
	}

	private static ByteBuffer part(FileOperation operation) {
		ByteBuffer part = operation.buffer().duplicate();
		part.limit(operation.bufferPosition() + operation.length()).position(operation.bufferPosition());
		return part;
	}

	@Override
	public synchronized void close(int descriptor) {
		try {
			closeFile(descriptor);
		}
		catch (IOException ex) {
			// As with close(2), it is closed.
		}
	}

	private void closeFile(int descriptor) throws IOException {
		OpenFile file = this.open.remove(descriptor);
		if (file != null && file.channel != null) {
			file.channel.close();
		}
	}

	private static FileStatus status(Path path) throws IOException {
		if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
			BasicFileAttributes some = Files.readAttributes(path, BasicFileAttributes.class);
			int mode = some.isDirectory() ? DIRECTORY | 0755 : REGULAR_FILE | 0644;
			return new FileStatus(0, path.toRealPath().hashCode(), mode, 1, 0, 0, some.size(), allocated(some.size()),
					some.lastAccessTime().toInstant(), some.lastModifiedTime().toInstant(),
					some.lastModifiedTime().toInstant());
		}
		Map<String, Object> all = Files.readAttributes(path, "unix:*");
		long size = value(all, "size", Long.class);
		return new FileStatus(value(all, "dev", Long.class), value(all, "ino", Long.class),
				value(all, "mode", Integer.class), value(all, "nlink", Integer.class), value(all, "uid", Integer.class),
				value(all, "gid", Integer.class), size, allocated(size),
				value(all, "lastAccessTime", FileTime.class).toInstant(),
				value(all, "lastModifiedTime", FileTime.class).toInstant(),
				value(all, "ctime", FileTime.class).toInstant());
	}

	private static <T> T value(Map<String, Object> attributes, String name, Class<T> type) {
		return type.cast(Objects.requireNonNull(attributes.get(name)));
	}

	private static long allocated(long size) {
		return (size + BLOCK - 1) / BLOCK * BLOCK;
	}

	private static Errno errno(IOException ex) {
		if (ex instanceof Failure failure) {
			return failure.errno;
		}
		if (ex instanceof NoSuchFileException) {
			return Errno.ENOENT;
		}
		if (ex instanceof FileAlreadyExistsException) {
			return Errno.EEXIST;
		}
		if (ex instanceof AccessDeniedException) {
			return Errno.EACCES;
		}
		if (ex instanceof DirectoryNotEmptyException) {
			return Errno.ENOTEMPTY;
		}
		String text = (ex instanceof FileSystemException some) ? some.getReason() : ex.getMessage();
		return ERRORS.getOrDefault(String.valueOf(text), Errno.EIO);
	}

	private static Failure failure(Path path, Errno errno) {
		return new Failure(path, errno);
	}

	/** What {@code java.nio.file} does, and a system call would not. */
	private static final class Failure extends IOException {

		private static final long serialVersionUID = 1;

		private final Errno errno;

		Failure(Path path, Errno errno) {
			super(path + ": " + errno);
			this.errno = errno;
		}

	}

	/**
	 * A file that is open.
	 *
	 * @param path its path
	 * @param channel reads and writes it, {@code null} for a directory
	 * @param append whether writes go to the end
	 */
	private record OpenFile(Path path, @Nullable FileChannel channel, boolean append) {

		static OpenFile open(Path path, int flags, int mode) throws IOException {
			boolean writes = (flags & (LibC.O_WRONLY | LibC.O_RDWR)) != 0;
			if (isSet(flags, LibC.O_TMPFILE)) {
				throw failure(path, Errno.EOPNOTSUPP);
			}
			if (Files.isDirectory(path)) {
				if (writes) {
					throw failure(path, Errno.EISDIR);
				}
				return new OpenFile(path, null, false);
			}
			if (isSet(flags, LibC.O_DIRECTORY)) {
				throw failure(path, Files.exists(path) ? Errno.ENOTDIR : Errno.ENOENT);
			}
			if (isSet(flags, LibC.O_NOFOLLOW) && Files.isSymbolicLink(path)) {
				throw failure(path, Errno.ELOOP);
			}
			FileAttribute<?>[] attributes = path.getFileSystem().supportedFileAttributeViews().contains("posix")
					? new FileAttribute<?>[] { PosixFilePermissions.asFileAttribute(permissions(mode)) }
					: new FileAttribute<?>[0];
			return new OpenFile(path, FileChannel.open(path, options(flags, writes), attributes),
					isSet(flags, LibC.O_APPEND));
		}

		private static boolean isSet(int flags, int flag) {
			return (flags & flag) == flag;
		}

		private static Set<OpenOption> options(int flags, boolean writes) {
			Set<OpenOption> options = new HashSet<>();
			if (!isSet(flags, LibC.O_WRONLY)) {
				options.add(StandardOpenOption.READ);
			}
			if (writes || isSet(flags, LibC.O_CREAT)) {
				options.add(StandardOpenOption.WRITE);
			}
			if (isSet(flags, LibC.O_CREAT)) {
				options.add(isSet(flags, LibC.O_EXCL) ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE);
			}
			if (isSet(flags, LibC.O_TRUNC)) {
				options.add(StandardOpenOption.TRUNCATE_EXISTING);
			}
			return options;
		}

		private static Set<PosixFilePermission> permissions(int mode) {
			PosixFilePermission[] all = PosixFilePermission.values();
			Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
			for (int i = 0; i < all.length; i++) {
				if ((mode & 0400 >> i) != 0) {
					permissions.add(all[i]);
				}
			}
			return permissions;
		}

		private FileChannel requireChannel(Errno otherwise) throws IOException {
			if (this.channel == null) {
				throw failure(this.path, otherwise);
			}
			return this.channel;
		}

		int read(ByteBuffer buffer, long offset) throws IOException {
			return Math.max(0, requireChannel(Errno.EISDIR).read(buffer, offset));
		}

		int write(ByteBuffer buffer, long offset) throws IOException {
			FileChannel known = requireChannel(Errno.EBADF);
			return known.write(buffer, this.append ? known.size() : offset);
		}

		void sync() throws IOException {
			if (this.channel != null) {
				this.channel.force(true);
			}
		}

		void allocate(int mode, long end) throws IOException {
			if (mode != 0) {
				throw failure(this.path, Errno.EOPNOTSUPP);
			}
			if (end > requireChannel(Errno.ENODEV).size()) {
				resize(end);
			}
		}

		void resize(long size) throws IOException {
			FileChannel known = requireChannel(Errno.EINVAL);
			if (size > known.size()) {
				known.write(ByteBuffer.allocate(1), size - 1);
			}
			else {
				known.truncate(size);
			}
		}

	}

}
