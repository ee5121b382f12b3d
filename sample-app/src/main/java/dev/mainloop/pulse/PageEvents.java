package dev.mainloop.pulse;

import java.time.Instant;
import java.util.Map;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnSignal;
import dev.mainloop.fd.SignalInfo;

/**
 * Tells the pages what happens. Whoever sends the messages does not know of them.
 */
@EventHandler
class PageEvents {

	private final PageFeed feed;

	private final MainLoop loop;

	PageEvents(PageFeed feed, MainLoop loop) {
		this.feed = feed;
		this.loop = loop;
	}

	@OnMessage
	void sample(Sample sample) {
		this.feed.publish("sample", sample);
	}

	@OnMessage
	void loop(LoopSample sample) {
		this.feed.publish("loop", sample);
	}

	@OnMessage
	void alert(Alert alert) {
		this.feed.publishAndKeep("alert", alert);
	}

	@OnMessage
	void thresholds(Thresholds thresholds) {
		this.feed.publish("thresholds", thresholds);
	}

	@OnMessage
	void threshold(Command.SetThreshold command) {
		this.feed.publish("thresholds", Map.of(command.metric(), command.threshold()));
	}

	@OnSignal({ "SIGHUP", "SIGUSR1" })
	void signal(SignalInfo signal) {
		this.feed.publishAndKeep("signal", new SignalSeen(this.loop.now(), signal.signal().name()));
	}

	private record SignalSeen(Instant time, String signal) {

	}

}
