package dev.mainloop.libc;

/**
 * The system calls of terminals, all of them {@code ioctl_tty(2)}, by the convention of
 * {@link LibC}.
 */
public final class TerminalCalls {

	/** Modem line: data terminal ready, an output. */
	public static final int TIOCM_DTR = 0x002;

	/** Modem line: request to send, an output. */
	public static final int TIOCM_RTS = 0x004;

	/** Modem line: clear to send. */
	public static final int TIOCM_CTS = 0x020;

	/** Modem line: data carrier detect. */
	public static final int TIOCM_CD = 0x040;

	/** Modem line: ring. */
	public static final int TIOCM_RI = 0x080;

	/** Modem line: data set ready. */
	public static final int TIOCM_DSR = 0x100;

	private static final long TCGETS2 = 0x802C542AL;

	private static final long TCSETS2 = 0x402C542BL;

	private static final long TIOCEXCL = 0x540C;

	private static final long TIOCNXCL = 0x540D;

	private static final long TIOCOUTQ = 0x5411;

	private static final long TIOCMGET = 0x5415;

	private static final long TIOCMBIS = 0x5416;

	private static final long TIOCMBIC = 0x5417;

	private static final long TIOCSBRK = 0x5427;

	private static final long TIOCCBRK = 0x5428;

	private TerminalCalls() {
	}

	static int getAttributes(int fd, long address) {
		return LibC.ioctl(fd, TCGETS2, address);
	}

	static int setAttributes(int fd, long address) {
		return LibC.ioctl(fd, TCSETS2, address);
	}

	/**
	 * Has others be refused to open a terminal, or lets them, see {@code TIOCEXCL}.
	 * @param fd the terminal
	 * @param exclusive whether they are refused
	 * @return zero or a negated errno
	 */
	public static int setExclusive(int fd, boolean exclusive) {
		return LibC.ioctl(fd, exclusive ? TIOCEXCL : TIOCNXCL, 0);
	}

	/**
	 * Returns how many bytes a terminal has not sent yet, see {@code TIOCOUTQ}.
	 * @param fd the terminal
	 * @return the number of bytes or a negated errno
	 */
	public static int unsentBytes(int fd) {
		return LibC.ioctlNumber(fd, TIOCOUTQ);
	}

	/**
	 * Returns the modem lines that are active, see {@code TIOCMGET}.
	 * @param fd the terminal
	 * @return {@code TIOCM_…} bits or a negated errno
	 */
	public static int modemLines(int fd) {
		return LibC.ioctlNumber(fd, TIOCMGET);
	}

	/**
	 * Sets modem lines, see {@code TIOCMBIS} and {@code TIOCMBIC}.
	 * @param fd the terminal
	 * @param lines {@code TIOCM_…} bits
	 * @param active whether they become active
	 * @return zero or a negated errno
	 */
	public static int setModemLines(int fd, int lines, boolean active) {
		try (Scratch scratch = Scratch.take(Integer.BYTES)) {
			scratch.memory().putInt(0, lines);
			return LibC.ioctl(fd, active ? TIOCMBIS : TIOCMBIC, scratch.memory().address());
		}
	}

	/**
	 * Begins or ends a break, see {@code TIOCSBRK} and {@code TIOCCBRK}.
	 * @param fd the terminal
	 * @param on whether it begins
	 * @return zero or a negated errno
	 */
	public static int setBreak(int fd, boolean on) {
		return LibC.ioctl(fd, on ? TIOCSBRK : TIOCCBRK, 0);
	}

}
