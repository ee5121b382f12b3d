package dev.mainloop.pulse;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A Chromium without a window that shows one page, driven by its
 * <a href="https://chromedevtools.github.io/devtools-protocol/">DevTools protocol</a>.
 */
final class Chromium implements AutoCloseable, WebSocket.Listener {

	private static final int TIMEOUT_SECONDS = 60;

	private final JsonMapper jsonMapper = JsonMapper.shared();

	private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();

	private final List<String> errors = new CopyOnWriteArrayList<>();

	private final AtomicInteger lastId = new AtomicInteger();

	private final StringBuilder text = new StringBuilder();

	private final Process process;

	private final WebSocket socket;

	private final String session;

	/**
	 * Starts it.
	 * @param profile an empty directory of its own
	 * @throws IOException if it cannot be started
	 */
	Chromium(Path profile) throws IOException {
		this.process = new ProcessBuilder("chromium", "--headless", "--no-sandbox", "--disable-gpu",
				"--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run", "--remote-debugging-port=0",
				"--user-data-dir=" + profile, "about:blank")
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		Path portAndPath = profile.resolve("DevToolsActivePort");
		await().atMost(TIMEOUT_SECONDS, TimeUnit.SECONDS)
			.until(() -> Files.exists(portAndPath) && Files.readAllLines(portAndPath).size() == 2);
		List<String> lines = Files.readAllLines(portAndPath);
		this.socket = HttpClient.newHttpClient()
			.newWebSocketBuilder()
			.buildAsync(URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1)), this)
			.join();
		String target = call("", "Target.createTarget", Map.of("url", "about:blank")).get("targetId").asString();
		this.session = call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true)).get("sessionId")
			.asString();
		call("Page.enable", Map.of());
		call("Runtime.enable", Map.of());
		call("Log.enable", Map.of());
	}

	static boolean isInstalled() {
		return Stream.of(System.getenv("PATH").split(":")).anyMatch((path) -> Files.exists(Path.of(path, "chromium")));
	}

	@Override
	public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
		this.text.append(data);
		if (last) {
			JsonNode message = this.jsonMapper.readTree(this.text.toString());
			this.text.setLength(0);
			if (message.has("id")) {
				this.answers.remove(message.get("id").asInt()).complete(message);
			}
			else {
				happened(message.get("method").asString(), message.get("params"));
			}
		}
		webSocket.request(1);
		return null;
	}

	private void happened(String method, JsonNode parameters) {
		if (method.equals("Runtime.exceptionThrown") || method.equals("Log.entryAdded")) {
			this.errors.add(parameters.toString());
		}
	}

	/** Returns what the page has done wrong, and what was refused to it. */
	List<String> errors() {
		return this.errors;
	}

	/** Calls a method of the protocol for the page. */
	JsonNode call(String method, Map<String, ?> parameters) {
		return call(this.session, method, parameters);
	}

	private JsonNode call(String session, String method, Map<String, ?> parameters) {
		int id = this.lastId.incrementAndGet();
		CompletableFuture<JsonNode> answer = new CompletableFuture<>();
		this.answers.put(id, answer);
		Map<String, Object> message = new HashMap<>(Map.of("id", id, "method", method, "params", parameters));
		if (!session.isEmpty()) {
			message.put("sessionId", session);
		}
		this.socket.sendText(this.jsonMapper.writeValueAsString(message), true).join();
		JsonNode answered = answer.orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
		assertThat(answered.has("error")).as(answered.toString()).isFalse();
		return answered.get("result");
	}

	void open(String url) {
		this.errors.clear();
		call("Page.navigate", Map.of("url", url));
		await().atMost(TIMEOUT_SECONDS, TimeUnit.SECONDS)
			.until(() -> evaluate("document.readyState + location.href").asString().equals("complete" + url));
	}

	/** Returns what an expression of JavaScript results in. */
	JsonNode evaluate(String expression) {
		JsonNode result = call("Runtime.evaluate",
				Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
		assertThat(result.has("exceptionDetails")).as(expression + ": " + result).isFalse();
		JsonNode value = result.get("result").get("value");
		return (value != null) ? value : this.jsonMapper.nullNode();
	}

	/** Returns the text of the first element that a selector finds. */
	String text(String selector) {
		return evaluate("document.querySelector('%s').textContent".formatted(selector)).asString();
	}

	/** Presses a key, as at a keyboard. */
	void press(String key, int code) {
		String typed = key.equals("Enter") ? "\r" : "";
		call("Input.dispatchKeyEvent", Map.of("type", typed.isEmpty() ? "rawKeyDown" : "keyDown", "key", key, "code",
				key, "windowsVirtualKeyCode", code, "text", typed));
		call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "code", key, "windowsVirtualKeyCode", code));
	}

	void type(String text) {
		call("Input.insertText", Map.of("text", text));
	}

	/** Has the page look as on a screen of some size. */
	void resize(int width, int height, boolean phone) {
		call("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone));
	}

	/** Has the page know that its user prefers {@code light} or {@code dark} colours. */
	void prefer(String colors) {
		call("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colors))));
	}

	/** Returns the whole page as a picture. */
	byte[] screenshot() {
		return Base64.getDecoder()
			.decode(call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true)).get("data")
				.asString());
	}

	@Override
	public void close() {
		List<ProcessHandle> all = new ArrayList<>(this.process.descendants().toList());
		all.add(this.process.toHandle());
		this.socket.abort();
		this.process.destroy();
		for (ProcessHandle each : all) {
			each.onExit().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
		}
	}

}
