package dev.mainloop.readme;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnAccept;
import dev.mainloop.annotation.OnReadable;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.line.FrameHandler;
import dev.mainloop.line.FrameReader;
import dev.mainloop.line.Framing;
import dev.mainloop.socket.ConnectHandler;
import dev.mainloop.socket.Connector;
import dev.mainloop.socket.ListeningSocket;
import dev.mainloop.socket.Session;
import dev.mainloop.socket.StreamSocket;
import dev.mainloop.socket.UnixAddress;
import dev.mainloop.testing.LinuxTest;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Runs the handlers of the pages about sockets and file descriptors that need the kernel.
 */
@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class SocketSnippetTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withInitializer((context) -> context.getBeanFactory()
			.setConversionService(ApplicationConversionService.getSharedInstance()))
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class));

	@TempDir
	private Path folder;

	@Test
	void consoleShouldAnswer() throws IOException {
		Path path = this.folder.resolve("admin.sock");
		int user = (int) Files.getAttribute(this.folder, "unix:uid");
		this.application.withBean(console()).withPropertyValues("admin.socket=" + path).run((context) -> {
			try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
					PrintWriter out = new PrintWriter(Channels.newWriter(channel, StandardCharsets.UTF_8), true);
					BufferedReader in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
				assertThat(in.readLine()).isEqualTo("hello, user " + user);
				out.println("anything");
				assertThat(in.readLine()).isEqualTo("known are: sources, quit");
				out.println("sources");
				assertThat(in.readLine()).contains("Console.accepted");
				out.println("quit");
				assertThat(in.lines()).doesNotContain("known are: sources, quit");
			}
		});
		assertThat(path).doesNotExist();
	}

	@Test
	void feedShouldConnectAgain(CapturedOutput output) throws IOException {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			this.application.withBean(feed())
				.withPropertyValues("feed.port=" + server.getLocalPort())
				.run((context) -> {
					for (int i = 1; i <= 2; i++) {
						String line = "line " + i;
						try (Socket socket = server.accept()) {
							socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
						}
						await().atMost(LONG).untilAsserted(() -> assertThat(output).contains("the feed says " + line));
					}
				});
		}
	}

	@Test
	void linksShouldBeLogged(CapturedOutput output) {
		this.application.withBean(links()).run((context) -> {
			FileDescriptor routes = context.getBean("routes", FileDescriptor.class);
			ByteBuffer request = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
			request.putInt(32).putShort((short) 18).putShort((short) 0x301).rewind(); // RTM_GETLINK,
																						// of
																						// all
			routes.write(request);
			await().atMost(LONG).untilAsserted(() -> assertThat(output).contains("link 1 is "));
		});
	}

	private static Class<?> console() {
		@EventHandler
		class Console {

			private final MainLoop mainLoop;

			Console(MainLoop mainLoop) {
				this.mainLoop = mainLoop;
			}

			@Bean
			static ListeningSocket admin(@Value("${admin.socket}") Path path) {
				return ListeningSocket.open(UnixAddress.of(path));
			}

			@OnAccept(value = "admin", maxConnections = "4")
			FrameHandler<String> accepted(Session session) {
				session.send("hello, user " + session.socket().peerCredentials().userId());
				return (line, reader) -> command(line, session);
			}

			private void command(String line, Session session) {
				switch (line) {
					case "sources" -> this.mainLoop.sources().forEach((source) -> session.send(source.description()));
					case "quit" -> session.finish();
					default -> session.send("known are: sources, quit");
				}
			}

		}
		return Console.class;
	}

	private static Class<?> feed() {
		@EventHandler
		class QuoteFeed implements ConnectHandler, FrameHandler<String> {

			private static final Logger logger = LoggerFactory.getLogger(QuoteFeed.class);

			private final MainLoop mainLoop;

			private final InetSocketAddress address;

			private boolean connected;

			QuoteFeed(MainLoop mainLoop, @Value("${feed.port}") int port) {
				this.mainLoop = mainLoop;
				this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
			}

			@OnTimer(every = "1s")
			void connect() {
				if (!this.connected) {
					this.connected = true;
					Connector.open(this.mainLoop, "feed", this.address, Duration.ofSeconds(5), this);
				}
			}

			@Override
			public void connected(StreamSocket socket) {
				socket.onClose(() -> this.connected = false);
				Session.open(this.mainLoop, "feed", socket, 1024).read(Framing.lines(1024), this);
			}

			@Override
			public void failed(ErrnoException cause) {
				this.connected = false;
				logger.warn("no connection to the feed: {}", cause.getMessage());
			}

			@Override
			public void frame(String line, FrameReader<String> reader) {
				logger.info("the feed says {}", line);
			}

		}
		return QuoteFeed.class;
	}

	private static Class<?> links() {
		@EventHandler
		class Links {

			private static final Logger logger = LoggerFactory.getLogger(Links.class);

			private final ByteBuffer message = ByteBuffer.allocateDirect(32 * 1024).order(ByteOrder.nativeOrder());

			public interface Sockets {

				int socket(int family, int type, int protocol);

				int bind(int number, @In byte[] address, int length);

			}

			@Bean
			static FileDescriptor routes() {
				Sockets sockets = LibraryLoader.create(Sockets.class).load("c");
				FileDescriptor routes = FileDescriptor.adopt(sockets.socket(16, 3, 0), "netlink"); // AF_NETLINK,
																									// SOCK_RAW
				byte[] address = ByteBuffer.allocate(12)
					.order(ByteOrder.nativeOrder())
					.putShort((short) 16)
					.putInt(8, 1)
					.array();
				sockets.bind(routes.acquire(), address, address.length); // of the group
																			// RTMGRP_LINK
				routes.release();
				return routes;
			}

			@OnReadable("routes")
			void changed(FileDescriptor routes) {
				routes.read(this.message.clear());
				int length = this.message.flip().limit();
				for (int at = 0; at + 32 <= length; at += this.message.getInt(at)) {
					if (this.message.getShort(at + 4) == 16) { // RTM_NEWLINK
						logger.info("link {} is {}", this.message.getInt(at + 20),
								(this.message.getInt(at + 24) & 1) != 0 ? "up" : "down");
					}
				}
			}

		}
		return Links.class;
	}

}
