package dev.mainloop.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.NativeMemory;

/**
 * A TCP connection within this machine.
 *
 * @param receiver its one end, as a file descriptor
 * @param sender its other end
 */
public record TcpConnection(FileDescriptor receiver, Socket sender) implements AutoCloseable {

	private static final int AF_INET = 2;

	private static final int SOCK_STREAM = 1;

	private static final int ADDRESS_SIZE = 16;

	/**
	 * Opens a connection.
	 * @return the connection, to be closed by the caller
	 * @throws IOException if it cannot be made
	 */
	public static TcpConnection open() throws IOException {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			int fd = NativeFunctions.check(NativeFunctions.INSTANCE.socket(AF_INET, SOCK_STREAM, 0), "socket");
			NativeMemory address = new NativeMemory(ADDRESS_SIZE);
			address.putShort(0, (short) AF_INET);
			address.putShort(2, inNetworkOrder((short) server.getLocalPort()));
			address.putInt(4, inNetworkOrder(server.getInetAddress()));
			NativeFunctions.check(NativeFunctions.INSTANCE.connect(fd, address.address(), ADDRESS_SIZE), "connect");
			return new TcpConnection(FileDescriptor.adopt(fd, "TCP"), server.accept());
		}
	}

	private static short inNetworkOrder(short value) {
		return ByteBuffer.allocate(Short.BYTES).putShort(value).order(ByteOrder.nativeOrder()).getShort(0);
	}

	private static int inNetworkOrder(InetAddress address) {
		return ByteBuffer.wrap(address.getAddress()).order(ByteOrder.nativeOrder()).getInt();
	}

	@Override
	public void close() throws IOException {
		this.receiver.close();
		this.sender.close();
	}

}
