package dev.mainloop.libc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.mainloop.kernel.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ArenaMemoryTests {

	@Test
	void holdsWhenBufferKeepsItsMemoryShouldBeFalse(@TempDir Path directory) throws IOException {
		ByteBuffer direct = ByteBuffer.allocateDirect(8);
		assertThat(ArenaMemory.holds(direct)).isFalse();
		assertThat(ArenaMemory.holds(direct.slice(2, 3))).isFalse();
		assertThat(ArenaMemory.holds(direct.duplicate())).isFalse();
		assertThat(ArenaMemory.holds(direct.asReadOnlyBuffer())).isFalse();
		assertThat(ArenaMemory.holds(ByteBuffer.allocateDirect(0))).isFalse();
		Path file = Files.writeString(directory.resolve("file"), "text");
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
			assertThat(ArenaMemory.holds(channel.map(MapMode.READ_ONLY, 0, 4))).isFalse();
		}
	}

	@Test
	@EnabledForJreRange(minVersion = Arena.FIRST_JDK)
	void holdsWhenMemoryIsOfArenaShouldBeTrue() {
		try (Arena confined = Arena.confined(); Arena shared = Arena.shared()) {
			for (Arena arena : new Arena[] { confined, shared, Arena.automatic() }) {
				ByteBuffer buffer = arena.allocate(8);
				assertThat(ArenaMemory.holds(buffer)).isTrue();
				assertThat(ArenaMemory.holds(buffer.slice(2, 3))).isTrue();
				assertThat(ArenaMemory.holds(buffer.duplicate())).isTrue();
				assertThat(ArenaMemory.holds(buffer.asReadOnlyBuffer())).isTrue();
			}
		}
	}

}
