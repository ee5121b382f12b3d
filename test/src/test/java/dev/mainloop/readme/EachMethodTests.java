package dev.mainloop.readme;

import java.time.Duration;
import java.time.Instant;

import dev.mainloop.test.AutoConfigureTestMainLoop;
import dev.mainloop.test.TestMainLoop;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.annotation.DirtiesContext.ClassMode;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest
@AutoConfigureTestMainLoop
@DirtiesContext(classMode = ClassMode.AFTER_EACH_TEST_METHOD)
class EachMethodTests {

	@Autowired
	private TestMainLoop loop;

	@Test
	void timeShouldBeginAnew() {
		this.loop.advance(Duration.ofMinutes(1));
		assertThat(this.loop.now()).isEqualTo(Instant.parse("2000-01-01T00:01:00Z"));
	}

	@Test
	void timeShouldBeginAnewForTheNext() {
		this.loop.advance(Duration.ofMinutes(1));
		assertThat(this.loop.now()).isEqualTo(Instant.parse("2000-01-01T00:01:00Z"));
	}

}
