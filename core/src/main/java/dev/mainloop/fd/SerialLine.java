package dev.mainloop.fd;

import java.util.function.IntUnaryOperator;

import dev.mainloop.libc.ErrnoException;
import dev.mainloop.libc.TerminalCalls;

/**
 * What a serial line has beside its bytes: modem lines, breaks, and what it has not sent
 * yet, see {@code ioctl_tty(2)}. All methods may be called by any thread, and throw an
 * {@link ErrnoException} where the device does not have that, as a pseudo-terminal has no
 * modem lines.
 */
public final class SerialLine {

	private final FileDescriptor fd;

	private SerialLine(FileDescriptor fd) {
		this.fd = fd;
	}

	/**
	 * Returns the serial line of a file descriptor.
	 * @param fd the file descriptor, such as one of {@link FileDescriptor#openSerial}
	 * @return the serial line, which is closed with it
	 */
	public static SerialLine of(FileDescriptor fd) {
		return new SerialLine(fd);
	}

	/**
	 * Tells whether the other side is ready to receive.
	 * @return whether the line CTS is active
	 */
	public boolean isClearToSend() {
		return isActive(TerminalCalls.TIOCM_CTS);
	}

	/**
	 * Tells whether the other side is there.
	 * @return whether the line DSR is active
	 */
	public boolean isDataSetReady() {
		return isActive(TerminalCalls.TIOCM_DSR);
	}

	/**
	 * Tells whether the other side has a carrier.
	 * @return whether the line DCD is active
	 */
	public boolean isCarrierDetected() {
		return isActive(TerminalCalls.TIOCM_CD);
	}

	/**
	 * Tells whether the other side rings.
	 * @return whether the line RI is active
	 */
	public boolean isRinging() {
		return isActive(TerminalCalls.TIOCM_RI);
	}

	private boolean isActive(int line) {
		return (call("TIOCMGET", TerminalCalls::modemLines) & line) != 0;
	}

	/**
	 * Tells the other side whether this one is there.
	 * @param active whether the line DTR is active
	 */
	public void setDataTerminalReady(boolean active) {
		set(TerminalCalls.TIOCM_DTR, active);
	}

	/**
	 * Tells the other side whether this one wants to send.
	 * @param active whether the line RTS is active
	 */
	public void setRequestToSend(boolean active) {
		set(TerminalCalls.TIOCM_RTS, active);
	}

	private void set(int line, boolean active) {
		call(active ? "TIOCMBIS" : "TIOCMBIC", (number) -> TerminalCalls.setModemLines(number, line, active));
	}

	/**
	 * Begins or ends a break, which lasts until then.
	 * @param on whether it begins
	 */
	public void setBreak(boolean on) {
		call(on ? "TIOCSBRK" : "TIOCCBRK", (number) -> TerminalCalls.setBreak(number, on));
	}

	/**
	 * Returns how much of what was written the device has not sent yet.
	 * @return the number of bytes
	 */
	public int unsentBytes() {
		return call("TIOCOUTQ", TerminalCalls::unsentBytes);
	}

	private int call(String request, IntUnaryOperator call) {
		int number = this.fd.acquire();
		try {
			int result = call.applyAsInt(number);
			if (result < 0) {
				throw new ErrnoException(result, "ioctl", this.fd, request);
			}
			return result;
		}
		finally {
			this.fd.release();
		}
	}

}
