package dev.mainloop.fd;

import java.nio.file.Path;

import dev.mainloop.fd.SerialSettings.FlowControl;
import dev.mainloop.fd.SerialSettings.Parity;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.LibC;
import dev.mainloop.libc.TerminalCalls;
import dev.mainloop.libc.Termios;
import dev.mainloop.log.LogText;

/**
 * Opens serial lines, and gives them their attributes back at the end.
 */
final class SerialAttributes {

	private static final int XON = 0x11;

	private static final int XOFF = 0x13;

	/** By how much of itself a speed may differ, which still makes no wrong bit. */
	private static final double TOLERANCE = 0.02;

	private final Termios before = new Termios();

	private final Termios now = new Termios();

	private final Path path;

	private final SerialSettings settings;

	SerialAttributes(Path path, SerialSettings settings) {
		this.path = path;
		this.settings = settings;
	}

	/**
	 * Opens the line.
	 * @param name the bytes of its path
	 * @return the number of the file descriptor
	 */
	int open(byte[] name) {
		return FileDescriptor.open(() -> FileDescriptor.open(this.path, name, LibC.O_RDWR, 0), (number) -> {
			check(this.before.read(number), "TCGETS2");
			set(number);
		});
	}

	private void set(int number) {
		boolean done = false;
		try {
			if (this.settings.exclusive()) {
				check(TerminalCalls.setExclusive(number, true), "TIOCEXCL");
			}
			check(this.now.read(number), "TCGETS2");
			this.now.setRaw(input(), control(), this.settings.baudRate());
			this.now.setCharacter(Termios.VSTART, XON);
			this.now.setCharacter(Termios.VSTOP, XOFF);
			check(this.now.write(number), "TCSETS2");
			check(this.now.read(number), "TCGETS2");
			requireTaken();
			done = true;
		}
		finally {
			if (!done) {
				restore(number);
			}
		}
	}

	private void check(int result, String request) {
		if (result < 0) {
			throw new ErrnoException(result, "ioctl", this.path, request);
		}
	}

	private int input() {
		return (this.settings.flowControl() == FlowControl.XON_XOFF) ? Termios.IXON | Termios.IXOFF : 0;
	}

	private int control() {
		int control = Termios.CREAD | Termios.CLOCAL | (this.before.control() & Termios.HUPCL);
		control |= Termios.CS5 + (this.settings.dataBits() - 5) * Termios.CS_STEP;
		control |= (this.settings.stopBits() == 2) ? Termios.CSTOPB : 0;
		control |= (this.settings.flowControl() == FlowControl.RTS_CTS) ? Termios.CRTSCTS : 0;
		return control | switch (this.settings.parity()) {
			case NONE -> 0;
			case EVEN -> Termios.PARENB;
			case ODD -> Termios.PARENB | Termios.PARODD;
			case MARK -> Termios.PARENB | Termios.PARODD | Termios.CMSPAR;
			case SPACE -> Termios.PARENB | Termios.CMSPAR;
		};
	}

	/** A driver takes what its device has, and leaves the rest without an error. */
	private void requireTaken() {
		int control = this.now.control();
		int dataBits = 5 + (control & Termios.CSIZE) / Termios.CS_STEP;
		int speed = this.now.speed();
		boolean near = Math.abs(speed - this.settings.baudRate()) <= this.settings.baudRate() * TOLERANCE;
		SerialSettings taken = new SerialSettings(near ? this.settings.baudRate() : Math.max(1, speed), dataBits,
				parity(control), ((control & Termios.CSTOPB) != 0) ? 2 : 1, flowControl(control),
				this.settings.exclusive());
		if (!taken.equals(this.settings)) {
			throw new IllegalArgumentException(
					"The serial line '%s' does not take the settings '%s', of which it makes '%s': choose such as its "
						.formatted(LogText.of(this.path), this.settings, taken) + "device has");
		}
	}

	private static Parity parity(int control) {
		if ((control & Termios.PARENB) == 0) {
			return Parity.NONE;
		}
		boolean odd = (control & Termios.PARODD) != 0;
		if ((control & Termios.CMSPAR) != 0) {
			return odd ? Parity.MARK : Parity.SPACE;
		}
		return odd ? Parity.ODD : Parity.EVEN;
	}

	private FlowControl flowControl(int control) {
		if ((control & Termios.CRTSCTS) != 0) {
			return FlowControl.RTS_CTS;
		}
		return ((this.now.input() & Termios.IXON) != 0) ? FlowControl.XON_XOFF : FlowControl.NONE;
	}

	/** Gives the line back as it was found; one that is gone cannot be. */
	void restore(int number) {
		this.before.write(number);
		if (this.settings.exclusive()) {
			TerminalCalls.setExclusive(number, false);
		}
	}

}
