package dev.mainloop.test;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnAccept;
import dev.mainloop.line.FrameHandler;
import dev.mainloop.socket.ListeningSocket;
import dev.mainloop.socket.PeerCredentials;
import dev.mainloop.socket.Session;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Handlers of connections, in memory.
 */
@SpringJUnitConfig(ConnectionSliceTests.Echo.class)
@AutoConfigureTestMainLoop
class ConnectionSliceTests {

	@Autowired
	private TestMainLoop loop;

	@Test
	void linesShouldBeAnswered() {
		TestStreamSocket client = this.loop.connect("admin");
		client.receive("one\ntw");
		assertThat(client.takeWritten()).isEqualTo("one\n");
		client.receive("o\n");
		assertThat(client.takeWritten()).isEqualTo("two\n");
		assertThatExceptionOfType(UnhandledErrorException.class).isThrownBy(() -> client.receive("bad\n"))
			.withStackTraceContaining("bad line");
		client.endOfFile();
		assertThat(client.isOpen()).isFalse();
	}

	@Test
	void connectionsShouldWaitForThoseThatAreOpen() {
		TestStreamSocket one = this.loop.connect("admin");
		TestStreamSocket other = this.loop.connect("admin");
		TestStreamSocket waiting = this.loop.connect("admin");
		waiting.receive("late\n");
		assertThat(waiting.takeWritten()).isEmpty();
		one.hangUp();
		assertThat(one.isOpen()).isFalse();
		this.loop.runUntilIdle();
		assertThat(waiting.takeWritten()).isEqualTo("late\n");
		other.endOfFile();
		waiting.endOfFile();
	}

	@Test
	void peerThatDoesNotReadShouldHoldTheAnswersBack() {
		TestStreamSocket client = this.loop.connect("admin");
		client.room(2);
		client.receive("answer\n");
		assertThat(client.takeWritten()).isEqualTo("an");
		client.room(Integer.MAX_VALUE);
		assertThat(client.takeWritten()).isEqualTo("swer\n");
		client.endOfFile();
	}

	@Test
	void peerShouldBeTheOneThatTheTestNames() {
		TestStreamSocket stranger = this.loop.connect("admin", new PeerCredentials(1, 4711, 0));
		assertThat(stranger.takeWritten()).isEqualTo("not for user 4711\n");
		stranger.endOfFile();
		assertThat(stranger.isOpen()).isFalse();
	}

	@EventHandler
	static class Echo {

		@Bean
		static ListeningSocket admin() {
			throw new IllegalStateException("the kernel would listen");
		}

		@OnAccept(value = "admin", maxConnections = "2")
		@Nullable FrameHandler<String> accepted(Session session) {
			int user = session.socket().peerCredentials().userId();
			if (user != 0) {
				session.send("not for user " + user);
				return null;
			}
			return (line, reader) -> {
				if (line.equals("bad")) {
					throw new IllegalArgumentException("bad line");
				}
				session.send(line);
			};
		}

	}

}
