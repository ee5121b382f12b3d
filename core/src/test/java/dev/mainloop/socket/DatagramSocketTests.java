package dev.mainloop.socket;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.Stream;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@LinuxTest
@Timeout(60)
class DatagramSocketTests {

	@TempDir
	private Path directory;

	private Stream<UnixAddress> addresses() {
		return Stream.of(UnixAddress.of(this.directory.resolve("a socket")), abstractAddress());
	}

	private static UnixAddress abstractAddress() {
		return UnixAddress.ofAbstract("mainloop-" + UUID.randomUUID());
	}

	@Test
	void messagesShouldStayApart() {
		addresses().forEach((address) -> {
			try (DatagramSocket receiver = DatagramSocket.bind(address);
					DatagramSocket sender = DatagramSocket.connect(address)) {
				assertThat(sender.write(bytes("one"))).isEqualTo(3);
				assertThat(sender.write(bytes("two2"))).isEqualTo(4);
				ByteBuffer buffer = ByteBuffer.allocate(16);
				assertThat(receiver.readMessage(buffer)).isEqualTo(3);
				assertThat(receiver.readMessage(buffer)).isEqualTo(4);
				assertThat(receiver.readMessage(buffer)).isEqualTo(FileDescriptor.NO_MESSAGE);
				assertThat(buffer.flip()).isEqualTo(bytes("onetwo2"));
			}
		});
	}

	@Test
	void bindWhenAddressIsTakenShouldThrow() {
		addresses().forEach((address) -> {
			try (DatagramSocket receiver = DatagramSocket.bind(address)) {
				assertThat(receiver.isOpen()).isTrue();
				assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> DatagramSocket.bind(address))
					.satisfies((ex) -> assertThat(ex.is(Errno.EADDRINUSE)).isTrue())
					.withMessageContaining("bind(" + address + ")");
			}
		});
	}

	@Test
	void connectWhenNoneReceivesShouldThrow() {
		UnixAddress path = UnixAddress.of(this.directory.resolve("none"));
		assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> DatagramSocket.connect(path))
			.satisfies((ex) -> assertThat(ex.is(Errno.ENOENT)).isTrue());
		assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> DatagramSocket.connect(abstractAddress()))
			.satisfies((ex) -> assertThat(ex.is(Errno.ECONNREFUSED)).isTrue());
	}

	@Test
	void awaitRoomShouldWaitForTheReceiver() {
		addresses().forEach((address) -> {
			try (DatagramSocket receiver = DatagramSocket.bind(address);
					DatagramSocket sender = DatagramSocket.connect(address)) {
				assertThat(sender.awaitRoom(Duration.ZERO)).isTrue();
				int sent = 0;
				while (sender.write(bytes("x")) > 0) {
					sent++;
				}
				assertThat(sent).isPositive();
				assertThat(sender.awaitRoom(Duration.ofMillis(5))).isFalse();
				ByteBuffer buffer = ByteBuffer.allocate(1);
				while (receiver.readMessage(buffer.clear()) == 1) {
					sent--;
				}
				assertThat(sent).isZero();
				assertThat(sender.awaitRoom(Duration.ofDays(1))).isTrue();
			}
		});
	}

	@Test
	void messagesShouldTellWhereTheyAreFrom() {
		Stream.of(SocketLoop.anyPort(), abstractAddress()).forEach((address) -> {
			SocketAddress other = (address instanceof UnixAddress) ? abstractAddress() : address;
			try (DatagramSocket one = DatagramSocket.bind(address); DatagramSocket two = DatagramSocket.bind(other)) {
				ByteBuffer buffer = ByteBuffer.allocate(16);
				assertThat(two.receive(buffer)).isNull();
				assertThat(one.send(bytes("question"), two.localAddress())).isTrue();
				assertThat(one.send(bytes(""), two.localAddress())).isTrue();
				assertThat(two.receive(buffer)).isEqualTo(one.localAddress());
				assertThat(buffer.flip()).isEqualTo(bytes("question"));
				assertThat(two.receive(buffer.clear())).isEqualTo(one.localAddress());
				assertThat(buffer.position()).isZero();
				assertThat(two.receive(buffer)).isNull();
			}
		});
	}

	@Test
	void messageOfSocketWithoutAddressShouldTellThat() {
		UnixAddress address = abstractAddress();
		try (DatagramSocket receiver = DatagramSocket.bind(address);
				DatagramSocket sender = DatagramSocket.connect(address)) {
			sender.write(bytes("x"));
			assertThat(receiver.receive(ByteBuffer.allocateDirect(1))).hasToString("(unnamed)");
		}
	}

	@Test
	void messageThatIsTooLongShouldBeRefused() {
		try (DatagramSocket socket = DatagramSocket.bind(SocketLoop.anyPort())) {
			ByteBuffer message = ByteBuffer.allocate(65508);
			assertThatExceptionOfType(ErrnoException.class)
				.isThrownBy(() -> socket.send(message, socket.localAddress()))
				.satisfies((ex) -> assertThat(ex.is(Errno.EMSGSIZE)).isTrue());
			assertThat(socket.send(message.limit(65507), socket.localAddress())).isTrue();
			ByteBuffer received = ByteBuffer.allocate(65507);
			assertThat(socket.receive(received)).isEqualTo(socket.localAddress());
			assertThat(received.hasRemaining()).isFalse();
		}
	}

	@Test
	void addressShouldBeReadAsItIsWritten() {
		assertThat(UnixAddress.parse("@name")).isEqualTo(UnixAddress.ofAbstract("name"))
			.hasSameHashCodeAs(UnixAddress.ofAbstract("name"))
			.isNotEqualTo(UnixAddress.parse("/name"))
			.hasToString("@name");
		assertThat(UnixAddress.parse("/run/name")).isEqualTo(UnixAddress.of(Path.of("/run/name")))
			.hasToString("/run/name");
		Stream.of("", "@", "name", "vsock:2:1234")
			.forEach((text) -> assertThatIllegalArgumentException().isThrownBy(() -> UnixAddress.parse(text))
				.withMessage("'" + text
						+ "' is not the address of a Unix socket, which is an absolute path, or '@' and an abstract name"));
		assertThatIllegalArgumentException().isThrownBy(() -> UnixAddress.ofAbstract(""))
			.withMessage("'name' must not be empty");
	}

	@Test
	void addressThatIsTooLongShouldBeRefused() {
		for (String prefix : new String[] { "/", "@" }) {
			assertThat(UnixAddress.parse(prefix + "x".repeat(106))).isNotNull();
			String tooLong = prefix + "x".repeat(108);
			assertThatIllegalArgumentException().isThrownBy(() -> UnixAddress.parse(tooLong))
				.withMessageStartingWith("The address '" + tooLong + "' of a Unix socket is too long");
		}
	}

	private static ByteBuffer bytes(String text) {
		return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
	}

}
