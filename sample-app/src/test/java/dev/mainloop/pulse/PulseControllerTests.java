package dev.mainloop.pulse;

import dev.mainloop.handler.UnavailableQueue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PulseController} with queues that take nothing.
 */
class PulseControllerTests {

	private final PulseController controller = new PulseController(new UnavailableQueue<>("this is a test"),
			new UnavailableQueue<>("this is a test"), new UnavailableQueue<>("this is a test"), JsonMapper.shared());

	@Test
	void whenTheQueueRefusesShouldBeUnavailable() {
		assertStatus(this.controller::samples, HttpStatus.SERVICE_UNAVAILABLE);
		assertStatus(this.controller::thresholds, HttpStatus.SERVICE_UNAVAILABLE);
	}

	private static void assertStatus(ThrowingCallable call, HttpStatus status) {
		assertThatExceptionOfType(ResponseStatusException.class).isThrownBy(call)
			.satisfies((ex) -> assertThat(ex.getStatusCode()).isEqualTo(status));
	}

}
