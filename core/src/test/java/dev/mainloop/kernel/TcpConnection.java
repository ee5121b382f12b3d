package dev.mainloop.kernel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

import dev.mainloop.fd.FileDescriptor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A TCP connection within this machine.
 *
 * @param receiver its one end, as a file descriptor
 * @param sender its other end
 */
public record TcpConnection(FileDescriptor receiver, Socket sender) implements AutoCloseable {

	/**
	 * Opens a connection.
	 * @return the connection, to be closed by the caller
	 * @throws IOException if it cannot be made
	 */
	public static TcpConnection open() throws IOException {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			int fd = Kernel.tcpSocket();
			assertThat(Kernel.connect(fd, server.getLocalPort())).isZero();
			return new TcpConnection(FileDescriptor.adopt(fd, "TCP"), server.accept());
		}
	}

	@Override
	public void close() throws IOException {
		this.receiver.close();
		this.sender.close();
	}

}
