package dev.mainloop.readme;

import java.time.Duration;

import dev.mainloop.test.AutoConfigureTestMainLoop;
import dev.mainloop.test.TestMainLoop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest
@AutoConfigureTestMainLoop
@ExtendWith(OutputCaptureExtension.class)
class DemoApplicationTests {

	@Autowired
	private TestMainLoop loop;

	@Test
	void greeterShouldGreetWhateverHappens(CapturedOutput output) {
		this.loop.advance(Duration.ofSeconds(1)); // a tick at the start, and one now
		this.loop.raise("SIGHUP");
		this.loop.fileDescriptor("commands").receive("hello\n");
		this.loop.send(new DemoApplication.Greeting("a message"));
		assertThat(output).contains("2 tick", "3 a signal: SIGHUP", "4 a line: hello", "5 a message");
	}

}
