package dev.mainloop.test;

import dev.mainloop.fd.ExitStatus;
import dev.mainloop.fd.PidFd;
import dev.mainloop.fd.Signal;
import dev.mainloop.multiplexer.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * The pidfd of a process that is not there.
 */
final class TestPidFd extends PidFd implements Pollable {

	private volatile @Nullable ExitStatus status;

	private volatile Runnable loop = () -> {
	};

	TestPidFd(long pid) {
		super(pid);
	}

	void end(ExitStatus status) {
		this.status = status;
		this.loop.run();
	}

	@Override
	public @Nullable ExitStatus status() {
		return this.status;
	}

	@Override
	public boolean signal(Signal signal) {
		requireOpen();
		return this.status == null;
	}

	@Override
	public int readiness() {
		return (this.status != null) ? Readiness.READABLE : 0;
	}

	@Override
	public long changes() {
		return (this.status != null) ? 1 : 0;
	}

	@Override
	public void watchedBy(Runnable loop) {
		this.loop = loop;
	}

}
