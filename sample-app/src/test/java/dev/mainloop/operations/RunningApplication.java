package dev.mainloop.operations;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with a web server, which is asked by HTTP.
 */
final class RunningApplication implements AutoCloseable {

	private final HttpClient client = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext context;

	private final String root;

	private RunningApplication(ConfigurableApplicationContext context) {
		this.context = context;
		this.root = "http://127.0.0.1:%d/actuator/"
			.formatted(((WebServerApplicationContext) context).getWebServer().getPort());
	}

	static RunningApplication start(Class<?> application, String... arguments) {
		return new RunningApplication(new SpringApplicationBuilder(application).run(StringUtils.concatenateStringArrays(
				new String[] { "--server.port=0", "--management.endpoints.web.exposure.include=*" }, arguments)));
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	HttpResponse<String> get(String path) {
		return send(request(path).GET());
	}

	HttpResponse<String> post(String path, String json) {
		return send(request(path).header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(json)));
	}

	DocumentContext json(String path) {
		HttpResponse<String> response = get(path);
		assertThat(response.statusCode()).as(response::body).isEqualTo(200);
		return JsonPath.parse(response.body());
	}

	/** Writes a name as a part of a path. */
	static String encoded(String name) {
		return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(this.root + path)).timeout(Duration.ofSeconds(30));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) {
		return this.client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).join();
	}

	@Override
	public void close() {
		this.context.close();
	}

}
