package dev.mainloop.socket;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.ToIntBiFunction;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.SocketCalls;

/**
 * Addresses as the kernel has them: {@code struct sockaddr_in}, {@code sockaddr_in6} and
 * {@code sockaddr_un}.
 */
final class Addresses {

	private static final int FAMILY_SIZE = Short.BYTES;

	private static final int IPV4_SIZE = 16;

	private static final int IPV6_SIZE = 28;

	private static final int PORT = 2;

	private static final int IPV4_HOST = 4;

	private static final int IPV6_HOST = 8;

	private static final int IPV6_SCOPE = 24;

	private static final int MASK = 0xffff;

	private Addresses() {
	}

	/**
	 * Makes sure that a socket can have an address.
	 * @param address the address
	 * @return the address, of which a Unix socket has a {@link UnixAddress}
	 * @throws IllegalArgumentException if it cannot
	 */
	static SocketAddress required(SocketAddress address) {
		if (address instanceof UnixDomainSocketAddress unix) {
			return UnixAddress.of(unix.getPath());
		}
		if (address instanceof InetSocketAddress ip && ip.isUnresolved()) {
			throw new IllegalArgumentException(
					("The host '%s' is not known, or was not looked up: make an InetSocketAddress by its constructor, "
							+ "which may block, on a worker (MainLoop.offload)")
						.formatted(ip.getHostString()));
		}
		if (!(address instanceof InetSocketAddress || address instanceof UnixAddress)) {
			throw new IllegalArgumentException(
					"'%s' is neither an InetSocketAddress nor a UnixAddress".formatted(address));
		}
		return address;
	}

	/** Returns the number of the family of an address. */
	static int family(SocketAddress address) {
		if (address instanceof UnixAddress) {
			return SocketCalls.AF_UNIX;
		}
		return (((InetSocketAddress) address).getAddress() instanceof Inet6Address) ? SocketCalls.AF_INET6
				: SocketCalls.AF_INET;
	}

	/** Returns the bytes of an address. */
	static byte[] bytes(SocketAddress address) {
		if (address instanceof UnixAddress unix) {
			return buffer(FAMILY_SIZE + unix.path().length, SocketCalls.AF_UNIX).put(FAMILY_SIZE, unix.path()).array();
		}
		InetSocketAddress ip = (InetSocketAddress) address;
		byte[] host = ip.getAddress().getAddress();
		short port = (short) ip.getPort();
		if (ip.getAddress() instanceof Inet6Address ipv6) {
			return inNetworkOrder(buffer(IPV6_SIZE, SocketCalls.AF_INET6), port).put(IPV6_HOST, host)
				.order(ByteOrder.nativeOrder())
				.putInt(IPV6_SCOPE, ipv6.getScopeId())
				.array();
		}
		return inNetworkOrder(buffer(IPV4_SIZE, SocketCalls.AF_INET), port).put(IPV4_HOST, host).array();
	}

	private static ByteBuffer buffer(int size, int family) {
		return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder()).putShort(0, (short) family);
	}

	private static ByteBuffer inNetworkOrder(ByteBuffer buffer, short port) {
		return buffer.order(ByteOrder.BIG_ENDIAN).putShort(PORT, port);
	}

	/**
	 * Reads the bytes of an address.
	 * @param bytes the bytes, none for that of a Unix socket without an address
	 * @return the address
	 */
	static SocketAddress of(byte[] bytes) {
		if (bytes.length < FAMILY_SIZE) {
			return UnixAddress.ofKernel(new byte[0]);
		}
		ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
		int family = buffer.getShort(0);
		if (family == SocketCalls.AF_UNIX) {
			return UnixAddress.ofKernel(Arrays.copyOfRange(bytes, FAMILY_SIZE, bytes.length));
		}
		int scope = (family == SocketCalls.AF_INET6) ? buffer.getInt(IPV6_SCOPE) : 0;
		int port = buffer.order(ByteOrder.BIG_ENDIAN).getShort(PORT) & MASK;
		try {
			return switch (family) {
				case SocketCalls.AF_INET -> new InetSocketAddress(
						InetAddress.getByAddress(Arrays.copyOfRange(bytes, IPV4_HOST, IPV4_HOST + Integer.BYTES)),
						port);
				case SocketCalls.AF_INET6 ->
					new InetSocketAddress(ipv6(Arrays.copyOfRange(bytes, IPV6_HOST, IPV6_SCOPE), scope), port);
				default -> throw new IllegalStateException(
						"The socket has an address of the family %d, and not of IP or Unix".formatted(family));
			};
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Returns an IPv4 address for one that is mapped. */
	private static InetAddress ipv6(byte[] host, int scope) throws UnknownHostException {
		return (scope != 0) ? Inet6Address.getByAddress(null, host, scope) : InetAddress.getByAddress(host);
	}

	/** Asks the kernel for the address of a socket. */
	static SocketAddress local(FileDescriptor socket) {
		return ask(socket, "getsockname", SocketCalls::localAddress);
	}

	/** Asks the kernel for the address of the other side of a connection. */
	static SocketAddress remote(FileDescriptor socket) {
		return ask(socket, "getpeername", SocketCalls::remoteAddress);
	}

	private static SocketAddress ask(FileDescriptor socket, String call, ToIntBiFunction<Integer, byte[]> asking) {
		byte[] bytes = new byte[SocketCalls.LONGEST_ADDRESS];
		int fd = socket.acquire();
		try {
			int result = asking.applyAsInt(fd, bytes);
			if (result < 0) {
				throw new ErrnoException(result, call, socket);
			}
			return of(Arrays.copyOf(bytes, result));
		}
		finally {
			socket.release();
		}
	}

}
