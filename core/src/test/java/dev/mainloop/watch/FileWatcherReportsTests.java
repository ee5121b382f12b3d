package dev.mainloop.watch;

import java.nio.file.Path;

import dev.mainloop.testing.LinuxTest;
import dev.mainloop.watch.FileChange.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What users of others that watch files have reported, by {@link FileWatcher}.
 */
@LinuxTest
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class FileWatcherReportsTests {

	/** As the kubelet's AtomicWriter makes a volume. */
	private static final String VOLUME = "mkdir -p volume/..2024_1 && echo a > volume/..2024_1/tls.crt && "
			+ "echo a > volume/..2024_1/tls.key && ln -s ..2024_1 volume/..data && "
			+ "ln -s ..data/tls.crt volume/tls.crt && ln -s ..data/tls.key volume/tls.key";

	private final WatchedFiles files;

	FileWatcherReportsTests(@TempDir Path directory) {
		this.files = new WatchedFiles(directory);
	}

	@AfterEach
	void close() {
		this.files.close();
	}

	/** Secrets and ConfigMaps in a pod: Spring Boot's SSL bundles, fsnotify, viper. */
	@Test
	void kubernetesSecretShouldBeToldAtEachUpdate() {
		this.files.shell(VOLUME);
		this.files.watch("volume/tls.crt", WatchScope.FILE, (builder) -> {
		});
		for (int i = 2; i < 6; i++) {
			this.files.shell(("mkdir volume/..2024_%d && echo b > volume/..2024_%d/tls.crt && "
					+ "echo b > volume/..2024_%d/tls.key && ln -s ..2024_%d volume/..data_tmp && "
					+ "mv -T volume/..data_tmp volume/..data && rm -r volume/..2024_%d")
				.formatted(i, i, i, i, i - 1));
			this.files.runUntilIdle();
			assertThat(this.files.take()).containsExactly("MOVED_IN volume/tls.crt");
		}
	}

	/** A volume that is mounted, or filled, after the application has started. */
	@Test
	void kubernetesSecretShouldBeToldWhenItsVolumeComesLater() {
		this.files.watch("volume/tls.crt", WatchScope.FILE, (builder) -> {
		});
		this.files.shell(VOLUME);
		this.files.runUntilIdle();
		assertThat(this.files.take()).isNotEmpty().last().isEqualTo("WRITTEN volume/tls.crt");
	}

	/** A directory behind ..data, all of whose files change at once. */
	@Test
	void kubernetesConfigMapShouldBeToldAsADirectory() {
		this.files.shell(VOLUME);
		this.files.watch("volume/..data", WatchScope.DIRECTORY, Kind.MOVED_IN);
		this.files.shell("mkdir volume/..2024_2 && echo b > volume/..2024_2/tls.crt && "
				+ "echo b > volume/..2024_2/tls.key && ln -s ..2024_2 volume/..data_tmp && "
				+ "mv -T volume/..data_tmp volume/..data && rm -r volume/..2024_1");
		this.files.runUntilIdle();
		assertThat(this.files.take()).containsExactlyInAnyOrder("MOVED_IN volume/..data",
				"MOVED_IN volume/..data/tls.crt", "MOVED_IN volume/..data/tls.key");
	}

	/** Let's Encrypt: live/host/cert.pem leads to archive/host/cert2.pem. */
	@Test
	void certificateOfCertbotShouldBeToldWhenItsLinkIsMadeAgain() {
		this.files.shell("mkdir -p live/host archive/host && echo 1 > archive/host/cert1.pem && "
				+ "ln -s ../../archive/host/cert1.pem live/host/cert.pem");
		this.files.watch("live/host/cert.pem", WatchScope.FILE, (builder) -> {
		});
		this.files.shell("echo 2 > archive/host/cert2.pem && rm live/host/cert.pem && "
				+ "ln -s ../../archive/host/cert2.pem live/host/cert.pem");
		this.files.runUntilIdle();
		assertThat(this.files.take()).isNotEmpty()
			.last()
			.isIn("WRITTEN live/host/cert.pem", "MOVED_IN live/host/cert.pem");
	}

	/** Editors: Vim moves the file away and writes it anew, others rename over it. */
	@Test
	void fileShouldBeToldAgainAndAgainWhenAnEditorReplacesIt() {
		this.files.shell("echo 1 > file");
		this.files.watch("file", WatchScope.FILE, (builder) -> {
		});
		for (int i = 0; i < 3; i++) {
			this.files
				.shell("echo 1 > 4913 && rm 4913 && mv file file~ && echo 2 > file && chmod 600 file && rm file~");
			this.files.runUntilIdle();
			assertThat(this.files.take()).containsExactly("DELETED file", "WRITTEN file");
			this.files.shell("echo 3 > .file.tmp && mv .file.tmp file");
			this.files.runUntilIdle();
			assertThat(this.files.take()).containsExactly("MOVED_IN file");
		}
	}

	/** An application that reads the file while it is half written. */
	@Test
	void fileShouldBeToldOnceItIsWrittenAndNotBefore() {
		this.files.watch("file", WatchScope.FILE, (builder) -> {
		});
		this.files.shell("(echo 1; echo 2; echo 3) > file");
		this.files.runUntilIdle();
		assertThat(this.files.take()).containsExactly("WRITTEN file");
	}

}
