package dev.mainloop.pulse;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;

/**
 * Does what no handler may, so that one can see what comes of it: it blocks the loop for
 * a second. Whoever asks again and again leaves the loop half of its time.
 */
@EventHandler
class BlockHandler {

	private static final Duration TIME = Duration.ofSeconds(1);

	private final MainLoop loop;

	private Instant next = Instant.MIN;

	BlockHandler(MainLoop loop) {
		this.loop = loop;
	}

	@OnMessage
	void block(Command.Block command) throws InterruptedException {
		if (!this.loop.now().isBefore(this.next)) {
			TimeUnit.MILLISECONDS.sleep(TIME.toMillis());
			this.next = this.loop.now().plus(TIME);
		}
	}

}
