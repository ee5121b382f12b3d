package dev.mainloop.fd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.Stream;

import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@LinuxTest
class FileDescriptorTests {

	@TempDir
	private Path directory;

	private Path file;

	@BeforeEach
	void createFile() throws IOException {
		this.file = Files.writeString(this.directory.resolve("file"), "0123456789");
	}

	static Stream<IntFunction<ByteBuffer>> buffers() {
		return Stream.of(ByteBuffer::allocate, ByteBuffer::allocateDirect,
				(capacity) -> ByteBuffer.allocate(capacity + 7).slice(5, capacity),
				(capacity) -> ByteBuffer.allocateDirect(capacity + 7).slice(5, capacity));
	}

	@ParameterizedTest
	@MethodSource("buffers")
	void readShouldFillBufferFromPositionToLimit(IntFunction<ByteBuffer> allocator) {
		ByteBuffer buffer = filled(allocator.apply(20));
		buffer.position(3).limit(7);
		try (FileDescriptor fd = FileDescriptor.open(this.file)) {
			assertThat(fd.read(buffer)).isEqualTo(4);
			assertThat(buffer.position()).isEqualTo(7);
			assertThat(buffer.limit()).isEqualTo(7);
			assertThat(text(buffer)).isEqualTo("xxx0123xxxxxxxxxxxxx");
			buffer.limit(20);
			assertThat(fd.read(buffer)).isEqualTo(6);
			assertThat(buffer.position()).isEqualTo(13);
			assertThat(text(buffer)).isEqualTo("xxx0123456789xxxxxxx");
		}
	}

	@ParameterizedTest
	@MethodSource("buffers")
	void readWhenThereIsNothingShouldReturnZeroAndLeaveBuffer(IntFunction<ByteBuffer> allocator) {
		ByteBuffer buffer = filled(allocator.apply(8));
		buffer.position(2);
		try (FileDescriptor fd = FileDescriptor.openFifo(this.directory.resolve("fifo"))) {
			assertThat(fd.read(buffer)).isZero();
			assertThat(buffer.position()).isEqualTo(2);
			assertThat(text(buffer)).isEqualTo("xxxxxxxx");
		}
	}

	@ParameterizedTest
	@MethodSource("buffers")
	void readAtEndOfFileShouldReturnMinusOneAndLeaveBuffer(IntFunction<ByteBuffer> allocator) {
		ByteBuffer buffer = filled(allocator.apply(8));
		try (FileDescriptor fd = FileDescriptor.open(Path.of("/dev/null"))) {
			assertThat(fd.read(buffer)).isEqualTo(-1);
			assertThat(buffer.position()).isZero();
			assertThat(text(buffer)).isEqualTo("xxxxxxxx");
		}
	}

	@Test
	void readWhenBufferIsFullShouldReturnZero() {
		try (FileDescriptor fd = FileDescriptor.open(Path.of("/dev/null"))) {
			assertThat(fd.read(ByteBuffer.allocate(0))).isZero();
		}
	}

	@Test
	void readWhenBufferIsReadOnlyShouldThrow() {
		try (FileDescriptor fd = FileDescriptor.open(this.file)) {
			assertThatIllegalArgumentException().isThrownBy(() -> fd.read(ByteBuffer.allocate(1).asReadOnlyBuffer()))
				.withMessage("'buffer' must not be read-only");
		}
	}

	@Test
	void readWhenDescriptorIsNotOpenForReadingShouldThrow() {
		try (FileDescriptor fd = FileDescriptor.open(this.file, StandardOpenOption.WRITE)) {
			assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> fd.read(ByteBuffer.allocate(1)))
				.withMessageContaining("read(")
				.withMessageContaining(this.file.toString())
				.withMessageContaining("EBADF");
		}
	}

	@ParameterizedTest
	@MethodSource("buffers")
	void writeShouldTakeWhatIsBetweenPositionAndLimit(IntFunction<ByteBuffer> allocator) throws IOException {
		ByteBuffer buffer = allocator.apply(20);
		buffer.put(bytes("abcdefghijklmnopqrst")).position(3).limit(7);
		try (FileDescriptor fd = open(StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
			assertThat(fd.write(buffer)).isEqualTo(4);
			assertThat(buffer.position()).isEqualTo(7);
			assertThat(fd.write(buffer)).isZero();
			assertThat(fd.write(buffer.position(0).limit(2))).isEqualTo(2);
			assertThat(this.file).hasContent("defgab");
		}
	}

	@ParameterizedTest
	@MethodSource("buffers")
	void writeWhenBufferIsReadOnlyShouldTakeIt(IntFunction<ByteBuffer> allocator) {
		ByteBuffer buffer = allocator.apply(5).put(bytes("abcde")).flip().position(1).asReadOnlyBuffer();
		try (FileDescriptor fd = open(StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
			assertThat(fd.write(buffer)).isEqualTo(4);
			assertThat(buffer.hasRemaining()).isFalse();
			assertThat(this.file).hasContent("bcde");
		}
	}

	@Test
	void writeWhenItWouldBlockShouldReturnZero() {
		try (FileDescriptor fd = FileDescriptor.openFifo(this.directory.resolve("fifo"))) {
			ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
			while (fd.write(buffer.clear()) > 0) {
				assertThat(buffer.position()).isPositive();
			}
			assertThat(buffer.position()).isZero();
		}
	}

	@Test
	void openWithoutOptionsShouldReadOnly() {
		try (FileDescriptor fd = FileDescriptor.open(this.file)) {
			assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> fd.write(ByteBuffer.wrap(bytes("a"))))
				.satisfies((ex) -> assertThat(ex.is(Errno.EBADF)).isTrue());
		}
	}

	@Test
	void openForReadingAndWritingShouldDoBoth() {
		try (FileDescriptor fd = open(StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			assertThat(fd.write(ByteBuffer.wrap(bytes("ab")))).isEqualTo(2);
			ByteBuffer buffer = ByteBuffer.allocate(8);
			assertThat(fd.read(buffer)).isEqualTo(8);
			assertThat(text(buffer)).isEqualTo("23456789");
		}
	}

	@Test
	void openForAppendingShouldWriteAtTheEnd() {
		try (FileDescriptor fd = open(StandardOpenOption.APPEND)) {
			assertThat(fd.write(ByteBuffer.wrap(bytes("ab")))).isEqualTo(2);
		}
		assertThat(this.file).hasContent("0123456789ab");
	}

	@Test
	void openForReadingShouldIgnoreTruncateExisting() {
		open(StandardOpenOption.READ, StandardOpenOption.TRUNCATE_EXISTING).close();
		assertThat(this.file).hasContent("0123456789");
	}

	@Test
	void openWithCreateShouldMakeFile() {
		Path created = this.directory.resolve("created");
		FileDescriptor.open(created, StandardOpenOption.WRITE, StandardOpenOption.CREATE).close();
		assertThat(created).isEmptyFile();
	}

	@Test
	void openWithCreateNewWhenFileExistsShouldThrow() {
		assertThatExceptionOfType(ErrnoException.class)
			.isThrownBy(() -> open(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW))
			.satisfies((ex) -> assertThat(ex.is(Errno.EEXIST)).isTrue());
	}

	@Test
	void openWhenFileIsMissingShouldNameIt() {
		Path missing = this.directory.resolve("missing");
		assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> FileDescriptor.open(missing))
			.withMessageStartingWith("open(" + missing + ", 0")
			.withMessageContaining("ENOENT")
			.satisfies((ex) -> assertThat(ex.call()).isEqualTo("open"));
	}

	@Test
	void openWithUnsupportedOptionShouldThrow() {
		assertThatIllegalArgumentException().isThrownBy(() -> open(StandardOpenOption.DELETE_ON_CLOSE))
			.withMessageContaining("DELETE_ON_CLOSE");
		assertThatIllegalArgumentException().isThrownBy(() -> open(LinkOption.NOFOLLOW_LINKS))
			.withMessageContaining("NOFOLLOW_LINKS");
	}

	@Test
	void toStringShouldShowNumberAndFile() {
		try (FileDescriptor fd = FileDescriptor.open(this.file)) {
			assertThat(fd).hasToString("fd " + fd.acquire() + " (" + this.file + ")");
			fd.release();
		}
	}

	private FileDescriptor open(OpenOption... options) {
		return FileDescriptor.open(this.file, options);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	private static ByteBuffer filled(ByteBuffer buffer) {
		byte[] filling = new byte[buffer.capacity()];
		Arrays.fill(filling, (byte) 'x');
		return buffer.put(filling).clear();
	}

	private static String text(ByteBuffer buffer) {
		return StandardCharsets.US_ASCII.decode(buffer.duplicate().clear()).toString();
	}

}
