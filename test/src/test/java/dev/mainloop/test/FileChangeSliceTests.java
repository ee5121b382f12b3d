package dev.mainloop.test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnFileChange;
import dev.mainloop.watch.FileChange;
import dev.mainloop.watch.FileChange.Kind;
import dev.mainloop.watch.WatchScope;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@SpringJUnitConfig(FileChangeSliceTests.Handler.class)
@AutoConfigureTestMainLoop
class FileChangeSliceTests {

	@Autowired
	private TestMainLoop loop;

	@Autowired
	private Handler handler;

	@BeforeEach
	void forget() {
		this.handler.told.clear();
	}

	@Test
	void changeShouldBeToldToEachMethodThatWatchesTheFile() {
		this.loop.changeFile(Path.of("config/app.yaml"), Kind.MOVED_IN);
		assertThat(this.handler.told).containsExactlyInAnyOrder("file MOVED_IN", "directory app.yaml");
		this.loop.changeFile(Path.of("config/other.yaml"), Kind.WRITTEN);
		assertThat(this.handler.told).hasSize(3).last().isEqualTo("directory other.yaml");
	}

	@Test
	void changeOfAKindThatNoMethodIsCalledForShouldNotBeTold() {
		this.loop.changeFile(Path.of("config/app.yaml"), Kind.ATTRIBUTES);
		assertThat(this.handler.told).isEmpty();
	}

	@Test
	void burstShouldBeToldOnceItHasSettled() {
		this.loop.changeFile(Path.of("tree/a/file"), Kind.CREATED);
		this.loop.changeFile(Path.of("tree/a/file"), Kind.WRITTEN);
		this.loop.advance(Duration.ofMillis(999));
		assertThat(this.handler.told).isEmpty();
		this.loop.advance(Duration.ofMillis(1));
		assertThat(this.handler.told).containsExactly("tree WRITTEN file");
	}

	@Test
	void fileThatNoMethodWatchesShouldBeRefused() {
		assertThatIllegalStateException()
			.isThrownBy(() -> this.loop.changeFile(Path.of("config/deep/app.yaml"), Kind.WRITTEN))
			.withMessage("No handler watches the file " + Path.of("config/deep/app.yaml"));
	}

	@EventHandler
	static class Handler {

		private final List<String> told = new ArrayList<>();

		@OnFileChange("file:./config/app.yaml")
		void file(FileChange change) {
			this.told.add("file " + change.kind());
		}

		@OnFileChange(value = "config", scope = WatchScope.DIRECTORY)
		void directory(Path path) {
			this.told.add("directory " + path.getFileName());
		}

		@OnFileChange(value = "tree", scope = WatchScope.TREE, settle = "1s")
		void tree(FileChange change) {
			this.told.add("tree " + change.kind() + " " + change.path().getFileName());
		}

	}

}
