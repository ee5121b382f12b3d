package dev.mainloop.socket;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.EventSource;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Acceptor}.
 */
@LinuxTest
@EveryMultiplexer
@Timeout(60)
class AcceptorTests {

	private final SocketLoop sockets;

	private final ListeningSocket listening = ListeningSocket.open(SocketLoop.abstractAddress());

	private final List<StreamSocket> clients = new ArrayList<>();

	private final List<StreamSocket> accepted = new ArrayList<>();

	AcceptorTests(MultiplexerKind multiplexer) {
		this.sockets = new SocketLoop(multiplexer);
	}

	@AfterEach
	void close() {
		this.clients.forEach(StreamSocket::close);
		this.accepted.forEach(StreamSocket::close);
		this.listening.close();
		this.sockets.close();
	}

	private Acceptor open(int maxConnections, AcceptHandler handler) {
		return Acceptor.open(this.sockets.loop(), "acceptor", this.listening, maxConnections, handler);
	}

	private void connect(int count) {
		for (int i = 0; i < count; i++) {
			this.clients.add(this.sockets.connect(this.listening.localAddress()));
		}
	}

	@Test
	void connectionsShouldBeAcceptedInBatches() {
		connect(40);
		open(100, this.accepted::add);
		this.sockets.loop().runOnce();
		assertThat(this.accepted).hasSize(16);
		this.sockets.loop().runOnce();
		assertThat(this.accepted).hasSize(32);
		this.sockets.runUntilIdle();
		assertThat(this.accepted).hasSize(40)
			.allMatch((socket) -> socket.toString().contains("connection of acceptor"));
	}

	@Test
	void connectionsBeyondTheBoundShouldWait() {
		Acceptor acceptor = open(2, this.accepted::add);
		connect(5);
		this.sockets.runUntilIdle();
		assertThat(this.accepted).hasSize(2).isEqualTo(acceptor.connections());
		this.accepted.get(0).close();
		this.sockets.runUntil(() -> this.accepted.size() == 3);
		this.sockets.runUntilIdle();
		assertThat(this.accepted).hasSize(3);
		assertThat(acceptor.connections()).hasSize(2);
		this.accepted.forEach(StreamSocket::close);
		this.sockets.runUntil(() -> this.accepted.size() == 5);
		assertThat(this.sockets.errors()).isEmpty();
	}

	@Test
	void boundShouldHoldIfAHandlerClosesItsConnection() {
		open(1, (socket) -> {
			this.accepted.add(socket);
			socket.close();
		});
		connect(20);
		this.sockets.runUntil(() -> this.accepted.size() == 20);
		assertThatIllegalArgumentException().isThrownBy(() -> open(0, StreamSocket::close))
			.withMessage("'maxConnections' must be 1 or more but is 0");
	}

	@Test
	void connectionShouldBeClosedIfTheHandlerThrows() {
		open(1, (socket) -> {
			throw new IllegalArgumentException("not now");
		});
		connect(2);
		this.sockets.runUntil(() -> this.sockets.errors().size() == 2);
		this.clients.forEach((client) -> assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1));
	}

	@Test
	void closeShouldLeaveItsConnections() {
		Acceptor acceptor = open(2, this.accepted::add);
		connect(1);
		this.sockets.runUntil(() -> this.accepted.size() == 1);
		acceptor.close();
		assertThat(acceptor.source().state()).isEqualTo(EventSource.State.CLOSED);
		assertThat(this.accepted.get(0).isOpen()).isTrue();
		this.accepted.get(0).close();
		assertThat(acceptor.connections()).isEmpty();
	}

	@Test
	void closeConnectionsShouldMakeRoom() {
		Acceptor acceptor = open(1, this.accepted::add);
		connect(2);
		this.sockets.runUntil(() -> this.accepted.size() == 1);
		acceptor.closeConnections();
		this.sockets.runUntil(() -> this.accepted.size() == 2);
		assertThat(this.accepted.get(0).isOpen()).isFalse();
		assertThat(acceptor.connections()).containsExactly(this.accepted.get(1));
	}

	@Test
	void socketThatWasPassedToTheProcessShouldDo() {
		FileDescriptor passed = FileDescriptor.inherit(ProcessFiles.number(this.listening), "admin");
		Acceptor.open(this.sockets.loop(), "passed", passed, 1, this.accepted::add);
		connect(2);
		this.sockets.runUntil(() -> this.accepted.size() == 1);
		this.accepted.get(0).close();
		this.sockets.runUntil(() -> this.accepted.size() == 2);
		passed.close();
		assertThat(this.listening.isOpen()).isTrue();
	}

	@Test
	void socketThatDoesNotListenShouldBeRefused() {
		connect(1);
		assertThatIllegalArgumentException()
			.isThrownBy(
					() -> Acceptor.open(this.sockets.loop(), "acceptor", this.clients.get(0), 1, StreamSocket::close))
			.withMessageEndingWith("is not a socket that listens");
	}

	@Test
	void listeningSocketShouldCloseItsAcceptor() {
		Acceptor acceptor = open(2, this.accepted::add);
		this.listening.close();
		assertThat(acceptor.source().state()).isEqualTo(EventSource.State.CLOSED);
	}

	@Test
	void connectionsShouldWaitWhileTooManyFilesAreOpen() throws Exception {
		try (JavaProgram program = JavaProgram.start(List.of("sh", "-c", "ulimit -n 256; exec \"$@\"", "sh"), List.of(),
				FullDescriptorTableProgram.class)) {
			assertThat(program.readLines()).containsExactly("accept4: EMFILE", "calls while it rests: 0",
					"accepted after the rest: 1");
			assertThat(program.exitCode()).isZero();
		}
	}

}
