package dev.mainloop.socket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.function.IntSupplier;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.SocketCalls;
import org.jspecify.annotations.Nullable;

/**
 * A socket to which others connect, of TCP or of this machine, see {@code tcp(7)} and
 * {@code unix(7)}. All methods may be called by any thread.
 * <p>
 * That of a path makes a file there, and removes it when it is closed, unless another was
 * put there since. A file that an earlier process has left, at which none listens any
 * more, is replaced.
 *
 * @see Acceptor
 */
public class ListeningSocket extends FileDescriptor {

	private ListeningSocket(String description, IntSupplier opening) {
		super(description, opening);
	}

	/**
	 * Creates a socket that the kernel does not know, see
	 * {@link FileDescriptor#FileDescriptor(String)}.
	 * @param description what log lines call it
	 */
	protected ListeningSocket(String description) {
		super(description);
	}

	/**
	 * Opens a socket with the defaults of a {@link Builder}.
	 * @param address where to listen
	 * @return the socket, to be closed by the caller
	 * @throws IllegalArgumentException if it is neither an
	 * {@link java.net.InetSocketAddress} nor a {@link UnixAddress}, or not resolved
	 * @throws ErrnoException as {@link Builder#open()} does
	 */
	public static ListeningSocket open(SocketAddress address) {
		return builder(address).open();
	}

	/**
	 * Starts to describe a socket.
	 * @param address where to listen: an {@link java.net.InetSocketAddress}, whose port
	 * may be 0 for any that is free, or a {@link UnixAddress}; all addresses of IPv6
	 * ({@code ::}) are also those of IPv4
	 * @return a builder
	 * @throws IllegalArgumentException if it is another address, or not resolved
	 */
	public static Builder builder(SocketAddress address) {
		return new Builder(Addresses.required(address));
	}

	/**
	 * Returns the address at which it listens.
	 * @return an {@link java.net.InetSocketAddress}, with the port that it has, or a
	 * {@link UnixAddress}
	 * @throws ErrnoException if the call fails
	 */
	public SocketAddress localAddress() {
		return Addresses.local(this);
	}

	/**
	 * Accepts a connection.
	 * @param description what log lines call it
	 * @return its socket, to be closed by the caller, or {@code null} if none waits
	 * @throws ErrnoException if the kernel refuses: with {@code EMFILE} or {@code ENFILE}
	 * while too many files are open
	 */
	protected @Nullable StreamSocket accept(String description) {
		return StreamSocket.accept(this, description);
	}

	/**
	 * Describes a socket.
	 */
	public static final class Builder {

		/** The kernel bounds it by {@code net.core.somaxconn}. */
		private static final int BACKLOG = 4096;

		private static final int OWNER_ONLY = 0600;

		private static final int PERMISSIONS = 0777;

		private final SocketAddress address;

		private int backlog = BACKLOG;

		private boolean reusePort;

		private int permissions = OWNER_ONLY;

		private Builder(SocketAddress address) {
			this.address = address;
		}

		/**
		 * Sets how many connections may wait to be accepted.
		 * @param backlog the number, 1 or more, 4096 by default; the kernel bounds it by
		 * {@code net.core.somaxconn}
		 * @return this builder
		 */
		public Builder backlog(int backlog) {
			if (backlog < 1) {
				throw new IllegalArgumentException("'backlog' must be 1 or more but is " + backlog);
			}
			this.backlog = backlog;
			return this;
		}

		/**
		 * Sets whether several sockets of this user may listen at the address, among
		 * which the kernel shares out the connections, see {@code SO_REUSEPORT} in
		 * {@code socket(7)}.
		 * @param reusePort {@code true} for several, one by default
		 * @return this builder
		 */
		public Builder reusePort(boolean reusePort) {
			this.reusePort = reusePort;
			return this;
		}

		/**
		 * Sets the permissions of the file that a path gets, of which the umask of the
		 * process is taken away. Who may write the file may connect.
		 * @param permissions the permissions, {@code 0600} by default, that is the owner
		 * alone
		 * @return this builder
		 */
		public Builder permissions(int permissions) {
			if ((permissions & ~PERMISSIONS) != 0) {
				throw new IllegalArgumentException(
						"'permissions' must be 0 to 0777 but are 0" + Integer.toOctalString(permissions));
			}
			this.permissions = permissions;
			return this;
		}

		/**
		 * Opens the socket.
		 * @return the socket, to be closed by the caller
		 * @throws ErrnoException if a call fails: with {@code EADDRINUSE} where another
		 * listens, with {@code EACCES} for a port or a directory that the process may not
		 * use
		 */
		public ListeningSocket open() {
			Path path = (this.address instanceof UnixAddress unix) ? unix.file() : null;
			Node node = (path != null) ? new Node(path) : null;
			ListeningSocket socket = new ListeningSocket(this.address.toString(), () -> FileDescriptor
				.open(() -> Sockets.stream(Addresses.family(this.address)), (number) -> prepare(number, node)));
			if (node != null) {
				boolean done = false;
				try {
					socket.onClose(node::remove);
					done = true;
				}
				finally {
					if (!done) {
						node.remove();
						socket.close();
					}
				}
			}
			return socket;
		}

		private void prepare(int number, @Nullable Node node) {
			int family = Addresses.family(this.address);
			if (family == SocketCalls.AF_UNIX) {
				require(SocketCalls.fchmod(number, this.permissions), "fchmod");
			}
			else {
				Sockets.option(number, SocketCalls.SOL_SOCKET, SocketCalls.SO_REUSEADDR, "SO_REUSEADDR", 1);
			}
			if (family == SocketCalls.AF_INET6) {
				Sockets.option(number, SocketCalls.IPPROTO_IPV6, SocketCalls.IPV6_V6ONLY, "IPV6_V6ONLY", 0);
			}
			if (this.reusePort) {
				Sockets.option(number, SocketCalls.SOL_SOCKET, SocketCalls.SO_REUSEPORT, "SO_REUSEPORT", 1);
			}
			byte[] bytes = Addresses.bytes(this.address);
			int result = SocketCalls.bind(number, bytes);
			if (Errno.EADDRINUSE.is(result) && node != null && node.isLeft(bytes)) {
				node.delete();
				result = SocketCalls.bind(number, bytes);
			}
			require(result, "bind");
			boolean done = false;
			try {
				if (node != null) {
					node.made();
				}
				require(SocketCalls.listen(number, this.backlog), "listen");
				done = true;
			}
			finally {
				if (!done && node != null) {
					node.remove();
				}
			}
		}

		private void require(int result, String call) {
			if (result < 0) {
				throw new ErrnoException(result, call, this.address);
			}
		}

	}

	/** The file of a Unix socket. */
	private static final class Node {

		private final Path path;

		private @Nullable Object key;

		Node(Path path) {
			this.path = path;
		}

		/** Notes that it was made. */
		void made() {
			this.key = key();
		}

		/** Tells whether there is a socket at which no process listens. */
		boolean isLeft(byte[] address) {
			if (!isSocket()) {
				return false;
			}
			int number = Sockets.open(SocketCalls.AF_UNIX, LibC.SOCK_STREAM);
			try {
				return Errno.ECONNREFUSED.is(SocketCalls.connect(number, address));
			}
			finally {
				LibC.close(number);
			}
		}

		private boolean isSocket() {
			try {
				Object mode = Files.getAttribute(this.path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
				return mode instanceof Integer bits && (bits & LibC.S_IFMT) == LibC.S_IFSOCK;
			}
			catch (IOException ex) {
				return false;
			}
		}

		void delete() {
			try {
				Files.deleteIfExists(this.path);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(
						"The socket '%s', at which none listens, cannot be replaced".formatted(this.path), ex);
			}
		}

		/** Removes it if it is the one that was made, and leaves it where that fails. */
		void remove() {
			try {
				if (this.key != null && Objects.equals(this.key, key())) {
					Files.deleteIfExists(this.path);
				}
			}
			catch (IOException | RuntimeException ex) {
				// The next socket at the path replaces it.
			}
		}

		private @Nullable Object key() {
			try {
				return Files.readAttributes(this.path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
			}
			catch (NoSuchFileException ex) {
				return null;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
