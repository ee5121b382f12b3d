package dev.mainloop.socket;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.kernel.Pipe;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link StreamSocket} and {@link Connector}.
 */
@LinuxTest
@EveryMultiplexer
@Timeout(60)
class StreamSocketTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	@TempDir
	private Path directory;

	private final SocketLoop sockets;

	private final List<Throwable> failures = new ArrayList<>();

	StreamSocketTests(MultiplexerKind multiplexer) {
		this.sockets = new SocketLoop(multiplexer);
	}

	@AfterEach
	void close() {
		this.sockets.close();
	}

	private void connected(BiConsumer<StreamSocket, StreamSocket> test) {
		for (SocketAddress address : SocketLoop.addresses(this.directory)) {
			connected(address, test);
		}
	}

	private void connected(SocketAddress address, BiConsumer<StreamSocket, StreamSocket> test) {
		try (ListeningSocket listening = ListeningSocket.open(address);
				StreamSocket client = this.sockets.connect(listening.localAddress());
				StreamSocket server = this.sockets.accept(listening)) {
			test.accept(client, server);
		}
	}

	@Test
	void bytesShouldGoBothWays() {
		connected((client, server) -> {
			assertThat(client.write(bytes("ping"))).isEqualTo(4);
			assertThat(read(server)).isEqualTo("ping");
			assertThat(server.write(bytes("pong"))).isEqualTo(4);
			assertThat(read(client)).isEqualTo("pong");
		});
		assertThat(this.sockets.errors()).isEmpty();
	}

	@Test
	void addressesShouldBeThoseOfBothSides() {
		connected((client, server) -> {
			assertThat(client.remoteAddress()).isEqualTo(server.localAddress());
			assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
		});
	}

	@Test
	void shutdownOutputShouldBeTheEndForThePeerAlone() {
		connected((client, server) -> {
			client.shutdownOutput();
			assertThat(read(server)).isEqualTo("(end)");
			server.write(bytes("last"));
			assertThat(read(client)).isEqualTo("last");
		});
	}

	@Test
	void peerCredentialsShouldBeThoseOfTheProcess() throws Exception {
		Path file = Files.createFile(this.directory.resolve("mine"));
		int user = (int) Files.getAttribute(file, "unix:uid");
		connected(SocketLoop.abstractAddress(), (client, server) -> {
			assertThat(server.peerCredentials().processId()).isEqualTo((int) ProcessHandle.current().pid());
			assertThat(client.peerCredentials()).isEqualTo(server.peerCredentials());
			assertThat(server.peerCredentials().userId()).isEqualTo(user);
		});
		connected(SocketLoop.anyPort(),
				(client, server) -> assertThatIllegalStateException().isThrownBy(server::peerCredentials)
					.withMessageContaining("is not a Unix socket"));
	}

	@Test
	void descriptorsShouldComeWithTheBytes() {
		connected(SocketLoop.abstractAddress(), (client, server) -> {
			Pipe pipe = Pipe.open();
			assertThat(client.write(bytes("two"), List.of(pipe.reader(), pipe.writer()))).isEqualTo(3);
			pipe.reader().close();
			pipe.writer().close();
			List<FileDescriptor> received = new ArrayList<>();
			ByteBuffer buffer = ByteBuffer.allocate(16);
			assertThat(server.read(buffer, received)).isEqualTo(3);
			assertThat(received).hasSize(2);
			received.get(1).write(bytes("through the pipe"));
			assertThat(received.get(0).read(buffer.clear())).isEqualTo(16);
			assertThat(buffer.flip()).isEqualTo(bytes("through the pipe"));
			received.forEach(FileDescriptor::close);
			assertThat(server.read(buffer.clear(), received)).isZero();
			client.write(bytes("x"));
			assertThat(server.read(buffer.clear(), received)).isEqualTo(1);
			assertThat(received).hasSize(2);
			client.close();
			assertThat(server.read(buffer.clear(), received)).isEqualTo(-1);
		});
	}

	@Test
	void manyDescriptorsShouldComeAndNoneBeLeft() {
		connected(SocketLoop.abstractAddress(), (client, server) -> {
			Pipe pipe = Pipe.open();
			List<FileDescriptor> received = new ArrayList<>();
			client.write(bytes("x"), Collections.nCopies(253, pipe.reader()));
			assertThatIllegalArgumentException()
				.isThrownBy(() -> client.write(bytes("x"), Collections.nCopies(254, pipe.reader())))
				.withMessage("'descriptors' must be 253 at most but are 254");
			assertThatIllegalArgumentException().isThrownBy(() -> client.write(bytes(""), List.of(pipe.reader())))
				.withMessageStartingWith("'buffer' must have a byte");
			server.read(ByteBuffer.allocateDirect(1), received);
			assertThat(received).hasSize(253).allMatch((fd) -> ProcessFiles.flags(fd) != 0);
			received.forEach(FileDescriptor::close);
			pipe.reader().close();
			assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> pipe.writer().write(bytes("x")))
				.satisfies((ex) -> assertThat(ex.is(Errno.EPIPE)).isTrue());
			pipe.writer().close();
		});
	}

	@Test
	void connectWhenNoneListensShouldFail() {
		ListeningSocket gone = ListeningSocket.open(SocketLoop.anyPort());
		SocketAddress address = gone.localAddress();
		gone.close();
		for (SocketAddress none : List.of(address, SocketLoop.abstractAddress())) {
			assertThat(failure(none, LONG))
				.isInstanceOfSatisfying(ErrnoException.class, (ex) -> assertThat(ex.is(Errno.ECONNREFUSED)).isTrue())
				.hasMessageStartingWith("connect(" + none + ")");
		}
		assertThat(failure(UnixAddress.of(this.directory.resolve("none")), LONG))
			.isInstanceOfSatisfying(ErrnoException.class, (ex) -> assertThat(ex.is(Errno.ENOENT)).isTrue());
	}

	@Test
	void connectShouldWaitForRoomInTheBacklogUntilItsTimeIsOver() {
		SocketAddress address = SocketLoop.abstractAddress();
		try (ListeningSocket listening = ListeningSocket.builder(address).backlog(1).open()) {
			List<StreamSocket> waiting = List.of(this.sockets.connect(address), this.sockets.connect(address));
			assertThat(failure(address, Duration.ofMillis(50))).isInstanceOfSatisfying(ErrnoException.class,
					(ex) -> assertThat(ex.is(Errno.ETIMEDOUT)).isTrue());
			List<StreamSocket> late = new ArrayList<>();
			Connector.open(this.sockets.loop(), "late", address, LONG, late::add);
			this.sockets.runUntilIdle();
			assertThat(late).isEmpty();
			this.sockets.accept(listening).close();
			this.sockets.runUntil(() -> !late.isEmpty());
			late.get(0).close();
			waiting.forEach(StreamSocket::close);
		}
	}

	@Test
	void connectorThatIsClosedShouldTellNothing() {
		List<StreamSocket> connected = new ArrayList<>();
		int before = ProcessFiles.withoutPath().size();
		try (ListeningSocket listening = ListeningSocket.open(SocketLoop.anyPort())) {
			Connector connector = Connector.open(this.sockets.loop(), "closed", listening.localAddress(), LONG,
					connected::add);
			connector.close();
			connector.close();
			this.sockets.runUntilIdle();
		}
		assertThat(connected).isEmpty();
		assertThat(this.sockets.errors()).isEmpty();
		assertThat(ProcessFiles.withoutPath()).hasSizeLessThanOrEqualTo(before + 1);
	}

	@Test
	void socketShouldBeClosedIfTheHandlerThrows() {
		try (ListeningSocket listening = ListeningSocket.open(SocketLoop.anyPort())) {
			Connector.open(this.sockets.loop(), "thrower", listening.localAddress(), LONG, (socket) -> {
				throw new IllegalArgumentException("not now");
			});
			StreamSocket server = this.sockets.accept(listening);
			this.sockets.runUntil(() -> !this.sockets.errors().isEmpty());
			assertThat(this.sockets.errors()).singleElement()
				.satisfies((error) -> assertThat(error).hasMessage("not now"));
			assertThat(read(server)).isEqualTo("(end)");
			server.close();
		}
	}

	@Test
	void hostThatIsNotResolvedShouldBeRefused() {
		SocketAddress address = InetSocketAddress.createUnresolved("example.invalid", 80);
		assertThatIllegalArgumentException().isThrownBy(() -> ListeningSocket.open(address))
			.withMessageStartingWith("The host 'example.invalid' is not known");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Connector.open(this.sockets.loop(), "none", address, LONG, StreamSocket::close))
			.withMessageStartingWith("The host 'example.invalid' is not known");
	}

	@Test
	void addressesShouldBeReadAsTheyWereWritten() throws Exception {
		InetAddress ipv6 = InetAddress.getByName("fe80::1:2%1");
		for (SocketAddress address : List.of(new InetSocketAddress(ipv6, 65535),
				new InetSocketAddress("2001:db8::ff", 1), new InetSocketAddress("192.0.2.255", 40000),
				SocketLoop.abstractAddress(), UnixAddress.of(Path.of("/run/a b")))) {
			assertThat(Addresses.of(Addresses.bytes(address))).isEqualTo(address).hasToString(address.toString());
		}
	}

	private Throwable failure(SocketAddress address, Duration timeout) {
		this.failures.clear();
		Connector.open(this.sockets.loop(), "connector", address, timeout, new ConnectHandler() {

			@Override
			public void connected(StreamSocket socket) {
				socket.close();
				StreamSocketTests.this.failures.add(new AssertionError("connected to " + address));
			}

			@Override
			public void failed(ErrnoException cause) {
				StreamSocketTests.this.failures.add(cause);
			}

		});
		this.sockets.runUntil(() -> !this.failures.isEmpty());
		return this.failures.get(0);
	}

	private static String read(StreamSocket socket) {
		ByteBuffer buffer = ByteBuffer.allocate(64);
		int count = 0;
		while (count == 0) {
			count = socket.read(buffer);
		}
		return (count < 0) ? "(end)" : StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
	}

	private static ByteBuffer bytes(String text) {
		return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
	}

}
