package dev.mainloop.file;

/**
 * Carries out file operations with calls that block, for {@link FileIo#WORKERS}. A test
 * replaces it to do without Linux.
 */
public interface FileCalls {

	/** The system calls. */
	FileCalls LINUX = new LinuxFileCalls();

	/**
	 * Carries out an operation, on the calling thread, which is one of the workers or
	 * closes the files.
	 * @param operation the operation; one of the type {@link FileOperation.Type#STAT}
	 * {@linkplain FileOperation#status(FileStatus) gets the status}
	 * @return what the system call of the operation returns: zero or more for a success,
	 * or a negated errno
	 */
	int call(FileOperation operation);

	/**
	 * Closes a file, on the thread that closes all files.
	 * @param descriptor the number of its file descriptor
	 */
	void close(int descriptor);

}
