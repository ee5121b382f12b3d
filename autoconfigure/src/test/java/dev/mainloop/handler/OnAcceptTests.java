package dev.mainloop.handler;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.Blocking;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnAccept;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.line.FrameHandler;
import dev.mainloop.line.TooLong;
import dev.mainloop.socket.ListeningSocket;
import dev.mainloop.socket.Session;
import dev.mainloop.socket.StreamSocket;
import dev.mainloop.testing.LinuxTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Handlers of connections.
 */
@LinuxTest
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class OnAcceptTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
		.withBean("admin", ListeningSocket.class,
				() -> ListeningSocket.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));

	@Test
	void linesOfEachConnectionShouldBeAnswered() {
		this.contextRunner.withBean(Conversation.class).run((context) -> {
			try (Client one = connect(context); Client other = connect(context)) {
				one.send("one");
				other.send("other");
				one.send("again");
				assertThat(one.lines(3)).containsExactly("hello", "1: one", "2: again");
				assertThat(other.lines(2)).containsExactly("hello", "1: other");
				one.send("quit");
				assertThat(one.lines(2)).containsExactly("bye", null);
			}
			assertThat(context.getBean(MainLoop.class).sources()).extracting(Object::toString)
				.anyMatch((source) -> source.contains("Conversation.accepted"));
		});
	}

	@Test
	void methodWithoutConversationShouldOwnTheSocket() {
		this.contextRunner.withBean(Greeter.class).run((context) -> {
			try (Client client = connect(context)) {
				assertThat(client.lines(2)).containsExactly("welcome", null);
			}
		});
	}

	@Test
	void connectionShouldBeClosedIfTheMethodFailsOrWantsNone(CapturedOutput output) {
		this.contextRunner.withBean(Failing.class).run((context) -> {
			try (Client client = connect(context)) {
				assertThat(client.lines(1)).containsOnlyNulls();
			}
		});
		assertThat(output).contains("no connection wanted");
		this.contextRunner.withBean(Refusing.class).run((context) -> {
			try (Client client = connect(context)) {
				assertThat(client.lines(2)).containsExactly("go away", null);
			}
		});
	}

	@Test
	void connectionsShouldBeClosedWithTheContext() {
		Client[] client = new Client[1];
		this.contextRunner.withBean(Conversation.class).run((context) -> {
			client[0] = connect(context);
			assertThat(client[0].lines(1)).containsExactly("hello");
		});
		assertThat(client[0].lines(1)).containsOnlyNulls();
		client[0].close();
	}

	@Test
	void lineThatIsTooLongShouldBeWhatTheAttributesSay() {
		this.contextRunner.withBean(Conversation.class).withPropertyValues("max=4").run((context) -> {
			try (Client client = connect(context)) {
				client.send("abcdef");
				assertThat(client.lines(2)).containsExactly("hello", "1: abcd\u2026");
			}
		});
	}

	@Test
	void connectionsBeyondTheBoundShouldWait() throws Exception {
		this.contextRunner.withBean(Conversation.class).withPropertyValues("connections=1").run((context) -> {
			Client first = connect(context);
			try (Client waiting = connect(context)) {
				assertThat(first.lines(1)).containsExactly("hello");
				first.send("quit");
				assertThat(first.lines(2)).containsExactly("bye", null);
				first.close();
				assertThat(waiting.lines(1)).containsExactly("hello");
			}
		});
	}

	@Test
	void shardsShouldEachAccept() {
		this.contextRunner.withUserConfiguration(Shard.class)
			.withPropertyValues("mainloop.loops.shards.count=3")
			.run((context) -> {
				Map<String, Shard> shards = context.getBeansOfType(Shard.class);
				assertThat(shards).hasSize(3);
				for (int i = 0; i < 20; i++) {
					try (Client client = connect(context)) {
						assertThat(client.lines(1)).containsExactly("a shard");
					}
				}
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			connections=0    | its 'maxConnections' is '0'
			connections=many | its 'maxConnections' is 'many'
			unsent=0         | its 'maxUnsent' is '0'
			unsent=2GB       | its 'maxUnsent' is '2GB'
			max=0            | its 'maxBytes' is '0'
			charset=UTF-16   | its 'charset' is 'UTF-16'
			admin=none       | there is no bean named 'none' of type FileDescriptor
			admin=counter    | its file descriptor 'counter' cannot be watched
			""")
	void attributesShouldBeCheckedAtTheStart(String property, String message) {
		this.contextRunner.withBean(Conversation.class)
			.withBean("counter", EventFd.class, () -> EventFd.open(0))
			.withPropertyValues(property)
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("Conversation.accepted' of bean")
				.hasStackTraceContaining("cannot be an @OnAccept handler: " + message));
	}

	@ParameterizedTest
	@ValueSource(classes = { Deaf.class, Numbers.class, Slow.class })
	void methodThatCannotConverseShouldFailTheStart(Class<? extends Wrong> handler) throws Exception {
		String message = handler.getDeclaredConstructor().newInstance().message();
		this.contextRunner.withUserConfiguration(handler)
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("cannot be an @OnAccept handler: " + message));
	}

	private static Client connect(ApplicationContext context) throws IOException {
		ListeningSocket listening = context.getBean(ListeningSocket.class);
		return new Client((InetSocketAddress) listening.localAddress());
	}

	/** Another program, as far as the loop can tell. */
	private static final class Client implements AutoCloseable {

		private final Socket socket;

		private final BufferedReader reader;

		private final Writer writer;

		Client(InetSocketAddress address) throws IOException {
			this.socket = new Socket(address.getAddress(), address.getPort());
			this.reader = new BufferedReader(
					new InputStreamReader(this.socket.getInputStream(), StandardCharsets.UTF_8));
			this.writer = new OutputStreamWriter(this.socket.getOutputStream(), StandardCharsets.UTF_8);
		}

		void send(String line) throws IOException {
			this.writer.write(line + "\n");
			this.writer.flush();
		}

		/** Reads lines, {@code null} at the end. */
		List<String> lines(int count) {
			String[] lines = new String[count];
			try {
				for (int i = 0; i < count; i++) {
					lines[i] = this.reader.readLine();
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			return Arrays.asList(lines);
		}

		@Override
		public void close() {
			try {
				this.socket.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

	@EventHandler
	static class Conversation {

		@OnAccept(value = "${admin:admin}", maxConnections = "${connections:10}", maxUnsent = "${unsent:1KB}",
				maxBytes = "${max:100}", charset = "${charset:UTF-8}", tooLong = TooLong.CUT)
		FrameHandler<String> accepted(Session session) {
			session.send("hello");
			int[] count = new int[1];
			return (line, reader) -> {
				if (line.equals("quit")) {
					session.send("bye");
					session.finish();
				}
				else {
					session.send(++count[0] + ": " + line);
				}
			};
		}

	}

	@EventHandler
	static class Greeter {

		@OnAccept("admin")
		void accepted(StreamSocket socket) {
			socket.write(ByteBuffer.wrap("welcome\n".getBytes(StandardCharsets.UTF_8)));
			socket.close();
		}

	}

	@EventHandler
	static class Failing {

		@OnAccept("admin")
		void accepted(StreamSocket socket) {
			throw new IllegalStateException("no connection wanted");
		}

	}

	@EventHandler
	static class Refusing {

		@OnAccept("admin")
		@Nullable FrameHandler<String> accepted(Session session) {
			session.send("go away");
			return null;
		}

	}

	@EventHandler(loop = "shards")
	static class Shard {

		private final BlockingQueue<StreamSocket> accepted = new LinkedBlockingQueue<>();

		@OnAccept(value = "admin", instances = Instances.EACH)
		FrameHandler<String> accepted(Session session, StreamSocket socket) {
			this.accepted.add(socket);
			session.send("a shard");
			return (line, reader) -> session.send(line);
		}

	}

	/** A handler that is none. */
	abstract static class Wrong {

		abstract String message();

	}

	@EventHandler
	static class Deaf extends Wrong {

		@OnAccept("admin")
		void accepted(Session session) {
			session.send("nothing");
		}

		@Override
		String message() {
			return "it takes a Session, and returns nothing that could read its lines";
		}

	}

	@EventHandler
	static class Numbers extends Wrong {

		@OnAccept("admin")
		FrameHandler<Integer> accepted(Session session) {
			return (number, reader) -> session.send("" + number);
		}

		@Override
		String message() {
			return "it returns a FrameHandler of java.lang.Integer, and the frames are lines";
		}

	}

	@EventHandler
	static class Slow extends Wrong {

		@OnAccept("admin")
		@Blocking
		void accepted(StreamSocket socket, FileDescriptor admin) {
			socket.close();
		}

		@Override
		String message() {
			return "it is @Blocking, and it decides on the loop's thread what becomes of a connection";
		}

	}

}
