package dev.mainloop.socket;

import java.net.SocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

import dev.mainloop.fd.PathBytes;
import dev.mainloop.libc.SocketCalls;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

/**
 * The address of a Unix socket: a path, or an abstract name, which no file system has, or
 * none, as that of most sockets that have connected, see {@code unix(7)}.
 */
public final class UnixAddress extends SocketAddress {

	private static final long serialVersionUID = 1L;

	private static final UnixAddress UNNAMED = new UnixAddress("(unnamed)", new byte[0]);

	private final String text;

	/** As a {@code struct sockaddr_un} has it: an abstract name begins with a zero. */
	private final byte[] path;

	/** The path that it was made of. */
	private final transient @Nullable Path file;

	private UnixAddress(String text, byte[] path) {
		this(text, path, null);
	}

	private UnixAddress(String text, byte[] path, @Nullable Path file) {
		if (path.length > SocketCalls.UNIX_PATH_MAX) {
			throw new IllegalArgumentException("The address '%s' of a Unix socket is too long: it has %d bytes of %d"
				.formatted(LogText.of(text), path.length - 1, SocketCalls.UNIX_PATH_MAX - 1));
		}
		this.text = text;
		this.path = path;
		this.file = file;
	}

	/**
	 * Returns that of a socket in the file system.
	 * @param path its path, of 107 bytes at most as it is made absolute
	 * @return the address
	 * @throws IllegalArgumentException if it is longer
	 */
	public static UnixAddress of(Path path) {
		byte[] bytes = PathBytes.of(path);
		return new UnixAddress(path.toString(), Arrays.copyOf(bytes, bytes.length + 1), path.toAbsolutePath());
	}

	/**
	 * Returns that of a socket with an abstract name.
	 * @param name its name, of 107 bytes in UTF-8 at most
	 * @return the address
	 * @throws IllegalArgumentException if it is empty or longer
	 */
	public static UnixAddress ofAbstract(String name) {
		if (name.isEmpty()) {
			throw new IllegalArgumentException("'name' must not be empty");
		}
		return new UnixAddress("@" + name, ("\0" + name).getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Reads an address as it is written: an absolute path, or {@code @} and an abstract
	 * name.
	 * @param text the text
	 * @return the address
	 * @throws IllegalArgumentException if it is something else
	 */
	public static UnixAddress parse(String text) {
		if (text.startsWith("/")) {
			return of(Path.of(text));
		}
		if (text.length() > 1 && text.startsWith("@")) {
			return ofAbstract(text.substring(1));
		}
		throw new IllegalArgumentException(
				"'%s' is not the address of a Unix socket, which is an absolute path, or '@' and an abstract name"
					.formatted(LogText.of(text)));
	}

	/**
	 * Reads what the kernel has.
	 * @param path as a {@code struct sockaddr_un} has it, with or without a zero at the
	 * end of a path
	 * @return the address
	 */
	static UnixAddress ofKernel(byte[] path) {
		if (path.length == 0) {
			return UNNAMED;
		}
		if (path[0] == 0) {
			return new UnixAddress("@" + new String(path, 1, path.length - 1, StandardCharsets.UTF_8), path);
		}
		int length = 0;
		while (length < path.length && path[length] != 0) {
			length++;
		}
		return new UnixAddress(new String(path, 0, length, Charset.defaultCharset()), Arrays.copyOf(path, length + 1));
	}

	byte[] path() {
		return this.path;
	}

	/** Returns the path that it was made of, at which {@code bind(2)} makes a file. */
	@Nullable Path file() {
		return this.file;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof UnixAddress address && Arrays.equals(this.path, address.path);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.path);
	}

	@Override
	public String toString() {
		return this.text;
	}

}
