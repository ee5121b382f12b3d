package dev.mainloop.fd;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.Pipe;
import dev.mainloop.testing.JavaProgram;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the calls of a file descriptor do with the memory of buffers.
 */
@LinuxTest
@Timeout(120)
class BufferTests {

	private static final int MEBIBYTE = 1 << 20;

	@Test
	void readShouldTouchNoMoreOfAHeapBufferThanItReads() throws Exception {
		int[] ends = Kernel.pipe();
		try (FileDescriptor reader = FileDescriptor.borrow(ends[0], "reader");
				FileDescriptor writer = FileDescriptor.adopt(ends[1], "writer")) {
			ByteBuffer buffer = ByteBuffer.allocate(64 * MEBIBYTE);
			CompletableFuture<Integer> call = WaitingRead.begin(reader, buffer);
			buffer.put(buffer.capacity() - 1, (byte) 'a');
			writer.write(ByteBuffer.wrap(new byte[] { 'b' }));
			assertThat(call.get(30, TimeUnit.SECONDS)).isOne();
			assertThat(buffer.get(0)).isEqualTo((byte) 'b');
			assertThat(buffer.get(buffer.capacity() - 1)).isEqualTo((byte) 'a');
		}
		Kernel.close(ends[0]);
	}

	@Test
	void writeAndReadWhenHeapBufferIsLargeShouldMoveAllOfIt() {
		byte[] bytes = new byte[MEBIBYTE];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = (byte) (i / 7);
		}
		ByteBuffer source = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
		ByteBuffer target = ByteBuffer.allocate(bytes.length);
		try (Pipe pipe = Pipe.open()) {
			while (target.hasRemaining()) {
				int written = pipe.writer().write(source);
				assertThat(written).isPositive();
				int read = 0;
				while (read < written) {
					read += pipe.reader().read(target);
				}
				assertThat(read).isEqualTo(written);
			}
		}
		assertThat(target.array()).isEqualTo(bytes);
	}

	@Test
	void writeToRegularFileShouldTakeAllAtOnce(@TempDir Path directory) {
		Path file = directory.resolve("file");
		try (FileDescriptor fd = FileDescriptor.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			assertThat(fd.write(ByteBuffer.allocate(MEBIBYTE + 1))).isEqualTo(MEBIBYTE + 1);
			assertThat(file).hasSize(MEBIBYTE + 1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "heap", "direct" })
	void callsWhenAnotherThreadMovesPositionShouldStayInTheBuffer(String kind) throws Exception {
		try (JavaProgram program = JavaProgram.start(List.of(), List.of(), RacingBufferProgram.class, kind)) {
			assertThat(program.readLines()).containsExactly("nothing was written outside");
			assertThat(program.exitCode()).isZero();
		}
	}

	/**
	 * Compiled by the JVM's optimizing compiler alone, which is waited for, so that the
	 * result does not depend on how busy the machine is.
	 */
	@ParameterizedTest
	@CsvSource({ "heap, 0", "direct, 0" })
	void callsShouldAllocate(String kind, double bytes) throws Exception {
		List<String> compiled = List.of("-XX:TieredStopAtLevel=4", "-XX:-TieredCompilation", "-Xbatch");
		try (JavaProgram program = JavaProgram.start(List.of(), compiled, BufferAllocationProgram.class, kind)) {
			assertThat(Double.parseDouble(program.readLine())).isEqualTo(bytes);
			assertThat(program.exitCode()).isZero();
		}
	}

}
