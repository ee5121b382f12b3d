package dev.mainloop.pulse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.MainLoop;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests pulse with a thousand pages that take nothing of what they are sent.
 */
@LinuxTest
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "pulse.sample-every=10ms", "pulse.max-pages=" + SlowPagesTests.PAGES })
@DirtiesContext
class SlowPagesTests {

	static final int PAGES = 1000;

	@TempDir
	static Path directory;

	@LocalServerPort
	private int port;

	@Autowired
	private PageFeed feed;

	@Autowired
	private MainLoop loop;

	private final List<Socket> pages = new ArrayList<>();

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		PulseFiles.register(registry, () -> directory.resolve("run"));
	}

	@AfterEach
	void close() throws IOException {
		for (Socket page : this.pages) {
			page.close();
		}
	}

	@Test
	void loopShouldGoOnWhileTheyTakeNothing() throws Exception {
		for (int i = 0; i < PAGES; i++) {
			this.pages.add(open());
		}
		await().until(() -> this.feed.open() == PAGES);
		try (Socket another = open()) {
			assertThat(PulseClient.answer(another)).isEqualTo("HTTP/1.1 503 ");
		}
		long handled = this.loop.statistics().iterations();
		await().atMost(Duration.ofMinutes(2)).until(() -> this.feed.dropped() > 10 * PAGES);
		await().atMost(Duration.ofMinutes(2)).until(() -> this.loop.statistics().iterations() > handled + 100);
		assertThat(this.loop.queues()).allMatch((queue) -> queue.dropped() == 0);
		PulseClient client = new PulseClient(this.port);
		assertThat(client.snapshots(1, 100)).containsOnly(202);
		await().atMost(Duration.ofMinutes(2)).until(() -> this.feed.open() == 0);
	}

	/** Opens a page that takes no more than the answer's first lines. */
	private Socket open() throws IOException {
		Socket socket = new Socket();
		socket.setReceiveBufferSize(1);
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port));
		socket.getOutputStream()
			.write("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

}
