package dev.mainloop.fd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import java.util.stream.Stream;

import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.Pipe;
import dev.mainloop.kernel.SocketPair;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * File descriptors of sockets that keep messages apart.
 */
@LinuxTest
class MessageTests {

	private static final int MORE_THAN_IS_COPIED_AT_ONCE = 100_000;

	static Stream<SocketPair> sockets() {
		int receiver = Kernel.udpSocket();
		int sender = Kernel.udpSocket();
		assertThat(Kernel.connect(sender, Kernel.bind(receiver))).isZero();
		return Stream.of(pair(Kernel.unixSockets(Kernel.SOCK_DGRAM)), pair(Kernel.unixSockets(Kernel.SOCK_SEQPACKET)),
				pair(receiver, sender));
	}

	static Stream<IntFunction<ByteBuffer>> buffers() {
		return Stream.of(ByteBuffer::allocate, ByteBuffer::allocateDirect);
	}

	private static SocketPair pair(int... numbers) {
		return new SocketPair(FileDescriptor.adopt(numbers[0], "receiver"), FileDescriptor.adopt(numbers[1], "sender"));
	}

	@ParameterizedTest
	@MethodSource("sockets")
	void readOfEmptyMessageShouldNotBeTheEnd(SocketPair sockets) {
		try (sockets) {
			ByteBuffer buffer = ByteBuffer.allocate(8);
			assertThat(sockets.other().write(bytes(""))).isZero();
			sockets.other().write(bytes("abc"));
			assertThat(sockets.one().read(buffer)).isZero();
			assertThat(sockets.one().read(buffer)).isEqualTo(3);
			assertThat(sockets.one().read(buffer)).isZero();
			assertThat(text(buffer)).isEqualTo("abc");
		}
	}

	@ParameterizedTest
	@MethodSource("sockets")
	void readMessageShouldTellLengthOfEach(SocketPair sockets) {
		try (sockets) {
			for (String message : new String[] { "", "abc", "", "01234567", "0123456789" }) {
				sockets.other().write(bytes(message));
			}
			for (IntFunction<ByteBuffer> allocator : buffers().toList()) {
				ByteBuffer buffer = allocator.apply(8);
				assertThat(sockets.one().readMessage(buffer)).isZero();
				assertThat(sockets.one().readMessage(buffer)).isEqualTo(3);
				assertThat(sockets.one().readMessage(buffer)).isZero();
				assertThat(text(buffer)).isEqualTo("abc");
				assertThat(sockets.one().readMessage(buffer.clear())).isEqualTo(8);
				assertThat(sockets.one().readMessage(buffer.clear().position(1).limit(5))).isEqualTo(10);
				assertThat(buffer.position()).isEqualTo(5);
				assertThat(text(buffer)).isEqualTo("00123");
				assertThat(sockets.one().readMessage(buffer)).isEqualTo(FileDescriptor.NO_MESSAGE);
				for (String message : new String[] { "", "abc", "", "01234567", "0123456789" }) {
					sockets.other().write(bytes(message));
				}
			}
		}
	}

	@ParameterizedTest
	@MethodSource("sockets")
	void readMessageWithoutRoomShouldLoseItAndTellItsLength(SocketPair sockets) {
		try (sockets) {
			sockets.other().write(bytes("abc"));
			assertThat(sockets.one().readMessage(ByteBuffer.allocate(0))).isEqualTo(3);
			assertThat(sockets.one().readMessage(ByteBuffer.allocate(0))).isEqualTo(FileDescriptor.NO_MESSAGE);
		}
	}

	@ParameterizedTest
	@MethodSource("buffers")
	void messagesThatAreLongShouldNotBeDivided(IntFunction<ByteBuffer> allocator) {
		try (SocketPair sockets = pair(Kernel.unixSockets(Kernel.SOCK_DGRAM))) {
			ByteBuffer message = allocator.apply(MORE_THAN_IS_COPIED_AT_ONCE);
			ByteBuffer buffer = allocator.apply(2 * MORE_THAN_IS_COPIED_AT_ONCE);
			message.put(MORE_THAN_IS_COPIED_AT_ONCE - 1, (byte) 'z');
			assertThat(sockets.other().write(message)).isEqualTo(MORE_THAN_IS_COPIED_AT_ONCE);
			assertThat(sockets.one().read(buffer)).isEqualTo(MORE_THAN_IS_COPIED_AT_ONCE);
			assertThat(buffer.flip().mismatch(message.flip())).isEqualTo(-1);
			sockets.other().write(message);
			assertThat(sockets.one().readMessage(buffer.clear())).isEqualTo(MORE_THAN_IS_COPIED_AT_ONCE);
			assertThat(buffer.flip().mismatch(message.flip())).isEqualTo(-1);
			sockets.other().write(message);
			assertThat(sockets.one().readMessage(buffer.clear().limit(70_000))).isEqualTo(MORE_THAN_IS_COPIED_AT_ONCE);
			assertThat(buffer.position()).isEqualTo(70_000);
			assertThat(sockets.one().readMessage(buffer.clear())).isEqualTo(FileDescriptor.NO_MESSAGE);
			assertThat(sockets.one().read(buffer.clear())).isZero();
		}
	}

	@Test
	void readWhenPeerOfConnectionHasClosedShouldTakeItsMessagesAndThenEnd() {
		try (SocketPair sockets = pair(Kernel.unixSockets(Kernel.SOCK_SEQPACKET))) {
			sockets.other().write(bytes(""));
			sockets.other().write(bytes("abc"));
			sockets.other().close();
			ByteBuffer buffer = ByteBuffer.allocate(8);
			assertThat(sockets.one().read(buffer)).isZero();
			assertThat(sockets.one().read(buffer)).isEqualTo(3);
			assertThat(sockets.one().read(buffer)).isEqualTo(-1);
			assertThat(sockets.one().readMessage(buffer)).isEqualTo(-1);
			assertThat(text(buffer)).isEqualTo("abc");
		}
	}

	@Test
	@Timeout(60)
	void readWhenMessageWasRefusedShouldThrowOnceAndGoOn() {
		int receiver = Kernel.udpSocket();
		int port = Kernel.bind(receiver);
		int number = Kernel.udpSocket();
		assertThat(Kernel.connect(number, port)).isZero();
		Kernel.close(receiver);
		try (FileDescriptor sender = FileDescriptor.adopt(number, "sender")) {
			assertThat(sender.write(bytes("abc"))).isEqualTo(3);
			assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> {
				while (sender.read(ByteBuffer.allocate(8)) == 0) {
					Thread.onSpinWait();
				}
			}).satisfies((ex) -> assertThat(ex.is(Errno.ECONNREFUSED)).isTrue());
			assertThat(sender.read(ByteBuffer.allocate(8))).isZero();
		}
	}

	@Test
	void readMessageWhenItIsNotASocketOfMessagesShouldThrow() {
		try (SocketPair sockets = SocketPair.open(); Pipe pipe = Pipe.open()) {
			sockets.other().write(bytes("abc"));
			for (FileDescriptor fd : new FileDescriptor[] { sockets.one(), pipe.reader() }) {
				assertThatIllegalStateException().isThrownBy(() -> fd.readMessage(ByteBuffer.allocate(8)))
					.withMessage(fd + " is not a socket that keeps messages apart: use 'read'");
			}
			assertThat(sockets.one().read(ByteBuffer.allocate(8))).isEqualTo(3);
			assertThatIllegalArgumentException()
				.isThrownBy(() -> sockets.one().readMessage(ByteBuffer.allocate(1).asReadOnlyBuffer()))
				.withMessage("'buffer' must not be read-only");
		}
	}

	private static ByteBuffer bytes(String text) {
		return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
	}

	private static String text(ByteBuffer buffer) {
		return StandardCharsets.US_ASCII.decode(buffer.duplicate().flip()).toString();
	}

}
