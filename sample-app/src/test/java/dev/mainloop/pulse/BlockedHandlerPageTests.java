package dev.mainloop.pulse;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests what a page is told of a handler that blocks the main loop on purpose.
 */
@LinuxTest
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@DirtiesContext
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class BlockedHandlerPageTests {

	@TempDir
	static Path directory;

	@LocalServerPort
	private int port;

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		PulseFiles.register(registry, () -> directory.resolve("run"));
	}

	@Test
	void pageShouldBeToldOfTheHandlerByBeanAndMethod() throws Exception {
		try (Socket page = new Socket(InetAddress.getLoopbackAddress(), this.port);
				BufferedReader lines = new BufferedReader(
						new InputStreamReader(page.getInputStream(), StandardCharsets.UTF_8))) {
			page.setSoTimeout(60_000);
			page.getOutputStream()
				.write("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			assertThat(lines.readLine()).isEqualTo("HTTP/1.1 200 ");
			HttpRequest block = HttpRequest
				.newBuilder(URI.create("http://127.0.0.1:%d/api/commands".formatted(this.port)))
				.header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString("[\"block\"]"))
				.build();
			assertThat(HttpClient.newHttpClient().send(block, HttpResponse.BodyHandlers.discarding()).statusCode())
				.isEqualTo(202);
			List<String> told = new ArrayList<>();
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				if (line.contains("blockHandler.block")) {
					told.add(line);
					if (line.contains("\"returned\":true")) {
						break;
					}
				}
			}
			assertThat(told).hasSizeGreaterThan(1).allMatch((line) -> line.startsWith("data: {\"time\":\""));
			assertThat(told.get(0)).contains("\"returned\":false");
		}
	}

}
