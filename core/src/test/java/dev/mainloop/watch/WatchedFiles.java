package dev.mainloop.watch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopBuilder;
import dev.mainloop.watch.FileChange.Kind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A loop and a watcher on it, and what that has told, of paths in a directory.
 */
final class WatchedFiles implements AutoCloseable {

	private static final Duration LONGEST = Duration.ofSeconds(30);

	private final Path directory;

	private final MainLoop loop;

	private final List<String> told = new ArrayList<>();

	private FileWatcher watcher;

	WatchedFiles(Path directory) {
		this(directory, MainLoop.builder());
	}

	WatchedFiles(Path directory, MainLoopBuilder builder) {
		this.directory = directory;
		this.loop = builder.build();
	}

	MainLoop loop() {
		return this.loop;
	}

	FileWatcher watcher() {
		return this.watcher;
	}

	/** Returns kind and relative path of what was told since it was taken last. */
	List<String> take() {
		List<String> taken = List.copyOf(this.told);
		this.told.clear();
		return taken;
	}

	List<String> told() {
		return this.told;
	}

	FileWatcher watch(String path, WatchScope scope, Kind... kinds) {
		return watch(path, scope, (builder) -> builder.kinds(List.of(kinds)));
	}

	FileWatcher watch(String path, WatchScope scope, Consumer<FileWatcher.Builder> settings) {
		FileWatcher.Builder builder = FileWatcher.builder(this.directory.resolve(path)).scope(scope);
		settings.accept(builder);
		this.watcher = builder.open(this.loop, "files", (change, some) -> {
			this.told.add((change.kind() + " " + this.directory.relativize(change.path())).trim());
		});
		return this.watcher;
	}

	/** Runs the loop until as much as that was told, in any order and maybe more. */
	void awaitTold(String... expected) {
		runUntil(() -> this.told.containsAll(List.of(expected)));
		assertThat(this.told).contains(expected);
	}

	/** Runs the loop until something is so, or for a long time. */
	void runUntil(BooleanSupplier condition) {
		long end = System.nanoTime() + LONGEST.toNanos();
		while (!condition.getAsBoolean() && System.nanoTime() - end < 0) {
			this.loop.runOnce(Duration.ofMillis(50));
		}
	}

	/** Runs the loop until it has nothing to do, as all events of the kernel wait. */
	void runUntilIdle() {
		int idle = 0;
		while (idle < 5) {
			int before = this.told.size();
			boolean busy = this.loop.runOnce();
			idle = (busy || this.told.size() != before) ? 0 : idle + 1;
		}
	}

	Path path(String path) {
		return this.directory.resolve(path);
	}

	Path write(String path, String text) {
		try {
			return Files.writeString(path(path), text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Path directory(String path) {
		try {
			return Files.createDirectories(path(path));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void shell(String command) {
		try {
			Process process = new ProcessBuilder("sh", "-e", "-c", command).directory(this.directory.toFile())
				.inheritIO()
				.start();
			assertThat(process.waitFor()).as(command).isZero();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		if (this.watcher != null) {
			this.watcher.close();
		}
		this.loop.close();
	}

}
