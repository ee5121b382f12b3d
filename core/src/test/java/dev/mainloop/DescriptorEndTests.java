package dev.mainloop;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The rule of when to close, for each kind of file descriptor: one that is read when
 * {@code read} returns -1; one that is only written when its readiness is an error or a
 * hang-up, or when {@code write} throws.
 */
@LinuxTest
@EveryMultiplexer
@Timeout(60)
class DescriptorEndTests {

	@TempDir
	private Path directory;

	private final MainLoop loop;

	private final StringBuilder received = new StringBuilder();

	private int calls;

	private FileDescriptor here;

	private FileDescriptor there;

	DescriptorEndTests(MultiplexerKind multiplexer) {
		this.loop = MainLoop.builder().multiplexer(multiplexer).build();
	}

	@AfterEach
	void close() {
		this.loop.close();
		this.here.close();
		this.there.close();
	}

	@ParameterizedTest
	@EnumSource(value = Kind.class, mode = Mode.EXCLUDE, names = { "DATAGRAMS", "OWN_FIFO" })
	void whatIsReadShouldBeClosedWhenReadReturnsMinusOne(Kind kind) {
		open(kind);
		DescriptorSource source = watchToRead();
		write("rest");
		kind.end(this.there);
		runUntilClosed(source);
		assertThat(this.received).hasToString((kind != Kind.TERMINAL) ? "rest" : "");
		assertThat(this.here.read(ByteBuffer.allocate(8))).isEqualTo(-1);
		assertThatNothingIsCalledFurther();
	}

	/** What ends with neither its writers nor an empty message has no end. */
	@ParameterizedTest
	@EnumSource(value = Kind.class, names = { "DATAGRAMS", "OWN_FIFO" })
	void whatHasNoEndShouldStayOpen(Kind kind) {
		open(kind);
		DescriptorSource source = watchToRead();
		write("");
		write("rest");
		kind.end(this.there);
		while (!this.received.toString().equals("rest")) {
			this.loop.runOnce(Duration.ofMillis(100));
		}
		assertThatNothingIsCalledFurther();
		assertThat(source.state()).isEqualTo(EventSource.State.ENABLED);
	}

	@ParameterizedTest
	@EnumSource(value = Kind.class, mode = Mode.EXCLUDE,
			names = { "DATAGRAMS", "OWN_FIFO", "HALF_CLOSED", "TERMINAL_MASTER" })
	void whatIsWrittenShouldBeClosedAtErrorOrHangUp(Kind kind) {
		open(kind);
		FileDescriptor written = kind.isOneWay() ? this.there : this.here;
		FileDescriptor other = kind.isOneWay() ? this.here : this.there;
		while (written.write(ByteBuffer.allocate(4096)) > 0) {
			assertThat(written.isOpen()).isTrue();
		}
		DescriptorSource[] source = new DescriptorSource[1];
		source[0] = this.loop.watch("written", written, Readiness.WRITABLE, (fd, readiness) -> {
			this.calls++;
			if (readiness.isError() || readiness.isHangUp()) {
				source[0].close();
			}
		});
		other.close();
		runUntilClosed(source[0]);
		assertThatNothingIsCalledFurther();
		assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> written.write(ByteBuffer.allocate(1)))
			.satisfies((ex) -> assertThat(List.of(Errno.EPIPE, Errno.EIO, Errno.ECONNRESET)).anyMatch(ex::is));
	}

	private void open(Kind kind) {
		FileDescriptor[] ends = kind.open(this.directory);
		this.here = ends[0];
		this.there = ends[1];
	}

	private DescriptorSource watchToRead() {
		DescriptorSource[] source = new DescriptorSource[1];
		source[0] = this.loop.watch("read", this.here, Readiness.READABLE, (fd, readiness) -> {
			this.calls++;
			ByteBuffer buffer = ByteBuffer.allocate(64);
			int count;
			do {
				count = fd.read(buffer.clear());
				this.received.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
			}
			while (count > 0);
			if (count < 0) {
				source[0].close();
			}
		});
		return source[0];
	}

	private void write(String text) {
		this.there.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
	}

	private void runUntilClosed(DescriptorSource source) {
		while (source.state() != EventSource.State.CLOSED) {
			this.loop.runOnce(Duration.ofMillis(100));
		}
	}

	private void assertThatNothingIsCalledFurther() {
		int before = this.calls;
		for (int i = 0; i < 5; i++) {
			this.loop.runOnce();
		}
		assertThat(this.calls).isEqualTo(before);
	}

	/** Two ends of one thing, of which the first is read. */
	enum Kind {

		PIPE {

			@Override
			FileDescriptor[] open(Path directory) {
				return adopt(Kernel.pipe());
			}

		},

		FIFO {

			@Override
			FileDescriptor[] open(Path directory) {
				Path path = directory.resolve("fifo");
				FileDescriptor.openFifo(path).close();
				return new FileDescriptor[] { FileDescriptor.open(path),
						FileDescriptor.open(path, StandardOpenOption.WRITE) };
			}

		},

		OWN_FIFO {

			@Override
			FileDescriptor[] open(Path directory) {
				Path path = directory.resolve("fifo");
				return new FileDescriptor[] { FileDescriptor.openFifo(path),
						FileDescriptor.open(path, StandardOpenOption.WRITE) };
			}

		},

		STREAM {

			@Override
			FileDescriptor[] open(Path directory) {
				return adopt(Kernel.unixSockets());
			}

		},

		HALF_CLOSED {

			@Override
			FileDescriptor[] open(Path directory) {
				return STREAM.open(directory);
			}

			@Override
			void end(FileDescriptor there) {
				Kernel.shutDownWriting(ProcessFiles.number(there));
			}

		},

		MESSAGES {

			@Override
			FileDescriptor[] open(Path directory) {
				return adopt(Kernel.unixSockets(Kernel.SOCK_SEQPACKET));
			}

		},

		DATAGRAMS {

			@Override
			FileDescriptor[] open(Path directory) {
				return adopt(Kernel.unixSockets(Kernel.SOCK_DGRAM));
			}

		},

		TCP {

			@Override
			FileDescriptor[] open(Path directory) {
				int server = Kernel.tcpSocket();
				int client = Kernel.tcpSocket();
				assertThat(Kernel.connect(client, Kernel.listen(server))).isZero();
				int connection = Kernel.accept(server);
				Kernel.close(server);
				return adopt(client, connection);
			}

		},

		TERMINAL_MASTER {

			@Override
			FileDescriptor[] open(Path directory) {
				return openTerminal();
			}

		},

		/** What a terminal was not read of is lost when it is hung up. */
		TERMINAL {

			@Override
			FileDescriptor[] open(Path directory) {
				FileDescriptor[] ends = openTerminal();
				return new FileDescriptor[] { ends[1], ends[0] };
			}

		};

		abstract FileDescriptor[] open(Path directory);

		void end(FileDescriptor there) {
			there.close();
		}

		boolean isOneWay() {
			return this == PIPE || this == FIFO;
		}

		private static FileDescriptor[] adopt(int... numbers) {
			return new FileDescriptor[] { FileDescriptor.adopt(numbers[0], "here"),
					FileDescriptor.adopt(numbers[1], "there") };
		}

		private static FileDescriptor[] openTerminal() {
			int master = Kernel.openTerminalMaster();
			Path terminal = Kernel.terminal(master);
			return new FileDescriptor[] { FileDescriptor.adopt(master, "master"),
					FileDescriptor.open(terminal, StandardOpenOption.READ, StandardOpenOption.WRITE) };
		}

	}

}
