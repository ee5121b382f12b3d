package dev.mainloop.fd;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

import dev.mainloop.fd.SerialSettings.FlowControl;
import dev.mainloop.fd.SerialSettings.Parity;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.Termios;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Serial lines, of which {@code pty(7)} has the bytes, the speeds and the flow control,
 * and neither parity nor modem lines.
 */
@LinuxTest
class SerialLineTests {

	private static final int ECHO = 010;

	private final int number = Kernel.openTerminalMaster();

	private final Path path = Kernel.terminal(this.number);

	private final FileDescriptor master = FileDescriptor.adopt(this.number, "master");

	@AfterEach
	void close() {
		this.master.close();
	}

	private FileDescriptor open(SerialSettings settings) {
		return FileDescriptor.openSerial(this.path, settings);
	}

	@Test
	void everyByteShouldComeAndGoAsItIs() {
		byte[] all = new byte[256];
		for (int i = 0; i < all.length; i++) {
			all[i] = (byte) i;
		}
		try (FileDescriptor line = open(SerialSettings.of(115200))) {
			assertThat(line.read(ByteBuffer.allocate(1))).isZero();
			assertThat(transferred(this.master, line, all)).isEqualTo(all);
			assertThat(transferred(line, this.master, all)).isEqualTo(all);
			assertThat(this.master.read(ByteBuffer.allocate(1))).isZero();
		}
	}

	private static byte[] transferred(FileDescriptor from, FileDescriptor to, byte[] bytes) {
		ByteBuffer sent = ByteBuffer.wrap(bytes);
		ByteBuffer received = ByteBuffer.allocate(bytes.length);
		while (received.hasRemaining()) {
			from.write(sent);
			to.read(received);
		}
		return received.array();
	}

	@Test
	void speedShouldBeAnyNumber() {
		for (int speed : new int[] { 50, 300, 9600, 31_250, 115_200, 250_000, 1_234_567, 4_000_000 }) {
			try (FileDescriptor line = open(SerialSettings.of(speed))) {
				assertThat(termios(line).speed()).isEqualTo(speed);
			}
		}
	}

	@Test
	void settingsShouldBeThoseOfTheTerminal() {
		try (FileDescriptor line = open(
				SerialSettings.of(9600).stopBits(2).flowControl(FlowControl.RTS_CTS).exclusive(false))) {
			assertThat(termios(line).control()).matches((control) -> (control & Termios.CSTOPB) != 0)
				.matches((control) -> (control & Termios.CRTSCTS) != 0);
			assertThat(Kernel.isExclusive(ProcessFiles.number(line))).isFalse();
		}
		try (FileDescriptor line = open(SerialSettings.of(9600).flowControl(FlowControl.XON_XOFF))) {
			assertThat(termios(line).input()).isEqualTo(Termios.IXON | Termios.IXOFF);
			assertThat(termios(line).control()).matches((control) -> (control & Termios.CRTSCTS) == 0)
				.matches((control) -> (control & Termios.CSTOPB) == 0);
			assertThat(Kernel.isExclusive(ProcessFiles.number(line))).isTrue();
		}
	}

	@Test
	void terminalShouldBeGivenBackAsItWasFound() {
		try (FileDescriptor other = FileDescriptor.open(this.path)) {
			Termios before = termios(other);
			assertThat(before.local()).matches((local) -> (local & ECHO) != 0);
			FileDescriptor line = open(SerialSettings.of(1_234_567).flowControl(FlowControl.XON_XOFF));
			assertThat(termios(other).local()).isZero();
			line.close();
			line.close();
			Termios after = termios(other);
			assertThat(List.of(after.local(), after.input(), after.control(), after.speed()))
				.isEqualTo(List.of(before.local(), before.input(), before.control(), before.speed()));
			assertThat(Kernel.isExclusive(ProcessFiles.number(other))).isFalse();
			assertThatIllegalStateException().isThrownBy(() -> SerialLine.of(line).unsentBytes());
		}
	}

	@Test
	void settingsThatTheDeviceDoesNotHaveShouldBeRefused() {
		try (FileDescriptor other = FileDescriptor.open(this.path)) {
			Termios before = termios(other);
			for (Parity parity : new Parity[] { Parity.EVEN, Parity.ODD, Parity.MARK, Parity.SPACE }) {
				SerialSettings settings = SerialSettings.of(9600).dataBits(7).parity(parity);
				assertThatIllegalArgumentException().isThrownBy(() -> open(settings))
					.withMessageStartingWith("The serial line '" + this.path + "' does not take the settings '"
							+ settings + "', of which it makes '9600 8")
					.withMessageEndingWith("': choose such as its device has");
			}
			assertThat(termios(other).local()).isEqualTo(before.local());
			assertThat(Kernel.isExclusive(ProcessFiles.number(other))).isFalse();
		}
	}

	@Test
	void fileThatIsNoTerminalShouldBeRefused() {
		assertThatExceptionOfType(ErrnoException.class)
			.isThrownBy(() -> FileDescriptor.openSerial(Path.of("/dev/null"), SerialSettings.of(9600)))
			.satisfies((ex) -> assertThat(ex.is(Errno.ENOTTY)).isTrue())
			.withMessageContaining("ioctl(/dev/null, TCGETS2)");
	}

	@Test
	void lineThatIsPulledOutShouldEndAndClose() {
		FileDescriptor line = open(SerialSettings.of(9600));
		this.master.close();
		assertThat(line.read(ByteBuffer.allocate(1))).isEqualTo(-1);
		line.close();
		assertThat(line.isOpen()).isFalse();
	}

	@Test
	void unsentBytesShouldBeThoseThatAreOnTheirWay() {
		try (FileDescriptor line = open(SerialSettings.of(9600))) {
			assertThat(SerialLine.of(line).unsentBytes()).isNotNegative();
		}
	}

	@Test
	void whatTheDeviceDoesNotHaveShouldThrow() {
		try (FileDescriptor line = open(SerialSettings.of(9600))) {
			List<Consumer<SerialLine>> calls = List.of(SerialLine::isClearToSend, SerialLine::isDataSetReady,
					SerialLine::isCarrierDetected, SerialLine::isRinging, (some) -> some.setDataTerminalReady(true),
					(some) -> some.setRequestToSend(false));
			assertThat(calls).allSatisfy((call) -> assertThatExceptionOfType(ErrnoException.class)
				.isThrownBy(() -> call.accept(SerialLine.of(line)))
				.withMessageContaining("TIOCM"));
		}
	}

	private static Termios termios(FileDescriptor terminal) {
		Termios termios = new Termios();
		assertThat(termios.read(ProcessFiles.number(terminal))).isZero();
		return termios;
	}

}
