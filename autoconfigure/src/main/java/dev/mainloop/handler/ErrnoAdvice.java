package dev.mainloop.handler;

import java.util.Map;
import java.util.Set;

import dev.mainloop.fd.InotifyLimitException;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;

/**
 * Says what to do about a system call that failed.
 */
public final class ErrnoAdvice {

	private static final String NOT_PERMITTED = "Give the user that runs the application permission for it: "
			+ "'namei -l' shows the owner and mode of each directory of a path. A serial line belongs to a group, "
			+ "often 'dialout', that the user has to be a member of.";

	private static final Set<String> WATCHING = Set.of("epoll_ctl", "poll", "select");

	private static final Map<String, String> OF_ERRNO = Map.of( //
			"ENOENT",
			"Correct the path, or make the file or its directory first. FileDescriptor.openFifo makes a FIFO "
					+ "that is missing, in a directory that is there.",
			"EACCES", NOT_PERMITTED, //
			"EPERM", NOT_PERMITTED, //
			"EMFILE",
			"The process has as many file descriptors as it may: raise its limit by 'ulimit -n', or LimitNOFILE of a "
					+ "systemd unit; or close those that are not needed, which /proc/<pid>/fd lists.",
			"ENFILE", "The machine has as many open files as it may: raise /proc/sys/fs/file-max.", //
			"ENOTTY", "Name a terminal: a serial line such as /dev/ttyUSB0, or a pseudo-terminal.", //
			"EEXIST", "Open what exists, or remove it first.", //
			"ENXIO", "Connect the device, or have the reader of the FIFO open it before its writer.", //
			"EBADF", "Take the number of a file descriptor that is open, and that nobody else closes.");

	private ErrnoAdvice() {
	}

	/**
	 * Says what to do.
	 * @param failure what failed
	 * @return a sentence or two
	 */
	public static String of(ErrnoException failure) {
		if (failure.is(Errno.EEXIST) && WATCHING.contains(failure.call())) {
			return "The file descriptor is watched already, under the same number: make one bean of it, and let each "
					+ "handler name that bean.";
		}
		if (failure instanceof InotifyLimitException reached) {
			return "Raise it, by 'sysctl -w %s=<number>' and for good in /etc/sysctl.d, or watch fewer files and directories."
				.formatted(reached.limit());
		}
		return OF_ERRNO.getOrDefault(Errno.name(failure.errno()),
				"See the errors of %s(2) in its manual page.".formatted(failure.call()));
	}

}
