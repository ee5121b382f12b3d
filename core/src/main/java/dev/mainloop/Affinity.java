package dev.mainloop;

import dev.mainloop.libc.CpuMask;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.StackReserve;
import org.jspecify.annotations.Nullable;

/**
 * The CPUs that the thread of a loop is pinned to, if it is, see
 * {@code sched_setaffinity(2)}.
 * <p>
 * A thread inherits the CPUs of the one that starts it. Those of the core, which a
 * handler may start, are therefore made by {@link #thread}.
 */
final class Affinity {

	/**
	 * The CPUs of what is not pinned; written before a thread is, so that all that it
	 * starts see it.
	 */
	private static volatile @Nullable CpuMask unpinned;

	private final LoopName loop;

	private final @Nullable CpuSet cpus;

	/**
	 * Creates it.
	 * @param loop the name of the loop
	 * @param cpus the CPUs, or {@code null} for those that the thread has anyway
	 */
	Affinity(LoopName loop, @Nullable CpuSet cpus) {
		this.loop = loop;
		this.cpus = cpus;
	}

	/** Returns the CPUs that it is pinned to, or {@code null} if to none. */
	@Nullable CpuSet cpus() {
		return this.cpus;
	}

	/**
	 * Refuses CPUs that the process may not use.
	 * @throws UnusableCpusException if it may not use one of them
	 */
	void requireAllowed() {
		if (this.cpus != null) {
			CpuSet allowed = CpuSet.ofProcess();
			if (!allowed.containsAll(this.cpus)) {
				throw unusable(this.cpus, allowed);
			}
		}
	}

	private UnusableCpusException unusable(CpuSet cpus, CpuSet allowed) {
		return new UnusableCpusException(
				"The %s cannot run on the CPUs %s, as the process may only use %s".formatted(this.loop, cpus, allowed),
				"Choose among those, or let the process use more, by taskset(1), AllowedCPUs= of systemd or "
						+ "--cpuset-cpus of docker");
	}

	/**
	 * Pins the calling thread.
	 * @return the CPUs that it had before, to be given to {@link #unpin}
	 * @throws UnusableCpusException if the kernel leaves one of the CPUs out
	 */
	@Nullable CpuMask pin() {
		if (this.cpus == null) {
			return null;
		}
		StackReserve.require();
		CpuMask before = CpuMask.ofThread(CpuMask.CALLER);
		boolean pinned = false;
		try {
			pinTo(this.cpus);
			pinned = true;
			return before;
		}
		finally {
			if (!pinned) {
				unpin(before);
			}
		}
	}

	private void pinTo(CpuSet cpus) {
		CpuSet allowed = CpuSet.ofProcess();
		unpinned = allowed.toMask();
		int result = cpus.toMask().applyToCaller();
		if (result < 0 && !Errno.EINVAL.is(result)) {
			throw new ErrnoException(result, "sched_setaffinity", CpuMask.CALLER, cpus);
		}
		if (!CpuSet.of(CpuMask.ofThread(CpuMask.CALLER)).equals(cpus)) {
			throw unusable(cpus, allowed);
		}
	}

	/**
	 * Gives the calling thread its CPUs back. Where none of them is to be had any more
	 * the kernel has found others.
	 */
	static void unpin(@Nullable CpuMask before) {
		if (before != null) {
			before.applyToCaller();
		}
	}

	/** Makes a thread that does not inherit the CPUs of a loop whose thread starts it. */
	static Thread thread(Runnable task, String name) {
		return new Thread(() -> {
			unpin(unpinned);
			task.run();
		}, name);
	}

}
