package dev.mainloop.pulse;

import java.time.Instant;

import dev.mainloop.BlockedHandler;
import dev.mainloop.health.BlockedHandlerEvent;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Tells the pages of handlers that block the main loop, which cannot do so then.
 */
@Component
class BlockedHandlers {

	private final PageFeed feed;

	BlockedHandlers(PageFeed feed) {
		this.feed = feed;
	}

	@EventListener
	void blocked(BlockedHandlerEvent event) {
		BlockedHandler blocked = event.blocked();
		this.feed.publishAndKeep("blocked",
				new Seen(Instant.now(), blocked.handler(), blocked.returned(), blocked.duration().toMillis()));
	}

	private record Seen(Instant time, String handler, boolean returned, long millis) {

	}

}
