package dev.mainloop.libc;

/**
 * A {@code struct termios2}, see {@code ioctl_tty(2)}: the attributes of a terminal, with
 * its speeds as numbers. Not thread-safe.
 */
public final class Termios {

	/** How many bytes a terminal gives at least, among its control characters. */
	public static final int VMIN = 6;

	/** What lets the output go on, among the control characters. */
	public static final int VSTART = 8;

	/** What stops the output, among the control characters. */
	public static final int VSTOP = 9;

	/** Input mode: stop and go on with the output as the other side says. */
	public static final int IXON = 02000;

	/** Input mode: stop the other side when the input is full. */
	public static final int IXOFF = 010000;

	/** Control mode: the bits of the size of a character. */
	public static final int CSIZE = 060;

	/** Control mode: five bits; each more is this plus the step {@link #CS_STEP}. */
	public static final int CS5 = 0;

	/** How much the bits of the size grow by a bit more. */
	public static final int CS_STEP = 020;

	/** Control mode: two stop bits. */
	public static final int CSTOPB = 0100;

	/** Control mode: receive. */
	public static final int CREAD = 0200;

	/** Control mode: with parity. */
	public static final int PARENB = 0400;

	/** Control mode: odd parity, or mark. */
	public static final int PARODD = 01000;

	/** Control mode: hang up at the last close. */
	public static final int HUPCL = 02000;

	/** Control mode: whatever the modem lines are. */
	public static final int CLOCAL = 04000;

	/** Control mode: the speeds are those of the struct. */
	public static final int BOTHER = 010000;

	/** Control mode: a parity that is always the same. */
	public static final int CMSPAR = 1 << 30;

	/** Control mode: flow control by the lines RTS and CTS. */
	public static final int CRTSCTS = 1 << 31;

	private static final int INPUT = 0;

	private static final int OUTPUT = 4;

	private static final int CONTROL = 8;

	private static final int LOCAL = 12;

	private static final int CHARACTERS = 17;

	private static final int INPUT_SPEED = 36;

	private static final int OUTPUT_SPEED = 40;

	private static final int SIZE = 44;

	private final NativeMemory memory = new NativeMemory(SIZE);

	/**
	 * Reads the attributes of a terminal, see {@code TCGETS2}.
	 * @param fd the terminal
	 * @return zero or a negated errno, {@code -ENOTTY} for what is no terminal
	 */
	public int read(int fd) {
		return TerminalCalls.getAttributes(fd, this.memory.address());
	}

	/**
	 * Sets the attributes of a terminal at once, see {@code TCSETS2}. It may take some of
	 * them and others not.
	 * @param fd the terminal
	 * @return zero or a negated errno
	 */
	public int write(int fd) {
		return TerminalCalls.setAttributes(fd, this.memory.address());
	}

	/**
	 * Makes the attributes those of bytes that come and go as they are.
	 * @param input the input modes
	 * @param control the control modes, without those of the speed
	 * @param speed both speeds in baud
	 */
	public void setRaw(int input, int control, int speed) {
		this.memory.putInt(INPUT, input);
		this.memory.putInt(OUTPUT, 0);
		this.memory.putInt(CONTROL, control | BOTHER);
		this.memory.putInt(LOCAL, 0);
		this.memory.putByte(CHARACTERS + VMIN - 1, (byte) 0);
		this.memory.putByte(CHARACTERS + VMIN, (byte) 1);
		this.memory.putInt(INPUT_SPEED, speed);
		this.memory.putInt(OUTPUT_SPEED, speed);
	}

	/**
	 * Sets a control character.
	 * @param index which, such as {@link #VSTART}
	 * @param character the character
	 */
	public void setCharacter(int index, int character) {
		this.memory.putByte(CHARACTERS + index, (byte) character);
	}

	/**
	 * Returns the input modes.
	 * @return bits
	 */
	public int input() {
		return this.memory.getInt(INPUT);
	}

	/**
	 * Returns the control modes.
	 * @return bits
	 */
	public int control() {
		return this.memory.getInt(CONTROL);
	}

	/**
	 * Returns the local modes.
	 * @return bits
	 */
	public int local() {
		return this.memory.getInt(LOCAL);
	}

	/**
	 * Returns the speed of the output.
	 * @return the speed in baud
	 */
	public int speed() {
		return this.memory.getInt(OUTPUT_SPEED);
	}

}
