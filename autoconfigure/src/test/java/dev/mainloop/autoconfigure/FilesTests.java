package dev.mainloop.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.autoconfigure.endpoint.MainLoopEndpointAutoConfiguration;
import dev.mainloop.autoconfigure.health.MainLoopHealthContributorAutoConfiguration;
import dev.mainloop.endpoint.MainLoopDescriptor;
import dev.mainloop.endpoint.MainLoopEndpoint;
import dev.mainloop.file.AsyncFiles;
import dev.mainloop.file.FileIo;
import dev.mainloop.health.MainLoopHealthIndicator;
import dev.mainloop.kernel.SeccompFilter;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.testing.LinuxTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The files of loops as beans.
 */
@LinuxTest
class FilesTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class,
				MainLoopEndpointAutoConfiguration.class, MainLoopHealthContributorAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=mainloop", "mainloop.file-io=workers");

	@Test
	void filesShouldNotBeMadeUnlessTheyAreAskedFor() {
		this.contextRunner.withPropertyValues("mainloop.loops.disk.count=2").run((context) -> {
			assertThat(context.getBeanNamesForType(AsyncFiles.class)).containsExactlyInAnyOrder("mainLoopFiles",
					"mainLoopFiles disk-1", "mainLoopFiles disk-2");
			assertThat(madeFiles(context)).isEmpty();
			MainLoopDescriptor loop = context.getBean(MainLoopEndpoint.class).loop();
			assertThat(loop.fileIo()).isNull();
			assertThat(loop.sources()).isEmpty();
		});
	}

	@Test
	void handlerShouldHaveTheFilesOfItsLoop(@TempDir Path directory) throws Exception {
		Path file = Files.writeString(directory.resolve("file"), "text");
		this.contextRunner.withBean(OnMain.class).withBean(OnDisk.class).run((context) -> {
			OnMain onMain = context.getBean(OnMain.class);
			OnDisk onDisk = context.getBean(OnDisk.class);
			assertThat(onMain.files).isSameAs(context.getBean(AsyncFiles.class)).isNotSameAs(onDisk.files);
			assertThat(onMain.ofDisk).isSameAs(onDisk.files);
			assertThat(read(onMain.loop, onMain.files, file)).isEqualTo("text on mainloop");
			assertThat(read(onDisk.loop, onDisk.files, file)).isEqualTo("text on mainloop-disk");
		});
	}

	@Test
	void everyInstanceShouldHaveTheFilesOfItsLoop(@TempDir Path directory) throws Exception {
		Path file = Files.writeString(directory.resolve("file"), "text");
		this.contextRunner.withBean(OnDisk.class).withPropertyValues("mainloop.loops.disk.count=2").run((context) -> {
			List<String> read = new ArrayList<>();
			for (OnDisk instance : context.getBeansOfType(OnDisk.class).values()) {
				read.add(read(instance.loop, instance.files, file));
			}
			assertThat(read).containsExactlyInAnyOrder("text on mainloop-disk-1", "text on mainloop-disk-2");
			assertThat(madeFiles(context)).doesNotContain("mainLoopFiles");
		});
	}

	@Test
	void filesShouldWorkAfterARestartOfTheContext(@TempDir Path directory) throws Exception {
		Path file = Files.writeString(directory.resolve("file"), "text");
		this.contextRunner.withBean(OnMain.class).withBean(OnDisk.class).run((context) -> {
			OnMain onMain = context.getBean(OnMain.class);
			assertThat(read(onMain.loop, onMain.files, file)).isEqualTo("text on mainloop");
			context.getSourceApplicationContext().stop();
			context.getSourceApplicationContext().start();
			assertThat(read(onMain.loop, onMain.files, file)).isEqualTo("text on mainloop");
		});
	}

	private static String read(MainLoop loop, AsyncFiles files, Path file) throws Exception {
		CompletableFuture<String> read = new CompletableFuture<>();
		loop.execute(() -> files.readAllBytes(file, 100)
			.thenAccept((bytes) -> read.complete("%s on %s".formatted(new String(bytes, StandardCharsets.UTF_8),
					Thread.currentThread().getName()))));
		return read.get(30, TimeUnit.SECONDS);
	}

	@Test
	void filesShouldBeClosedBeforeTheirLoop() {
		List<String> destroyed = new ArrayList<>();
		List<MainLoop> loops = new ArrayList<>();
		this.contextRunner.withBean(DestructionAwareBeanPostProcessor.class, () -> (bean, name) -> {
			if (bean instanceof AsyncFiles || bean instanceof MainLoop) {
				destroyed.add(name);
			}
		}).withBean(OnMain.class).withBean(OnDisk.class).run((context) -> {
			loops.addAll(context.getBeansOfType(MainLoop.class).values());
			assertThat(loops).allSatisfy((loop) -> assertThat(completions(loop)).hasSize(1));
		});
		assertThat(destroyed).hasSize(4)
			.containsSubsequence("mainLoopFiles", "mainLoop")
			.containsSubsequence("mainLoopFiles disk", "mainLoop disk");
		assertThat(loops).allSatisfy((loop) -> assertThat(completions(loop)).isEmpty());
	}

	private static List<EventSource> completions(MainLoop loop) {
		return loop.sources().stream().filter((source) -> source.kind() == EventSource.Kind.COMPLETION).toList();
	}

	@Test
	void propertiesShouldDescribeTheFiles() {
		this.contextRunner.withBean(OnDisk.class)
			.withPropertyValues("mainloop.file-capacity=7", "mainloop.loops.disk.file-capacity=9")
			.run((context) -> {
				assertThat(context.getBean(AsyncFiles.class).capacity()).isEqualTo(7);
				assertThat(context.getBean(OnDisk.class).files.capacity()).isEqualTo(9);
				assertThat(context.getBean(OnDisk.class).files.fileIo()).isEqualTo(FileIo.WORKERS);
			});
	}

	@Test
	void customizersShouldComeAfterTheProperties() {
		this.contextRunner.withBean(OnDisk.class)
			.withPropertyValues("mainloop.file-capacity=7")
			.withBean(AsyncFilesBuilderCustomizer.class, () -> (place, builder) -> {
				if (!place.isMain()) {
					builder.capacity(11);
				}
			})
			.run((context) -> {
				assertThat(context.getBean(AsyncFiles.class).capacity()).isEqualTo(7);
				assertThat(context.getBean(OnDisk.class).files.capacity()).isEqualTo(11);
			});
	}

	@Test
	void operatorsShouldSeeHowFilesAreReadAndWritten() {
		this.contextRunner.run((context) -> {
			MainLoopHealthIndicator health = context.getBean(MainLoopHealthIndicator.class);
			assertThat(health.health().getDetails()).doesNotContainKey("fileIo");
			context.getBean(AsyncFiles.class);
			assertThat(health.health().getDetails()).containsEntry("fileIo", "workers");
			assertThat(context.getBean(MainLoopEndpoint.class).loop().fileIo()).isEqualTo("workers");
		});
	}

	@Test
	void refusalOfIoUringShouldBeExplained() throws Exception {
		FutureTask<@Nullable Void> refused = new FutureTask<>(() -> {
			SeccompFilter.refuseIoUring(Errno.EPERM);
			this.contextRunner.withPropertyValues("mainloop.file-io=auto").run((context) -> {
				assertThat(context.getBean(AsyncFiles.class).fileIo()).isEqualTo(FileIo.WORKERS);
				assertThat(context.getBean(MainLoopHealthIndicator.class).health().getDetails())
					.extractingByKey("fileIoReason")
					.asString()
					.startsWith("io_uring is refused: ");
				assertThat(context.getBean(MainLoopEndpoint.class).loop().fileIoReason()).isNotNull();
			});
			this.contextRunner.withPropertyValues("mainloop.file-io=io-uring")
				.withBean(OnDisk.class)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.isInstanceOf(ErrnoException.class)
					.hasMessageContaining("io_uring_setup"));
			return null;
		});
		new Thread(refused, "sandbox").start();
		refused.get(60, TimeUnit.SECONDS);
	}

	@Test
	void filesOfTheApplicationShouldReplaceThoseOfTheMainLoop() {
		this.contextRunner
			.withBean("own", AsyncFiles.class,
					() -> AsyncFiles.builder(MainLoop.builder().build()).fileIo(FileIo.WORKERS).build())
			.run((context) -> assertThat(context).getBeanNames(AsyncFiles.class).containsExactly("own"));
	}

	private static List<String> madeFiles(AssertableApplicationContext context) {
		return List.of(context.getBeanNamesForType(AsyncFiles.class))
			.stream()
			.filter(context.getBeanFactory()::containsSingleton)
			.toList();
	}

	@EventHandler
	static class OnMain {

		private final MainLoop loop;

		private final AsyncFiles files;

		@Autowired
		@Qualifier("disk")
		private AsyncFiles ofDisk;

		OnMain(MainLoop loop, AsyncFiles files) {
			this.loop = loop;
			this.files = files;
		}

	}

	@EventHandler(loop = "disk")
	static class OnDisk {

		private final MainLoop loop;

		private final AsyncFiles files;

		OnDisk(MainLoop loop, AsyncFiles files) {
			this.loop = loop;
			this.files = files;
		}

	}

}
