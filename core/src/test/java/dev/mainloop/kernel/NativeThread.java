package dev.mainloop.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A thread as the kernel knows it, see {@code proc(5)}.
 *
 * @param id its number
 */
public record NativeThread(String id) {

	/**
	 * Returns the calling thread.
	 * @return the thread
	 */
	public static NativeThread current() {
		try {
			return new NativeThread(Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Tells whether the thread waits in the kernel.
	 * @return {@code true} if it does
	 */
	public boolean isWaiting() {
		return status("State:").startsWith("S");
	}

	/**
	 * Counts how often the thread has begun to wait in the kernel.
	 * @return the number
	 */
	public long waits() {
		return Long.parseLong(status("voluntary_ctxt_switches:"));
	}

	/**
	 * Tells on which CPUs the thread may run.
	 * @return their list, such as {@code 0-3}
	 */
	public String allowedCpus() {
		return status("Cpus_allowed_list:");
	}

	private String status(String field) {
		return ProcessFiles.field(Path.of("/proc/self/task", this.id, "status"), field);
	}

}
