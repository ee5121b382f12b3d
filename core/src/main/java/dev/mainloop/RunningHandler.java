package dev.mainloop;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A handler that runs, as another thread has seen it. By the time it is looked at it may
 * have returned.
 *
 * @param source the description of its event source
 * @param stack what its thread is doing, from the innermost call out to the handler
 */
public record RunningHandler(String source, List<StackTraceElement> stack) {

	/**
	 * Describes it for a log.
	 * @return the description of its source, and a line for each call
	 */
	@Override
	public String toString() {
		return this.stack.stream()
			.map((frame) -> "%n\tat %s".formatted(frame))
			.collect(Collectors.joining("", this.source, ""));
	}

}
