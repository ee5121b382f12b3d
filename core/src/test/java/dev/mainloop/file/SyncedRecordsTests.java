package dev.mainloop.file;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What was told as synced is in the file, also of a process that is killed in between.
 * {@code -Dmainloop.test.kills=100} kills more often.
 */
@LinuxTest
class SyncedRecordsTests {

	private static final int KILLS = Integer.getInteger("mainloop.test.kills", 3);

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource(value = FileIo.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
	void killedProcessShouldLoseNothingThatWasToldAsSynced(FileIo fileIo) throws Exception {
		FileLoop.assume(fileIo);
		for (int kill = 0; kill < KILLS; kill++) {
			Path file = this.directory.resolve("records-" + kill);
			List<String> told = new ArrayList<>();
			try (JavaProgram program = JavaProgram.start(List.of(), List.of(), SyncedRecordsProgram.class,
					fileIo.name(), file.toString())) {
				for (int line = 0; line < 20 + 13 * (kill % 10); line++) {
					told.add(program.readLine());
				}
				program.send("KILL");
				told.addAll(wholeLines(program.readLines()));
			}
			ByteBuffer records = ByteBuffer.wrap(Files.readAllBytes(file));
			assertThat(told).hasSizeGreaterThanOrEqualTo(20).allSatisfy((line) -> {
				int number = Integer.parseInt(line);
				assertThat(records.getLong(number * Long.BYTES)).isEqualTo(number + 1L);
			});
		}
	}

	/** Leaves the last line out, which the end may have cut. */
	private static List<String> wholeLines(List<String> lines) {
		return lines.subList(0, Math.max(0, lines.size() - 1));
	}

}
