package dev.mainloop.metrics;

import java.util.ArrayList;
import java.util.List;

import dev.mainloop.MainLoop;
import dev.mainloop.handler.MainLoops;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ApplicationContextEvent;

/**
 * Shows what main loops and their event sources have counted, each with the tag
 * {@code loop}. It has to be kept as long as its meters are to be read. Sources that were
 * opened since are taken up when a meter of their loop is read, or the application
 * context has started.
 */
public final class MainLoopMetrics implements MeterBinder, ApplicationListener<ApplicationContextEvent> {

	/** The tag that has the name of the loop. */
	static final String LOOP = "loop";

	private final List<LoopMeters> loops = new ArrayList<>();

	/**
	 * Creates the metrics of an application.
	 * @param loops its loops
	 * @param tags what all meters are to be tagged with, to tell them from those of
	 * another application
	 */
	public MainLoopMetrics(MainLoops loops, Iterable<Tag> tags) {
		loops.forEach((place, loop) -> this.loops.add(new LoopMeters(loop, Tags.of(LOOP, place.loop()).and(tags))));
	}

	/**
	 * Creates the metrics of a loop that is no bean.
	 * @param loop the loop
	 * @param tags what all meters are to be tagged with beside the name of the loop
	 */
	public MainLoopMetrics(MainLoop loop, Iterable<Tag> tags) {
		this.loops.add(new LoopMeters(loop, Tags.of(LOOP, loop.name()).and(tags)));
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.loops.forEach((loop) -> loop.bindTo(registry));
	}

	@Override
	public void onApplicationEvent(ApplicationContextEvent event) {
		refresh();
	}

	/** Takes up the sources that are open now. */
	void refresh() {
		this.loops.forEach(LoopMeters::refresh);
	}

}
