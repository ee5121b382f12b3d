package dev.mainloop.fd;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What a standard stream of a new process is.
 */
public final class Stdio {

	/** The stream of this process. */
	public static final Stdio INHERIT = new Stdio("inherited", null);

	/** The null device: nothing to read, and what is written is dropped. */
	public static final Stdio NULL_DEVICE = new Stdio("the null device", null);

	/** A pipe, of which this process has the other end. */
	public static final Stdio PIPE = new Stdio("a pipe", null);

	/** The standard output of the new process, for its standard error. */
	public static final Stdio OUTPUT = new Stdio("the standard output", null);

	private final String description;

	private final @Nullable FileDescriptor fd;

	private Stdio(String description, @Nullable FileDescriptor fd) {
		this.description = description;
		this.fd = fd;
	}

	/**
	 * Gives a file descriptor of this process to a new one. They share what it is, such
	 * as that its reads and writes do not block, which programs do not expect of a pipe
	 * or a terminal and do not mind of a file.
	 * @param fd the file descriptor, which stays the caller's to close
	 * @return the stream
	 */
	public static Stdio of(FileDescriptor fd) {
		return new Stdio(fd.toString(), Objects.requireNonNull(fd, "'fd' must not be null"));
	}

	/**
	 * Returns the file descriptor.
	 * @return the file descriptor, or {@code null} if it is none
	 */
	public @Nullable FileDescriptor fd() {
		return this.fd;
	}

	@Override
	public String toString() {
		return this.description;
	}

}
