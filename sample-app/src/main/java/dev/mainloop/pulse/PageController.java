package dev.mainloop.pulse;

import java.io.IOException;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Connects pages with the feed.
 */
@RestController
class PageController {

	private final PageFeed feed;

	PageController(PageFeed feed) {
		this.feed = feed;
	}

	@GetMapping("/api/events")
	void events(@RequestHeader(name = "Last-Event-ID", defaultValue = "0") long lastSeen, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		if (!this.feed.connect(request, response, lastSeen)) {
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE,
					"As many pages are open as may be: close one, or raise pulse.max-pages");
		}
	}

}
