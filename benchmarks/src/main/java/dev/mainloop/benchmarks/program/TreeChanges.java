package dev.mainloop.benchmarks.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopThread;
import dev.mainloop.watch.FileWatcher;
import dev.mainloop.watch.WatchScope;

/**
 * Watches a tree of directories in which files are made, and prints how long it takes to
 * open in milliseconds, what it keeps on the heap in megabytes, the microseconds of the
 * processor that the threads which watch take for each file, and how many files they have
 * missed: {@code TreeChanges DIRECTORIES FILES RATE MAINLOOP|WATCH_SERVICE}.
 */
public final class TreeChanges {

	private static final int BRANCHES = 100;

	private static final long PATIENCE_SECONDS = 20;

	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	private final Path root;

	private final int directories;

	private final int changes;

	private final long periodNanos;

	private final Set<Path> told = ConcurrentHashMap.newKeySet();

	private final CountDownLatch allTold;

	private TreeChanges(Path root, int directories, int changes, int rate) {
		this.root = root;
		this.directories = directories;
		this.changes = changes;
		this.allTold = new CountDownLatch(changes);
		this.periodNanos = TimeUnit.SECONDS.toNanos(1) / rate;
	}

	private Path directory(int index) {
		return this.root.resolve("branch-" + index % BRANCHES).resolve("directory-" + index);
	}

	private void make() throws IOException {
		for (int i = 0; i < this.directories; i++) {
			Files.createDirectories(directory(i));
		}
	}

	/** Makes the changes, and returns the time of the processor of all other threads. */
	private long change(String name, boolean awaited) throws InterruptedException {
		CountDownLatch made = new CountDownLatch(this.changes);
		ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
		long before = threadTime();
		AtomicInteger next = new AtomicInteger();
		executor.scheduleAtFixedRate(() -> {
			int index = next.getAndIncrement();
			if (index < this.changes) {
				create(directory(index * 7919 % this.directories).resolve(name + index));
				made.countDown();
			}
		}, 0, this.periodNanos, TimeUnit.NANOSECONDS);
		made.await();
		executor.shutdown();
		executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
		if (awaited) {
			this.allTold.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
		}
		return threadTime() - before;
	}

	/** Returns the time of the processor of the threads that have not ended. */
	private long threadTime() {
		return LongStream.of(this.threads.getAllThreadIds())
			.map(this.threads::getThreadCpuTime)
			.filter((nanos) -> nanos > 0)
			.sum();
	}

	private static void create(Path file) {
		try {
			Files.createFile(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void measure(String contender) throws IOException, InterruptedException {
		make();
		change("warm-up-", false);
		long memory = memory();
		long begin = System.nanoTime();
		Runnable close = "MAINLOOP".equals(contender) ? openLoop() : openService();
		Output.number("open", (System.nanoTime() - begin) / 1e6);
		Output.number("memory", (memory() - memory) / 1e6);
		long watched = change("watched-", true);
		Output.number("cpu", watched / 1e3 / this.changes);
		Output.number("missed", this.changes - this.told.size());
		close.run();
	}

	private void told(Path path) {
		if (path.getFileName().toString().startsWith("watched-") && this.told.add(path)) {
			this.allTold.countDown();
		}
	}

	private Runnable openLoop() {
		MainLoop loop = MainLoop.builder().build();
		MainLoopThread thread = new MainLoopThread(loop);
		FileWatcher watcher = FileWatcher.builder(this.root)
			.scope(WatchScope.TREE)
			.open(loop, "tree", (change, some) -> told(change.path()));
		thread.start();
		return () -> {
			watcher.close();
			loop.close();
		};
	}

	/** As its users do it: each directory is registered, by a map of its own. */
	private Runnable openService() throws IOException {
		WatchService service = FileSystems.getDefault().newWatchService();
		Map<WatchKey, Path> keys = new HashMap<>();
		try (Stream<Path> all = Files.walk(this.root)) {
			for (Path directory : (Iterable<Path>) all.filter(Files::isDirectory)::iterator) {
				keys.put(directory.register(service, StandardWatchEventKinds.ENTRY_CREATE,
						StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE), directory);
			}
		}
		Thread thread = new Thread(() -> take(service, keys), "watch-service");
		thread.setDaemon(true);
		thread.start();
		return thread::interrupt;
	}

	private void take(WatchService service, Map<WatchKey, Path> keys) {
		try {
			while (true) {
				WatchKey key = service.take();
				for (WatchEvent<?> event : key.pollEvents()) {
					if (event.context() instanceof Path name) {
						told(keys.getOrDefault(key, this.root).resolve(name));
					}
				}
				key.reset();
			}
		}
		catch (InterruptedException ex) {
			// It has ended.
		}
	}

	private static long memory() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	/**
	 * Measures.
	 * @param args how many directories and changes, how many changes a second, and what
	 * watches
	 * @throws IOException if a file cannot be made
	 * @throws InterruptedException never
	 */
	public static void main(String[] args) throws IOException, InterruptedException {
		Path root = Files.createTempDirectory("tree-changes");
		try {
			new TreeChanges(root, Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]))
				.measure(args[3]);
		}
		finally {
			try (Stream<Path> all = Files.walk(root)) {
				all.sorted(Comparator.reverseOrder()).forEach((path) -> path.toFile().delete());
			}
		}
	}

}
