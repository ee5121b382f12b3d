package dev.mainloop;

import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.ExitStatus;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.PidFd;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import org.jspecify.annotations.Nullable;

/**
 * What is readable once a process has ended, and who knows how it has. The kernel is
 * asked first, as it tells signals and exit codes apart. The JVM takes the status of a
 * child that it has started from the kernel, and may be first.
 *
 * @param fd the file descriptor, which is closed with the event source
 * @param status answers how the process has ended, or {@code null} as long as that is not
 * known; asked on the loop's thread, once the file descriptor is readable
 * @param certain whether it will be known
 */
record ProcessEnd(FileDescriptor fd, Supplier<@Nullable ExitStatus> status, boolean certain) {

	/** Of a process whose pidfd is there. */
	static ProcessEnd of(PidFd pidFd) {
		return new ProcessEnd(pidFd, pidFd::status, false);
	}

	/** Of a child that the JVM has started. */
	static ProcessEnd of(Platform platform, Process process) {
		return of(platform, process::pid, process::isAlive, process::onExit,
				() -> process.isAlive() ? null : ExitStatus.ofJvm(process.exitValue()), true);
	}

	/** Of any process. */
	static ProcessEnd of(Platform platform, ProcessHandle process) {
		return of(platform, process::pid, process::isAlive, process::onExit, () -> null, false);
	}

	private static ProcessEnd of(Platform platform, LongSupplier pid, BooleanSupplier alive,
			Supplier<CompletableFuture<?>> exit, Supplier<@Nullable ExitStatus> known, boolean certain) {
		PidFd pidFd;
		try {
			pidFd = platform.openPidFd(pid.getAsLong());
		}
		catch (UnsupportedOperationException ex) {
			return told(platform, exit.get(), known, certain);
		}
		catch (ErrnoException ex) {
			if (ex.is(Errno.ESRCH)) {
				return told(platform, CompletableFuture.completedFuture(null), known, certain);
			}
			if (ex.is(Errno.ENOSYS) || ex.is(Errno.EPERM)) {
				return told(platform, exit.get(), known, certain);
			}
			throw ex;
		}
		boolean done = false;
		try {
			if (!alive.getAsBoolean()) {
				// Its number may be that of another process now.
				return told(platform, CompletableFuture.completedFuture(null), known, certain);
			}
			ProcessEnd end = new ProcessEnd(pidFd, () -> {
				ExitStatus status = pidFd.status();
				return (status != null) ? status : known.get();
			}, certain);
			done = true;
			return end;
		}
		finally {
			if (!done) {
				pidFd.close();
			}
		}
	}

	/** Of a process whose end another thread tells of. */
	private static ProcessEnd told(Platform platform, CompletableFuture<?> exit, Supplier<@Nullable ExitStatus> known,
			boolean certain) {
		EventFd ended = platform.openEventFd();
		exit.whenComplete((result, failure) -> {
			try {
				ended.add(1);
			}
			catch (IllegalStateException ex) {
				// The source was closed meanwhile.
			}
		});
		return new ProcessEnd(ended, known, certain);
	}

}
