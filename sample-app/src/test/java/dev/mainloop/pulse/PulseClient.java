package dev.mainloop.pulse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Asks a process that runs pulse, and tells the status of each answer.
 */
final class PulseClient {

	private static final byte[] SNAPSHOT = "[\"snapshot\"]".getBytes(StandardCharsets.UTF_8);

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final int port;

	PulseClient(int port) {
		this.port = port;
	}

	int samples() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(uri("/api/samples")).build();
		return this.client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
	}

	/** Asks for a page, and returns the body of the answer. */
	String body(String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(uri(path)).build();
		return this.client.send(request, HttpResponse.BodyHandlers.ofString()).body();
	}

	/** Asks for snapshots at the same time, by bodies that are filled up with blanks. */
	List<Integer> snapshots(int count, int size) {
		HttpRequest request = HttpRequest.newBuilder(uri("/api/commands"))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofByteArrays(() -> body(size)),
					size))
			.build();
		List<CompletableFuture<Integer>> answers = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			answers.add(this.client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
				.thenApply(HttpResponse::statusCode));
		}
		return answers.stream().map(CompletableFuture::join).toList();
	}

	private static Iterator<byte[]> body(int size) {
		byte[] blanks = " ".repeat(10_000).getBytes(StandardCharsets.UTF_8);
		List<byte[]> parts = new ArrayList<>();
		parts.add(SNAPSHOT);
		for (int left = size - SNAPSHOT.length; left > 0; left -= blanks.length) {
			parts.add((left >= blanks.length) ? blanks : Arrays.copyOf(blanks, left));
		}
		return parts.iterator();
	}

	/** Begins a body of some size, the rest of which does not come. */
	Socket begin(int size) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port);
		socket.getOutputStream().write("""
				POST /api/commands HTTP/1.1\r
				Host: localhost\r
				Content-Type: application/json\r
				Content-Length: %d\r
				\r
				[""".formatted(size).getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	/** Ends a body of some size that was begun. */
	static void end(Socket socket, int size) throws IOException {
		String rest = "\"snapshot\"]";
		socket.getOutputStream()
			.write((rest + " ".repeat(size - 1 - rest.length())).getBytes(StandardCharsets.US_ASCII));
	}

	/** Begins a body of some size, and returns the first line of the answer. */
	String announce(int size) throws IOException {
		try (Socket socket = begin(size)) {
			return answer(socket);
		}
	}

	/**
	 * Sends a request whose body is one chunk, and returns the first line of the answer.
	 */
	String answer(String request, String chunk) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.getOutputStream()
				.write("%s\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n%s"
					.formatted(request, chunk)
					.getBytes(StandardCharsets.US_ASCII));
			return answer(socket);
		}
	}

	static String answer(Socket socket) throws IOException {
		return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
	}

	private URI uri(String path) {
		return URI.create("http://localhost:" + this.port + path);
	}

}
