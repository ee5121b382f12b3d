package dev.mainloop.fd;

/**
 * What the kernel tells about a signal, see {@code signalfd(2)}.
 *
 * @param signal the signal
 * @param detailed whether the other values are known: they are with signalfd, and 0 where
 * the JVM relays the signal
 * @param code how it was sent ({@code si_code} of {@code sigaction(2)}), 0 for
 * {@code kill(2)}
 * @param pid the process id of the sender
 * @param uid the real user id of the sender
 * @param status the exit status or signal of a child, for {@code SIGCHLD}
 * @param value the value that {@code sigqueue(3)} sent along
 */
public record SignalInfo(Signal signal, boolean detailed, int code, int pid, int uid, int status, int value) {

	/**
	 * Creates the information on a signal of which nothing but its arrival is known.
	 * @param signal the signal
	 * @return the information
	 */
	public static SignalInfo of(Signal signal) {
		return new SignalInfo(signal, false, 0, 0, 0, 0, 0);
	}

}
