package dev.mainloop.kotlin

import dev.mainloop.EventQueue
import dev.mainloop.test.AutoConfigureTestMainLoop
import dev.mainloop.test.TestMainLoop
import java.time.Duration
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.ExtendWith
import org.springframework.beans.factory.annotation.Autowired
import org.springframework.boot.test.system.CapturedOutput
import org.springframework.boot.test.system.OutputCaptureExtension
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig

/**
 * Runs the handlers of the documentation.
 */
@SpringJUnitConfig(Greeter::class)
@AutoConfigureTestMainLoop
@ExtendWith(OutputCaptureExtension::class)
class GreeterTests(
	@Autowired private val loop: TestMainLoop,
	@Autowired private val commands: EventQueue<Command>,
) {

	@Test
	fun greeterShouldGreetAndLeave(output: CapturedOutput) {
		loop.advance(Duration.ofSeconds(1)) // a tick at the start, and one now
		commands.send(Greet("you"))
		commands.send(Leave)
		loop.runUntilIdle()
		assertThat(output).contains("2 hello, tick", "3 hello, you", "bye", "until the next time")
	}

}
