package dev.mainloop.fd;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.mainloop.kernel.Arena;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.Pipe;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Buffers whose memory is of an {@code Arena}, which may be closed.
 */
@LinuxTest
@EnabledForJreRange(minVersion = Arena.FIRST_JDK)
@Timeout(60)
class ArenaTests {

	private static final int SIZE = 64;

	private final Pipe pipe = Pipe.open();

	private final ByteBuffer zeros = ByteBuffer.allocateDirect(SIZE);

	@BeforeEach
	void write() {
		assertThat(this.pipe.writer().write(this.zeros.clear())).isEqualTo(SIZE);
	}

	@AfterEach
	void close() {
		this.pipe.close();
	}

	@Test
	void readAndWriteShouldUseMemoryOfArena() {
		try (Arena confined = Arena.confined(); Arena shared = Arena.shared()) {
			for (Arena arena : new Arena[] { confined, shared, Arena.automatic() }) {
				ByteBuffer buffer = arena.allocate(SIZE).put(3, (byte) 'a').position(2).limit(5);
				assertThat(this.pipe.writer().write(buffer)).isEqualTo(3);
				assertThat(this.pipe.reader().read(this.zeros.clear())).isEqualTo(SIZE);
				buffer.put(3, (byte) 0).position(1);
				assertThat(this.pipe.reader().read(buffer)).isEqualTo(3);
				assertThat(buffer.position()).isEqualTo(4);
				assertThat(buffer.get(2)).isEqualTo((byte) 'a');
				write();
			}
		}
	}

	/** The memory of an arena that is closed mostly goes to the next one at once. */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void readAndWriteWhenArenaIsClosedShouldThrowAndLeaveMemoryOfOthers(boolean shared) {
		for (int i = 0; i < 100; i++) {
			Arena closed = shared ? Arena.shared() : Arena.confined();
			ByteBuffer buffer = closed.allocate(SIZE);
			closed.close();
			try (Arena other = Arena.confined()) {
				ByteBuffer memory = other.allocate(SIZE).put(0, (byte) 'a');
				assertThatIllegalStateException().isThrownBy(() -> this.pipe.reader().read(buffer))
					.withMessage("Already closed");
				assertThatIllegalStateException().isThrownBy(() -> this.pipe.writer().write(buffer))
					.withMessage("Already closed");
				assertThat(memory.get(0)).isEqualTo((byte) 'a');
			}
		}
		assertThat(this.pipe.reader().read(this.zeros.clear())).isEqualTo(SIZE);
		assertThat(this.pipe.reader().read(this.zeros.clear())).isZero();
	}

	@Test
	void readAndWriteWhenArenaIsOfAnotherThreadShouldThrow() {
		try (Arena arena = Arena.confined()) {
			ByteBuffer buffer = arena.allocate(SIZE);
			CompletableFuture<Integer> reading = CompletableFuture.supplyAsync(() -> this.pipe.reader().read(buffer));
			CompletableFuture<Integer> writing = CompletableFuture.supplyAsync(() -> this.pipe.writer().write(buffer));
			for (CompletableFuture<Integer> call : List.of(reading, writing)) {
				assertThatExceptionOfType(CompletionException.class).isThrownBy(call::join)
					.withCauseInstanceOf(RuntimeException.class)
					.satisfies((ex) -> assertThat(ex.getCause().getClass().getName())
						.isEqualTo("java.lang.WrongThreadException"));
			}
		}
	}

	@Test
	void readWhenArenaIsClosedDuringTheCallShouldThrowAndLeaveMemoryOfOthers() throws Exception {
		int[] ends = Kernel.pipe();
		try (FileDescriptor reader = FileDescriptor.borrow(ends[0], "reader");
				FileDescriptor writer = FileDescriptor.adopt(ends[1], "writer")) {
			Arena closed = Arena.shared();
			ByteBuffer buffer = closed.allocate(SIZE);
			CompletableFuture<Integer> call = WaitingRead.begin(reader, buffer);
			closed.close();
			try (Arena other = Arena.confined()) {
				ByteBuffer memory = other.allocate(SIZE).put(0, (byte) 'a');
				writer.write(this.zeros.clear());
				assertThatExceptionOfType(CompletionException.class).isThrownBy(call::join)
					.withCauseInstanceOf(IllegalStateException.class);
				assertThat(memory.get(0)).isEqualTo((byte) 'a');
			}
		}
		Kernel.close(ends[0]);
	}

}
