package dev.mainloop.readme;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.mainloop.CpuSet;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopThread;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the loop of the documentation whose thread is pinned.
 */
@LinuxTest
class PinnedLoopTests {

	@Test
	void threadShouldRunWhereItIsPinned() throws IOException {
		String first = allowedCpus("/proc/self/status").split("[,-]")[0];
		try (Storage storage = new Storage(first)) {
			assertThat(storage.loop.cpus()).isEqualTo(CpuSet.parse(first));
			assertThat(CompletableFuture.supplyAsync(PinnedLoopTests::here, storage.loop::execute)
				.orTimeout(30, TimeUnit.SECONDS)
				.join()).isEqualTo("mainloop-storage on " + first);
		}
	}

	private static String here() {
		return Thread.currentThread().getName() + " on " + allowedCpus("/proc/thread-self/status");
	}

	private static String allowedCpus(String status) {
		try {
			return Files.readAllLines(Path.of(status))
				.stream()
				.filter((line) -> line.startsWith("Cpus_allowed_list:"))
				.map((line) -> line.substring(line.indexOf(':') + 1).strip())
				.findFirst()
				.orElseThrow();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static class Storage implements AutoCloseable {

		private final MainLoop loop;

		private final MainLoopThread thread;

		Storage(String cpus) {
			this.loop = MainLoop.builder().name("storage").cpus(CpuSet.parse(cpus)).build();
			this.thread = new MainLoopThread(this.loop);
			this.thread.start();
		}

		@Override
		public void close() {
			this.thread.stop().join();
			this.loop.close();
		}

	}

}
