package dev.mainloop.file;

import dev.mainloop.fd.PathBytes;
import dev.mainloop.libc.BufferCalls;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.StatX;

/**
 * The system calls. One that a signal has interrupted is made again.
 */
final class LinuxFileCalls implements FileCalls {

	@Override
	public int call(FileOperation operation) {
		int result;
		do {
			result = callOnce(operation);
		}
		while (Errno.EINTR.is(result));
		return result;
	}

	private static int callOnce(FileOperation operation) {
		int fd = operation.descriptor();
		return switch (operation.type()) {
			case OPEN -> LibC.open(PathBytes.of(operation.path()), operation.flags(), operation.mode());
			case CLOSE -> closeOnce(fd);
			case READ -> BufferCalls.pread(fd, operation.buffer(), operation.bufferPosition(), operation.length(),
					operation.offset());
			case WRITE -> BufferCalls.pwrite(fd, operation.buffer(), operation.bufferPosition(), operation.length(),
					operation.offset());
			case SYNC -> LibC.fsync(fd);
			case DATA_SYNC -> LibC.fdatasync(fd);
			case ALLOCATE -> LibC.fallocate(fd, operation.flags(), operation.offset(), operation.size());
			case TRUNCATE -> LibC.ftruncate(fd, operation.size());
			case STAT_FILE -> stat(operation, fd, new byte[0], LibC.AT_EMPTY_PATH);
			case STAT -> stat(operation, LibC.AT_FDCWD, PathBytes.of(operation.path()), 0);
			case RENAME -> LibC.rename(PathBytes.of(operation.path()), PathBytes.of(operation.newPath()));
			case UNLINK -> LibC.unlink(PathBytes.of(operation.path()));
		};
	}

	@Override
	public void close(int descriptor) {
		LibC.close(descriptor);
	}

	/** As {@link LibC#close} has it, an interrupted call has closed the file. */
	private static int closeOnce(int descriptor) {
		int result = LibC.close(descriptor);
		return Errno.EINTR.is(result) ? 0 : result;
	}

	private static int stat(FileOperation operation, int fd, byte[] path, int flags) {
		StatX status = new StatX();
		int result = LibC.statx(fd, path, flags, StatX.BASIC_STATS, status.address());
		if (result == 0) {
			operation.status(FileStatus.of(status));
		}
		return result;
	}

}
