package dev.mainloop.socket;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ListeningSocket}.
 */
@LinuxTest
@Timeout(60)
class ListeningSocketTests {

	@TempDir
	private Path directory;

	private Path path;

	@BeforeEach
	void setUp() {
		this.path = this.directory.resolve("socket");
	}

	@Test
	void fileShouldBeTheOwnersAndGoWithTheSocket() throws Exception {
		try (ListeningSocket socket = ListeningSocket.open(UnixAddress.of(this.path))) {
			assertThat(socket.localAddress()).isEqualTo(UnixAddress.of(this.path));
			assertThat(Files.getPosixFilePermissions(this.path))
				.isEqualTo(PosixFilePermissions.fromString("rw-------"));
		}
		assertThat(this.path).doesNotExist();
	}

	@Test
	void permissionsShouldBeThoseThatAreSet() throws Exception {
		ListeningSocket.Builder builder = ListeningSocket.builder(UnixAddress.of(this.path)).permissions(0640);
		try (ListeningSocket socket = builder.open()) {
			assertThat(socket.isOpen()).isTrue();
			assertThat(Files.getPosixFilePermissions(this.path))
				.isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
		}
		assertThatIllegalArgumentException().isThrownBy(() -> builder.permissions(01777))
			.withMessage("'permissions' must be 0 to 0777 but are 01777");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.backlog(0))
			.withMessage("'backlog' must be 1 or more but is 0");
	}

	@Test
	void fileAtWhichNoneListensShouldBeReplaced() throws Exception {
		DatagramSocket.bind(UnixAddress.of(this.path)).close();
		assertThat(this.path).exists();
		leave();
		try (ListeningSocket socket = ListeningSocket.open(UnixAddress.of(this.path));
				SocketLoop sockets = new SocketLoop(MultiplexerKind.EPOLL);
				StreamSocket client = sockets.connect(UnixAddress.of(this.path))) {
			assertThat(socket.isOpen()).isTrue();
			assertThat(client.isOpen()).isTrue();
		}
	}

	/** Leaves the file of a socket, as a process does that is killed. */
	private void leave() throws Exception {
		Path kept = this.directory.resolve("kept");
		Files.delete(this.path);
		ListeningSocket socket = ListeningSocket.open(UnixAddress.of(this.path));
		Files.move(this.path, kept);
		socket.close();
		Files.move(kept, this.path);
		assertThat(this.path).exists();
	}

	@Test
	void fileOfAnotherKindShouldStay() throws Exception {
		Files.writeString(this.path, "not a socket");
		assertTaken();
		assertThat(this.path).hasContent("not a socket");
	}

	@Test
	void socketAtWhichAnotherListensShouldStay() {
		try (ListeningSocket socket = ListeningSocket.open(UnixAddress.of(this.path))) {
			assertTaken();
			assertThat(socket.isOpen()).isTrue();
			assertThat(this.path).exists();
		}
	}

	@Test
	void closeShouldLeaveWhatWasPutInItsPlace() throws Exception {
		ListeningSocket socket = ListeningSocket.open(UnixAddress.of(this.path));
		Files.delete(this.path);
		try (ListeningSocket other = ListeningSocket.open(UnixAddress.of(this.path))) {
			socket.close();
			assertThat(other.isOpen()).isTrue();
			assertThat(this.path).exists();
		}
		assertThat(this.path).doesNotExist();
	}

	@Test
	void portShouldBeFreeAgainAtOnce() {
		InetSocketAddress address;
		try (ListeningSocket socket = ListeningSocket.open(SocketLoop.anyPort());
				SocketLoop sockets = new SocketLoop(MultiplexerKind.EPOLL)) {
			address = (InetSocketAddress) socket.localAddress();
			StreamSocket client = sockets.connect(address);
			sockets.accept(socket).close();
			client.close();
		}
		try (ListeningSocket again = ListeningSocket.open(address)) {
			assertThat(again.localAddress()).isEqualTo(address);
		}
	}

	@Test
	void severalShouldListenAtAPortIfEachSaysSo() {
		ListeningSocket.Builder any = ListeningSocket.builder(SocketLoop.anyPort()).reusePort(true);
		try (ListeningSocket one = any.open()) {
			ListeningSocket.Builder same = ListeningSocket.builder(one.localAddress());
			assertThatExceptionOfType(ErrnoException.class).isThrownBy(same::open)
				.satisfies((ex) -> assertThat(ex.is(Errno.EADDRINUSE)).isTrue())
				.withMessageStartingWith("bind(" + one.localAddress() + ")");
			try (ListeningSocket other = same.reusePort(true).open()) {
				assertThat(other.localAddress()).isEqualTo(one.localAddress());
			}
		}
	}

	private void assertTaken() {
		assertThatExceptionOfType(ErrnoException.class)
			.isThrownBy(() -> ListeningSocket.open(UnixAddress.of(this.path)))
			.satisfies((ex) -> assertThat(ex.is(Errno.EADDRINUSE)).isTrue())
			.withMessageStartingWith("bind(" + this.path + ")");
	}

}
