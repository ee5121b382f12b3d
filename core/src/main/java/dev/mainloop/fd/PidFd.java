package dev.mainloop.fd;

import java.util.function.IntSupplier;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.ProcessCalls;
import org.jspecify.annotations.Nullable;

/**
 * A pidfd: refers to a process, also once its number is another's, and is readable when
 * the process has ended, see {@code pidfd_open(2)}. All methods may be called by any
 * thread.
 */
public class PidFd extends FileDescriptor {

	private final long pid;

	PidFd(long pid, IntSupplier opening) {
		super("process " + pid, opening);
		this.pid = pid;
	}

	/**
	 * Creates a pidfd that the kernel does not know, see
	 * {@link FileDescriptor#FileDescriptor(String)}.
	 * @param pid the number of the process
	 */
	protected PidFd(long pid) {
		super("process " + pid);
		this.pid = pid;
	}

	/**
	 * Opens a pidfd.
	 * @param pid the number of the process
	 * @return the pidfd, to be closed by the caller
	 * @throws ErrnoException if the call fails: with {@code ESRCH} if there is no such
	 * process, with {@code ENOSYS} where the kernel is older than Linux 5.3, and maybe
	 * with {@code EPERM} in a sandbox
	 */
	public static PidFd open(long pid) {
		return new PidFd(pid, () -> number(pid));
	}

	static int number(long pid) {
		int result = ProcessCalls.pidFdOpen(pid);
		if (result < 0) {
			throw new ErrnoException(result, "pidfd_open", pid);
		}
		return result;
	}

	/**
	 * Returns the number of the process.
	 * @return the number, which may be that of another one after the process has ended
	 */
	public final long pid() {
		return this.pid;
	}

	/**
	 * Returns how the process has ended. The status of a child is left for who waits for
	 * it, as the JVM does for those that it has started; that of another process, or of a
	 * child whose status was taken, is known to Linux 6.15 and later.
	 * @return the status, or {@code null} if the process has not ended, or the kernel
	 * does not tell how, or not yet
	 */
	public @Nullable ExitStatus status() {
		int fd = acquire();
		try {
			int status = ProcessCalls.peekStatus(fd);
			if (status < 0 && !Errno.EAGAIN.is(status)) {
				status = ProcessCalls.exitInfo(fd);
			}
			return (status >= 0) ? ExitStatus.of(status) : null;
		}
		finally {
			release();
		}
	}

	/**
	 * Sends a signal to the process, see {@code pidfd_send_signal(2)}.
	 * @param signal the signal
	 * @return {@code false} if the process has ended
	 * @throws ErrnoException if the call fails, with {@code EPERM} if the process is
	 * another user's
	 */
	public boolean signal(Signal signal) {
		int fd = acquire();
		try {
			int result = ProcessCalls.pidFdSendSignal(fd, signal.number());
			if (result < 0 && !Errno.ESRCH.is(result)) {
				throw new ErrnoException(result, "pidfd_send_signal", this, signal);
			}
			return result == 0;
		}
		finally {
			release();
		}
	}

}
