package dev.mainloop.kernel;

import dev.mainloop.testing.container.ContainerReport;

/**
 * Tells which system calls a container refuses.
 */
public final class RefusedSystemCalls implements ContainerReport {

	@Override
	public String text() {
		return SystemCall.report();
	}

}
