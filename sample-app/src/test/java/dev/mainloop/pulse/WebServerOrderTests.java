package dev.mainloop.pulse;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.MainLoop;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests that the main loop is there before the web server and after it.
 */
@LinuxTest
class WebServerOrderTests {

	@TempDir
	private Path directory;

	@Test
	void loopShouldServeBeforeTheWebServerAcceptsAndAfterItHasStopped() throws Exception {
		int port;
		try (ServerSocket free = new ServerSocket(0)) {
			port = free.getLocalPort();
		}
		List<String> seen;
		try (ConfigurableApplicationContext context = run(port)) {
			seen = context.getBean(Neighbour.class).seen;
			assertThat(accepts(port)).isTrue();
		}
		assertThat(seen).containsExactly("started: loop is running, all sources are open, web server is down",
				"stopped: loop is running, all sources are open, web server is down");
	}

	@Test
	void busyPortShouldLeaveNothingOpen() throws Exception {
		List<String> files = openFiles();
		List<String> threads = loopThreads();
		try (ServerSocket busy = new ServerSocket(0)) {
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> run(busy.getLocalPort()).close())
				.havingRootCause()
				.isInstanceOf(BindException.class);
		}
		assertThat(openFiles()).isEqualTo(files);
		await().untilAsserted(() -> assertThat(loopThreads()).isEqualTo(threads));
	}

	private ConfigurableApplicationContext run(int port) {
		return new SpringApplicationBuilder(PulseApplication.class, Neighbour.class).run("--server.port=" + port,
				"--pulse.thresholds=" + this.directory.resolve("thresholds.properties"),
				"--pulse.commands=" + this.directory.resolve("run/commands"),
				"--pulse.snapshot=" + this.directory.resolve("snapshot.json"));
	}

	private static boolean accepts(int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return socket.isConnected();
		}
		catch (ConnectException ex) {
			return false;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Returns the epoll instances, of which a loop has one, and the files of this test.
	 */
	private List<String> openFiles() throws IOException {
		List<String> files = new ArrayList<>();
		try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
			for (Path descriptor : descriptors) {
				if (Files.isSymbolicLink(descriptor)) {
					files.add(Files.readSymbolicLink(descriptor).toString());
				}
			}
		}
		files.removeIf((file) -> !file.contains("timerfd") && !file.startsWith(this.directory.toString()));
		return files;
	}

	private static List<String> loopThreads() {
		return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter("mainloop"::equals).toList();
	}

	/** Starts before the web server, and stops after it. */
	static class Neighbour implements SmartLifecycle {

		private final MainLoop loop;

		private final int port;

		private final List<String> seen = new ArrayList<>();

		private boolean running;

		Neighbour(MainLoop loop, @Value("${server.port}") int port) {
			this.loop = loop;
			this.port = port;
		}

		@Override
		public void start() {
			this.running = true;
			look("started");
		}

		@Override
		public void stop() {
			this.running = false;
			look("stopped");
		}

		private void look(String event) {
			boolean open = this.loop.sourceCounts().get("signals") > 0
					&& this.loop.sourceCounts().get("descriptors") > 0;
			this.seen.add("%s: loop is %s, %s sources are open, web server is %s".formatted(event, this.loop.state(),
					open ? "all" : "not all", accepts(this.port) ? "up" : "down"));
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
		}

	}

}
