package dev.mainloop.pulse;

import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.mainloop.EventQueue;

import org.springframework.http.HttpStatus;
import org.springframework.util.FileCopyUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * The way from the web to the main loop. Requests come on threads of their own, and so
 * they touch no handler: they send messages, and a handler answers by completing a
 * future.
 */
@RestController
@RequestMapping("/api")
class PulseController {

	private final EventQueue<SamplesQuery> samplesQueries;

	private final EventQueue<ThresholdsQuery> thresholdsQueries;

	private final EventQueue<Command> commands;

	PulseController(EventQueue<SamplesQuery> samplesQueries, EventQueue<ThresholdsQuery> thresholdsQueries,
			EventQueue<Command> commands) {
		this.samplesQueries = samplesQueries;
		this.thresholdsQueries = thresholdsQueries;
		this.commands = commands;
	}

	@GetMapping("/samples")
	CompletableFuture<List<Sample>> samples() {
		SamplesQuery query = new SamplesQuery(new CompletableFuture<>());
		send(this.samplesQueries, query);
		return query.answer();
	}

	@GetMapping("/thresholds")
	CompletableFuture<Thresholds> thresholds() {
		ThresholdsQuery query = new ThresholdsQuery(new CompletableFuture<>());
		send(this.thresholdsQueries, query);
		return query.answer();
	}

	/** Takes lines of text, whatever content type the client says they have. */
	@PostMapping("/commands")
	@ResponseStatus(HttpStatus.ACCEPTED)
	void command(Reader lines) throws IOException {
		List<Command> parsed = parse(FileCopyUtils.copyToString(lines));
		parsed.forEach((command) -> send(this.commands, command));
	}

	private static List<Command> parse(String lines) {
		try {
			return Arrays.stream(lines.strip().split("\\R+")).map(Command::parse).toList();
		}
		catch (IllegalArgumentException ex) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, ex.getMessage(), ex);
		}
	}

	private static <T> void send(EventQueue<T> queue, T message) {
		if (!queue.offer(message)) {
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "The main loop takes no message now");
		}
	}

}
