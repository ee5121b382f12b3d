package dev.mainloop.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

import dev.mainloop.MainLoop;
import dev.mainloop.Timer;
import dev.mainloop.watch.FileChange.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Changes of files that are told once nothing has happened to the file for some time, as
 * one. For the loop's thread alone.
 */
final class Settling {

	private final MainLoop loop;

	private final String description;

	private final Duration time;

	private final BiConsumer<Kind, Path> told;

	private final Map<Path, Burst> bursts = new HashMap<>();

	Settling(MainLoop loop, String description, Duration time, BiConsumer<Kind, Path> told) {
		this.loop = loop;
		this.description = description;
		this.time = time;
		this.told = told;
	}

	/** Takes a change, which begins the time anew. */
	void add(Kind kind, Path path) {
		Burst burst = this.bursts.get(path);
		if (burst == null) {
			burst = new Burst(this.loop.after(this.description, this.time, (timer) -> end(path)));
			this.bursts.put(path, burst);
		}
		else {
			burst.timer.rescheduleAfter(this.time);
		}
		burst.add(kind);
	}

	private void end(Path path) {
		Burst burst = this.bursts.remove(path);
		Kind kind = (burst != null) ? burst.outcome() : null;
		if (kind != null) {
			this.told.accept(kind, path);
		}
	}

	/** What has happened to a file since nothing had for some time. */
	private static final class Burst {

		private final Timer timer;

		private @Nullable Kind first;

		private @Nullable Kind latest;

		Burst(Timer timer) {
			this.timer = timer;
		}

		void add(Kind kind) {
			Kind before = this.latest;
			if (this.first == null) {
				this.first = kind;
			}
			switch (kind) {
				case ATTRIBUTES -> this.latest = (before != null) ? before : kind;
				case MODIFIED -> this.latest = Kind.WRITTEN;
				default -> this.latest = kind;
			}
		}

		/** Returns what it was in all, {@code null} if it came and is gone again. */
		@Nullable Kind outcome() {
			return (this.first == Kind.CREATED && this.latest == Kind.DELETED) ? null : this.latest;
		}

	}

}
