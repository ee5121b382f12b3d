package dev.mainloop.pulse;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import dev.mainloop.testing.container.ContainerTest;
import dev.mainloop.testing.container.JavaContainer;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

@ContainerTest
class PulseInContainerTests {

	@Test
	void pulseShouldServeOnItsPublishedPortUntilTheContextCloses() throws Exception {
		JavaContainer pulse;
		try (ConfigurableApplicationContext context = PulseInContainer.application().run("--pulse.port=0")) {
			pulse = context.getBean(JavaContainer.class);
			URI health = URI.create("http://%s:%d/actuator/health".formatted(pulse.getHost(),
					pulse.getMappedPort(PulseInContainer.PORT)));
			HttpResponse<String> response = HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(health).build(), HttpResponse.BodyHandlers.ofString());
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).contains("\"mainloop\"", "\"multiplexer\":\"epoll\"");
		}
		assertThat(pulse.isRunning()).isFalse();
	}

}
