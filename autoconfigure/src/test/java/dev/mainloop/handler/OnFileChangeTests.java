package dev.mainloop.handler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.Blocking;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnFileChange;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.fd.InotifyLimitException;
import dev.mainloop.libc.Errno;
import dev.mainloop.testing.LinuxTest;
import dev.mainloop.watch.FileChange;
import dev.mainloop.watch.FileChange.Kind;
import dev.mainloop.watch.FileWatcher;
import dev.mainloop.watch.WatchScope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OnFileChange}.
 */
@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
class OnFileChangeTests {

	private final Path directory;

	private final ApplicationContextRunner contextRunner;

	OnFileChangeTests(@TempDir Path directory) {
		this.directory = directory;
		this.contextRunner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class))
			.withPropertyValues("directory=" + directory, "settle=1ms");
	}

	@Test
	void methodsShouldBeCalledWithWhatHasChanged() {
		this.contextRunner.withBean(Handler.class).run((context) -> {
			Handler handler = context.getBean(Handler.class);
			write("file");
			assertThat(handler.next()).isEqualTo(new FileChange(Kind.WRITTEN, this.directory.resolve("file")));
			assertThat(handler.watcher).isNotNull();
			assertThat(handler.watcher.path()).isEqualTo(this.directory.resolve("file"));
			write("tree/a/b/file");
			assertThat(handler.next()).isEqualTo(new FileChange(Kind.WRITTEN, this.directory.resolve("tree/a/b/file")));
			assertThat(context.getBean(MainLoop.class).sources()).extracting(EventSource::description)
				.anyMatch((description) -> description.endsWith(".file") && !description.startsWith("inotify"))
				.anyMatch((description) -> description.startsWith("inotify of "));
		});
	}

	@Test
	void changesOfTheTimeOfAStopShouldBeToldAtTheNextStart() {
		this.contextRunner.withBean(Handler.class).run((context) -> {
			Handler handler = context.getBean(Handler.class);
			context.stop();
			write("file");
			Files.delete(this.directory.resolve("file"));
			assertThat(handler.told).isEmpty();
			context.start();
			assertThat(handler.next().kind()).isEqualTo(Kind.WRITTEN);
			assertThat(handler.next().kind()).isEqualTo(Kind.DELETED);
		});
	}

	@Test
	void whatIsThereShouldBeToldAtTheStartIfWanted() throws IOException {
		write("file");
		this.contextRunner.withBean(InitialHandler.class).run((context) -> {
			InitialHandler handler = context.getBean(InitialHandler.class);
			assertThat(handler.told.poll(30, TimeUnit.SECONDS)).isEqualTo(this.directory.resolve("file"));
		});
	}

	@Test
	void urlOfAFileShouldBeItsPath() {
		this.contextRunner.withBean(Handler.class)
			.withPropertyValues("directory=file:" + this.directory)
			.run((context) -> {
				write("file");
				assertThat(context.getBean(Handler.class).next().path()).isEqualTo(this.directory.resolve("file"));
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					directory=classpath:config | its 'value' is 'classpath:config/file', which is no file that the kernel could watch
					directory=http://localhost | its 'value' is 'http://localhost/file', which is no file that the kernel could
					settle=some                | its 'settle' is 'some', which is no duration
					settle=-1s                 | its 'settle' is '-1s', which is less than zero
					""")
	void wrongValueShouldFailTheStart(String property, String message) {
		this.contextRunner.withBean(Handler.class)
			.withPropertyValues(property)
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("cannot be an @OnFileChange handler: " + message));
	}

	@Test
	void emptyPathShouldFailTheStart() {
		this.contextRunner.withBean(PathHandler.class)
			.withPropertyValues("path=")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("its 'value' is '', which is empty"));
	}

	@Test
	void kernelThatRefusesShouldFailTheStartUnlessThatIsWanted(CapturedOutput output) {
		String remedy = "Raise it, by 'sysctl -w fs.inotify.max_user_watches=<number>' and for good in /etc/sysctl.d";
		ApplicationContextRunner refused = this.contextRunner.withBean(FileWatchers.class,
				() -> new FileWatchers((builder) -> {
					throw new InotifyLimitException(-Errno.ENOSPC.number(), "inotify_add_watch",
							"fs.inotify.max_user_watches", "12", "/directory");
				}));
		refused.withBean(Handler.class).run((context) -> assertThat(context).getFailure().satisfies((failure) -> {
			InvalidHandlerException invalid = (InvalidHandlerException) failure.getCause();
			assertThat(invalid).hasMessageContaining("fs.inotify.max_user_watches is 12");
			assertThat(invalid.getAction()).startsWith(remedy)
				.endsWith(" Or set 'required' to false, and the method is not called here.");
		}));
		refused.withBean(OptionalHandler.class).run((context) -> assertThat(context).hasNotFailed());
		assertThat(output)
			.contains(".file' is not called, as its files cannot be watched: inotify_add_watch(/directory)")
			.contains(remedy);
	}

	private void write(String file) throws IOException {
		Path path = this.directory.resolve(file);
		Files.createDirectories(path.getParent());
		Files.writeString(path, "text");
	}

	@EventHandler
	static class Handler {

		private final BlockingQueue<FileChange> told = new LinkedBlockingQueue<>();

		private volatile @Nullable FileWatcher watcher;

		@OnFileChange("${directory}/file")
		void file(FileWatcher watcher, FileChange change) {
			this.watcher = watcher;
			this.told.add(change);
		}

		@Blocking
		@OnFileChange(value = "${directory}/tree", scope = WatchScope.TREE, kinds = Kind.WRITTEN, settle = "${settle}")
		void tree(FileChange change) {
			this.told.add(change);
		}

		FileChange next() throws InterruptedException {
			FileChange change = this.told.poll(30, TimeUnit.SECONDS);
			assertThat(change).isNotNull();
			return change;
		}

	}

	@EventHandler
	static class InitialHandler {

		private final BlockingQueue<Path> told = new LinkedBlockingQueue<>();

		@OnFileChange(value = "${directory}/file", initial = true)
		void file(Path path) {
			this.told.add(path);
		}

	}

	@EventHandler
	static class PathHandler {

		@OnFileChange("${path}")
		void file() {
			throw new IllegalStateException("it is called");
		}

	}

	@EventHandler
	static class OptionalHandler {

		@OnFileChange(value = "${directory}", required = false)
		void file() {
			throw new IllegalStateException("it is called");
		}

	}

}
