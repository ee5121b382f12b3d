package dev.mainloop.socket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.mainloop.MessageRefusedException;
import dev.mainloop.kernel.EveryMultiplexer;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.line.FrameHandler;
import dev.mainloop.line.FrameReader;
import dev.mainloop.line.Framing;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.LinuxTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Session}.
 */
@LinuxTest
@EveryMultiplexer
@Timeout(60)
class SessionTests {

	private static final int CAPACITY = 1024;

	private final SocketLoop sockets;

	private final ListeningSocket listening = ListeningSocket.open(SocketLoop.abstractAddress());

	private final StreamSocket client;

	private final Session session;

	SessionTests(MultiplexerKind multiplexer) {
		this.sockets = new SocketLoop(multiplexer);
		this.client = this.sockets.connect(this.listening.localAddress());
		this.session = Session.open(this.sockets.loop(), "session", this.sockets.accept(this.listening), CAPACITY);
	}

	@AfterEach
	void close() {
		this.client.close();
		this.session.close();
		this.listening.close();
		this.sockets.close();
	}

	private void read(FrameHandler<String> handler) {
		this.session.read(Framing.lines(CAPACITY), handler);
	}

	private void write(String text) {
		ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
		this.client.write(bytes);
		assertThat(bytes.hasRemaining()).isFalse();
	}

	/** Reads what the session has sent, up to a number of bytes, or to the end. */
	private String readAtClient(int length) {
		ByteBuffer bytes = ByteBuffer.allocate(length);
		this.sockets.runUntil(() -> this.client.read(bytes) < 0 || !bytes.hasRemaining());
		return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
	}

	@Test
	void linesShouldBeAnswered() {
		this.session.send("hello");
		read((line, reader) -> this.session.send("you said " + line));
		write("one\r\ntwo\n");
		String expected = "hello\nyou said one\nyou said two\n";
		assertThat(readAtClient(expected.length())).isEqualTo(expected);
		assertThat(this.session.isOpen()).isTrue();
		assertThatIllegalStateException().isThrownBy(() -> read((line, reader) -> {
		})).withMessage("The session 'session' reads already");
	}

	@Test
	void answersShouldGoOutAfterThePeerHasEnded() {
		read(new FrameHandler<>() {

			@Override
			public void frame(String line, FrameReader<String> reader) {
				SessionTests.this.session.send("answer to " + line);
			}

			@Override
			public void ended(@Nullable String rest, @Nullable RuntimeException error, FrameReader<String> reader) {
				SessionTests.this.session.send("goodbye after " + rest);
			}

		});
		write("a line\nand half of one");
		this.client.shutdownOutput();
		assertThat(readAtClient(CAPACITY)).isEqualTo("answer to a line\ngoodbye after and half of one\n");
		this.sockets.runUntil(() -> !this.session.socket().isOpen());
		assertThat(this.session.offer("too late")).isFalse();
		assertThat(this.sockets.errors()).isEmpty();
	}

	@Test
	void finishShouldBeTheEndAfterWhatWasSent() {
		List<String> lines = new ArrayList<>();
		read((line, reader) -> {
			lines.add(line);
			this.session.send("bye");
			this.session.finish();
		});
		write("quit\ndropped\n");
		assertThat(readAtClient(CAPACITY)).isEqualTo("bye\n");
		assertThat(this.session.isOpen()).isFalse();
		write("dropped, too\n");
		this.sockets.runUntilIdle();
		assertThat(this.session.socket().isOpen()).isTrue();
		this.client.close();
		this.sockets.runUntil(() -> !this.session.socket().isOpen());
		assertThat(lines).containsExactly("quit");
		assertThat(this.sockets.errors()).isEmpty();
	}

	@Test
	void whatWasSentShouldArriveThoughMoreWasWrittenThanIsRead() {
		ListeningSocket tcp = ListeningSocket.open(SocketLoop.anyPort());
		StreamSocket other = this.sockets.connect(tcp.localAddress());
		Session refused = Session.open(this.sockets.loop(), "refused", this.sockets.accept(tcp), CAPACITY);
		other.write(ByteBuffer.allocate(10_000));
		refused.send("go away");
		refused.finish();
		ByteBuffer bytes = ByteBuffer.allocate(CAPACITY);
		this.sockets.runUntil(() -> other.read(bytes) < 0);
		assertThat(StandardCharsets.UTF_8.decode(bytes.flip()).toString()).isEqualTo("go away\n");
		other.close();
		this.sockets.runUntil(() -> !refused.socket().isOpen());
		tcp.close();
	}

	@Test
	void finishShouldNotWaitLongForThePeer() {
		this.session.finish();
		this.sockets.runUntilIdle();
		assertThat(this.session.socket().isOpen()).isTrue();
		this.sockets.advance(Duration.ofSeconds(5));
		this.sockets.runUntil(() -> !this.session.socket().isOpen());
	}

	@Test
	void peerThatDoesNotReadShouldNotBeReadUntilItDoes() {
		String answer = "x".repeat(500);
		List<Integer> refused = new ArrayList<>();
		List<Integer> read = new ArrayList<>();
		read((line, reader) -> {
			read.add(Integer.valueOf(line));
			if (!this.session.offer(answer)) {
				refused.add(Integer.valueOf(line));
			}
		});
		int sent = 0;
		while (refused.isEmpty()) {
			write(sent + "\n");
			sent++;
			this.sockets.runUntilIdle();
		}
		write(sent + "\n");
		this.sockets.runUntilIdle();
		assertThat(refused).containsExactly(sent - 1);
		assertThat(read).hasSize(sent);
		readAtClient((sent - 1) * (answer.length() + 1));
		int last = sent;
		this.sockets.runUntil(() -> read.contains(last));
		assertThat(read).isEqualTo(IntStream.rangeClosed(0, sent).boxed().toList());
		assertThat(readAtClient(answer.length() + 1)).isEqualTo(answer + "\n");
		assertThat(refused).hasSize(1);
	}

	@Test
	void sendShouldSayWhyItRefuses() {
		String line = "x".repeat(900);
		while (this.session.offer(line)) {
			assertThat(this.session.isOpen()).isTrue();
		}
		assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> this.session.send(line))
			.withMessageContaining("'answers of session' does not take 901 bytes: it is full");
	}

	@Test
	void peerThatIsGoneShouldEndIt() {
		read((line, reader) -> {
		});
		this.client.close();
		this.sockets.runUntil(() -> !this.session.socket().isOpen());
		assertThat(this.sockets.errors()).isEmpty();
		assertThat(this.session.offer("nobody")).isFalse();
	}

	@Test
	void peerThatIsGoneShouldBeAnErrorOfASend() {
		this.client.close();
		assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> this.session.send("nobody"))
			.satisfies((ex) -> assertThat(ex.is(Errno.EPIPE)).isTrue());
	}

}
