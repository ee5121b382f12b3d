package dev.mainloop.fd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.mainloop.kernel.SeccompFilter;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.InotifyCalls;
import dev.mainloop.testing.LinuxTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link Inotify}.
 */
@LinuxTest
class InotifyTests {

	@TempDir
	private Path directory;

	@Test
	void eventsShouldBeTakenInOrder() throws IOException {
		List<String> events = new ArrayList<>();
		try (Inotify inotify = Inotify.open("test")) {
			int watch = inotify.watch(raw(this.directory), InotifyCalls.IN_CREATE | InotifyCalls.IN_DELETE);
			assertThat(inotify.take((number, mask, name) -> events.add(name))).isFalse();
			for (String name : new String[] { "a", "a name that takes more than a few bytes", "b" }) {
				Files.delete(Files.createFile(this.directory.resolve(name)));
			}
			assertThat(inotify.take((number, mask, name) -> events.add((number == watch) + " " + mask + " " + name)))
				.isTrue();
			inotify.unwatch(watch);
			inotify.unwatch(watch);
			assertThat(inotify.take((number, mask, name) -> events.add(mask + name))).isTrue();
		}
		assertThat(events).containsExactly("true 256 a", "true 512 a",
				"true 256 a name that takes more than a few bytes", "true 512 a name that takes more than a few bytes",
				"true 256 b", "true 512 b", "32768");
	}

	@Test
	void failureShouldNameThePath() {
		try (Inotify inotify = Inotify.open("test")) {
			assertThatExceptionOfType(ErrnoException.class)
				.isThrownBy(() -> inotify.watch("/nowhere", InotifyCalls.IN_CREATE))
				.withMessage("inotify_add_watch(/nowhere): ENOENT (No such file or directory)");
		}
	}

	@Test
	void limitOfWatchesShouldBeNamed() throws Exception {
		assertThat(refused(() -> {
			try (Inotify inotify = Inotify.open("test")) {
				SeccompFilter.refuseWatches(Errno.ENOSPC);
				inotify.watch("/", InotifyCalls.IN_CREATE);
			}
		})).isInstanceOf(InotifyLimitException.class)
			.hasMessage("inotify_add_watch(/): ENOSPC (No space left on device): fs.inotify.max_user_watches is %s, "
					+ "for all processes of the user", limit("max_user_watches"))
			.extracting("limit")
			.isEqualTo("fs.inotify.max_user_watches");
	}

	@Test
	void limitOfInstancesShouldBeNamed() throws Exception {
		assertThat(refused(() -> {
			SeccompFilter.refuseInotify(Errno.EMFILE);
			Inotify.open("test");
		})).isInstanceOf(InotifyLimitException.class)
			.hasMessage("inotify_init1(): EMFILE (Too many open files): fs.inotify.max_user_instances is %s, "
					+ "for all processes of the user", limit("max_user_instances"));
	}

	@ParameterizedTest
	@CsvSource({ "128, 128, fs.inotify.max_user_watches is 128", "128, 2147483647, fs.inotify.max_user_watches is 128",
			"128, 5, user.max_inotify_watches is 5", "128, , fs.inotify.max_user_watches is 128",
			", , fs.inotify.max_user_watches is unknown" })
	void limitOfAUserNamespaceShouldBeNamedWhereItIsLower(@Nullable String ofMachine, @Nullable String ofNamespace,
			String message, @TempDir Path parameters) throws IOException {
		parameter(parameters.resolve("fs/inotify/max_user_watches"), ofMachine);
		parameter(parameters.resolve("user/max_inotify_watches"), ofNamespace);
		assertThat(Inotify.limit(parameters, -Errno.ENOSPC.number(), "inotify_add_watch", "watches", "/"))
			.hasMessageContaining(": " + message + ", for all processes of the user");
	}

	private static void parameter(Path file, @Nullable String value) throws IOException {
		if (value != null) {
			Files.createDirectories(file.getParent());
			Files.writeString(file, value + "\n");
		}
	}

	@Test
	void bytesOfAPathShouldBeThoseOfThePathOfTheBytes() {
		byte[] odd = { '/', 'a', ' ', '%', '4', '1', (byte) 0xff, '/', (byte) 0xc3, (byte) 0xa4, '?', '#', '\n' };
		assertThat(PathBytes.of(PathBytes.path(odd))).isEqualTo(odd);
		assertThat(PathBytes.path(new byte[] { '/', 'a', 'b', '/', 'c' })).isEqualTo(Path.of("/ab/c"));
	}

	private static String raw(Path path) {
		return new String(PathBytes.of(path), StandardCharsets.ISO_8859_1);
	}

	private static String limit(String name) throws IOException {
		return Files.readAllLines(Path.of("/proc/sys/fs/inotify", name)).get(0);
	}

	/** In a thread of its own, as the kernel refuses for good. */
	private static @Nullable Throwable refused(Runnable action) throws Exception {
		CompletableFuture<@Nullable Throwable> failure = new CompletableFuture<>();
		Thread thread = new Thread(() -> failure.complete(catchThrowable(action::run)));
		thread.start();
		thread.join();
		return failure.get();
	}

}
