package dev.mainloop.pulse;

import java.util.concurrent.CompletableFuture;

import dev.mainloop.EventQueue;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.test.AutoConfigureTestMainLoop;
import dev.mainloop.test.TestMainLoop;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.result.MockMvcResultMatchers;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Tests a controller that asks a handler, in Spring Boot's slice of the web layer.
 */
@WebMvcTest(WebSliceTests.Clock.class)
@Import({ WebSliceTests.Clock.class, WebSliceTests.ClockHandler.class })
@AutoConfigureTestMainLoop
class WebSliceTests {

	@Autowired
	private TestMainLoop loop;

	@Autowired
	private MockMvc mvc;

	@Test
	void controllerShouldAnswerWhatTheHandlerDoes() throws Exception {
		MvcResult request = this.mvc.perform(MockMvcRequestBuilders.get("/clock")).andReturn();
		this.loop.runUntilIdle();
		this.mvc.perform(MockMvcRequestBuilders.asyncDispatch(request))
			.andExpect(MockMvcResultMatchers.content().string("five o'clock"));
	}

	@RestController
	static class Clock {

		private final EventQueue<Question> questions;

		Clock(EventQueue<Question> questions) {
			this.questions = questions;
		}

		@GetMapping("/clock")
		CompletableFuture<String> clock() {
			CompletableFuture<String> answer = new CompletableFuture<>();
			this.questions.send(new Question(answer));
			return answer;
		}

	}

	@EventHandler
	static class ClockHandler {

		@OnMessage
		void answer(Question question) {
			question.answer.complete("five o'clock");
		}

	}

	record Question(CompletableFuture<String> answer) {

	}

}
