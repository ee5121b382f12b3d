package dev.mainloop;

import java.util.Locale;

/**
 * The states of a {@link MainLoop}.
 */
public enum MainLoopState {

	/** It has not run yet. */
	NEW,

	/** It runs. */
	RUNNING,

	/** It was told to stop and handles what waits. */
	STOPPING,

	/** It has stopped and can run again. */
	STOPPED,

	/** It ended by an error and does not run. */
	FAILED,

	/** It is closed for good. */
	CLOSED;

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
