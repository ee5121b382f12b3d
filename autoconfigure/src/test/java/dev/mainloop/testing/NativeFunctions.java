package dev.mainloop.testing;

import dev.mainloop.libc.ErrnoException;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.SaveError;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * Functions of the C library that only tests need.
 */
@SaveError
public interface NativeFunctions {

	/** The functions. */
	NativeFunctions INSTANCE = LibraryLoader.create(NativeFunctions.class).load("c");

	/** See {@code pipe2(2)}. */
	int pipe2(@size_t long fds, int flags);

	/** See {@code socketpair(2)}. */
	int socketpair(int domain, int type, int protocol, @size_t long fds);

	/** See {@code socket(2)}. */
	int socket(int domain, int type, int protocol);

	/** See {@code connect(2)}. */
	int connect(int fd, @size_t long address, int length);

	/** See {@code shutdown(2)}. */
	int shutdown(int fd, int how);

	/** See {@code close(2)}. */
	int close(int fd);

	/** See {@code write(2)}. */
	@ssize_t
	long write(int fd, @size_t long buffer, @size_t long count);

	/** See {@code prctl(2)}. */
	int prctl(int option, @size_t long second, @size_t long third, @size_t long fourth, @size_t long fifth);

	/**
	 * Requires that a call has not failed.
	 * @param result the result of the call
	 * @param call its name
	 * @return the result
	 */
	static int check(int result, String call) {
		if (result == -1) {
			throw new ErrnoException(-Runtime.getRuntime(INSTANCE).getLastError(), call);
		}
		return result;
	}

}
