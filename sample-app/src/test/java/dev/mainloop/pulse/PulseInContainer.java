package dev.mainloop.pulse;

import java.util.List;

import dev.mainloop.testing.container.JavaContainer;
import org.slf4j.LoggerFactory;
import org.testcontainers.containers.output.Slf4jLogConsumer;
import org.testcontainers.containers.wait.strategy.Wait;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Runs pulse in a Linux container from any host that has a container engine, with its
 * port published as the property {@code pulse.port}.
 */
@TestConfiguration(proxyBeanMethods = false)
class PulseInContainer {

	static final int PORT = 8080;

	public static void main(String[] arguments) {
		application().run(arguments);
	}

	static SpringApplication application() {
		SpringApplication application = new SpringApplication(PulseInContainer.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setKeepAlive(true);
		return application;
	}

	@Bean
	JavaContainer pulse(@Value("${pulse.port:8080}") int port) {
		JavaContainer pulse = new JavaContainer(List.of(), PulseApplication.class, "--server.port=" + PORT,
				"--server.address=0.0.0.0")
			.withExposedPorts(PORT)
			.waitingFor(Wait.forHttp("/actuator/health").forPort(PORT))
			.withLogConsumer(new Slf4jLogConsumer(LoggerFactory.getLogger("pulse")).withSeparateOutputStreams());
		pulse.setPortBindings(List.of(port + ":" + PORT));
		return pulse;
	}

}
