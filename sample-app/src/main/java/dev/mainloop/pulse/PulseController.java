package dev.mainloop.pulse;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.mainloop.EventQueue;
import dev.mainloop.log.LogText;
import jakarta.servlet.http.HttpServletRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
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

	private final EventQueue<CommandsRequest> commandsRequests;

	private final JsonMapper jsonMapper;

	PulseController(EventQueue<SamplesQuery> samplesQueries, EventQueue<ThresholdsQuery> thresholdsQueries,
			EventQueue<CommandsRequest> commandsRequests, JsonMapper jsonMapper) {
		this.samplesQueries = samplesQueries;
		this.thresholdsQueries = thresholdsQueries;
		this.commandsRequests = commandsRequests;
		this.jsonMapper = jsonMapper;
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

	/**
	 * Takes an array of commands, all or none. A page of another site cannot make a
	 * browser send it, as it is not asked whether it may send JSON and says nothing.
	 */
	@PostMapping(path = "/commands", consumes = MediaType.APPLICATION_JSON_VALUE)
	@ResponseStatus(HttpStatus.ACCEPTED)
	CompletableFuture<Void> commands(HttpServletRequest request) throws IOException {
		return CommandsBody.read(request).thenCompose(this::take).thenAccept(PulseController::requireTaken);
	}

	private CompletableFuture<Boolean> take(byte[] json) {
		CommandsRequest request = new CommandsRequest(parse(json), new CompletableFuture<>());
		send(this.commandsRequests, request);
		return request.answer();
	}

	private List<Command> parse(byte[] json) {
		try {
			String[] lines = this.jsonMapper.readValue(json, String[].class);
			return Stream.ofNullable(lines).flatMap(Arrays::stream).map(String::valueOf).map(Command::parse).toList();
		}
		catch (JacksonException ex) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
					"The commands are no JSON array of texts, such as [\"threshold cpu 80\"]", ex);
		}
		catch (IllegalArgumentException ex) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, LogText.of(ex.getMessage()), ex);
		}
	}

	private static <T> void send(EventQueue<T> queue, T message) {
		requireTaken(queue.offer(message));
	}

	private static void requireTaken(boolean taken) {
		if (!taken) {
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "The main loop takes no message now");
		}
	}

}
