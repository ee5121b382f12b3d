package dev.mainloop.fd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * File descriptors of terminals, see {@code pty(7)}.
 */
@LinuxTest
class TerminalTests {

	private final int number = Kernel.openTerminalMaster();

	private final Path path = Kernel.terminal(this.number);

	private final FileDescriptor master = FileDescriptor.adopt(this.number, "master");

	private FileDescriptor terminal = openTerminal();

	private FileDescriptor openTerminal() {
		return FileDescriptor.open(this.path, StandardOpenOption.READ, StandardOpenOption.WRITE);
	}

	@AfterEach
	void close() {
		this.terminal.close();
		this.master.close();
	}

	@Test
	void readOfMasterWhenTerminalIsClosedShouldTakeTheRestAndThenEnd() {
		write(this.terminal, "rest");
		this.terminal.close();
		assertThat(read(this.master)).isEqualTo("rest");
		assertThat(this.master.read(ByteBuffer.allocate(8))).isEqualTo(-1);
		assertThat(this.master.read(ByteBuffer.allocateDirect(8))).isEqualTo(-1);
	}

	@Test
	void readOfMasterWhenTerminalIsOpenedAgainShouldGoOn() {
		this.terminal.close();
		assertThat(this.master.read(ByteBuffer.allocate(8))).isEqualTo(-1);
		this.terminal = openTerminal();
		assertThat(this.master.read(ByteBuffer.allocate(8))).isZero();
		write(this.terminal, "again");
		assertThat(read(this.master)).isEqualTo("again");
	}

	@Test
	void readOfTerminalWhenMasterIsClosedShouldEnd() {
		this.master.close();
		assertThat(this.terminal.read(ByteBuffer.allocate(8))).isEqualTo(-1);
		assertThat(this.terminal.read(ByteBuffer.allocate(8))).isEqualTo(-1);
		assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> write(this.terminal, "x"))
			.satisfies((ex) -> assertThat(ex.is(Errno.EIO)).isTrue());
	}

	@Test
	void readWhenTerminalPollsShouldReturnZeroUntilItIsHungUp() {
		Kernel.setPolling(ProcessFiles.number(this.terminal));
		assertThat(this.terminal.read(ByteBuffer.allocate(8))).isZero();
		write(this.master, "x");
		assertThat(read(this.terminal)).isEqualTo("x");
		assertThat(this.terminal.read(ByteBuffer.allocate(8))).isZero();
		this.master.close();
		assertThat(this.terminal.read(ByteBuffer.allocate(8))).isEqualTo(-1);
	}

	@Test
	void readWhenUserTypesEndOfFileShouldEnd() {
		write(this.master, "\4");
		assertThat(this.terminal.read(ByteBuffer.allocate(8))).isEqualTo(-1);
		assertThat(this.terminal.read(ByteBuffer.allocate(8))).isZero();
	}

	private static void write(FileDescriptor fd, String text) {
		assertThat(fd.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)))).isEqualTo(text.length());
	}

	private static String read(FileDescriptor fd) {
		ByteBuffer buffer = ByteBuffer.allocate(64);
		fd.read(buffer);
		return StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
	}

}
