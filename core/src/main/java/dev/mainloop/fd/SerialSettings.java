package dev.mainloop.fd;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.mainloop.log.LogText;

/**
 * How the bytes of a serial line come and go.
 *
 * @param baudRate the speed in baud, any that the device has
 * @param dataBits the number of bits of a byte, from 5 to 8
 * @param parity the bit that is added to them
 * @param stopBits the number of bits between two bytes, 1 or 2
 * @param flowControl how one side has the other wait
 * @param exclusive whether other processes are refused to open it meanwhile, unless they
 * are privileged
 */
public record SerialSettings(int baudRate, int dataBits, Parity parity, int stopBits, FlowControl flowControl,
		boolean exclusive) {

	private static final Pattern TEXT = Pattern.compile(
			"(\\d{1,9})(?: ([5-8])([NEOMS])([12]))?(?: (NONE|RTS_CTS|XON_XOFF))?(?: (shared))?",
			Pattern.CASE_INSENSITIVE);

	private static final String EXAMPLE = "such as 9600, 115200 8N1 or 19200 7E1 RTS_CTS";

	private static final int LEAST_DATA_BITS = 5;

	/**
	 * Checks the numbers.
	 * @throws IllegalArgumentException if one cannot be
	 */
	public SerialSettings {
		if (baudRate < 1) {
			throw new IllegalArgumentException("'baudRate' must be more than zero but is " + baudRate);
		}
		if (dataBits < LEAST_DATA_BITS || dataBits > Byte.SIZE) {
			throw new IllegalArgumentException("'dataBits' must be from 5 to 8 but is " + dataBits);
		}
		if (stopBits != 1 && stopBits != 2) {
			throw new IllegalArgumentException("'stopBits' must be 1 or 2 but is " + stopBits);
		}
	}

	/**
	 * Returns the settings of most devices: eight data bits, no parity, one stop bit, no
	 * flow control, exclusive.
	 * @param baudRate the speed in baud
	 * @return the settings
	 */
	public static SerialSettings of(int baudRate) {
		return new SerialSettings(baudRate, Byte.SIZE, Parity.NONE, 1, FlowControl.NONE, true);
	}

	/**
	 * Reads settings as they are written, which is also how Spring has them from a
	 * property: the speed, and if it differs from {@code 8N1} the data bits, the first
	 * letter of the parity and the stop bits, the name of the flow control, and
	 * {@code shared} if others may open it, too. An example is
	 * {@code 19200 7E1 RTS_CTS shared}.
	 * @param text the text
	 * @return the settings
	 * @throws IllegalArgumentException if it is something else
	 */
	public static SerialSettings of(String text) {
		Matcher matcher = TEXT.matcher(text.strip().replaceAll("\\s+", " "));
		if (!matcher.matches()) {
			throw new IllegalArgumentException(
					"'%s' are no settings of a serial line, %s".formatted(LogText.of(text), EXAMPLE));
		}
		SerialSettings settings = of(Integer.parseInt(matcher.group(1)));
		if (matcher.group(2) != null) {
			settings = settings.dataBits(Integer.parseInt(matcher.group(2)))
				.parity(Parity.of(matcher.group(3)))
				.stopBits(Integer.parseInt(matcher.group(4)));
		}
		if (matcher.group(5) != null) {
			settings = settings.flowControl(FlowControl.valueOf(matcher.group(5).toUpperCase(Locale.ROOT)));
		}
		return settings.exclusive(matcher.group(6) == null);
	}

	/**
	 * Changes the number of data bits.
	 * @param dataBits the number, from 5 to 8
	 * @return settings with that number
	 */
	public SerialSettings dataBits(int dataBits) {
		return new SerialSettings(this.baudRate, dataBits, this.parity, this.stopBits, this.flowControl,
				this.exclusive);
	}

	/**
	 * Changes the parity.
	 * @param parity the parity
	 * @return settings with it
	 */
	public SerialSettings parity(Parity parity) {
		return new SerialSettings(this.baudRate, this.dataBits, parity, this.stopBits, this.flowControl,
				this.exclusive);
	}

	/**
	 * Changes the number of stop bits.
	 * @param stopBits the number, 1 or 2
	 * @return settings with that number
	 */
	public SerialSettings stopBits(int stopBits) {
		return new SerialSettings(this.baudRate, this.dataBits, this.parity, stopBits, this.flowControl,
				this.exclusive);
	}

	/**
	 * Changes the flow control.
	 * @param flowControl the flow control
	 * @return settings with it
	 */
	public SerialSettings flowControl(FlowControl flowControl) {
		return new SerialSettings(this.baudRate, this.dataBits, this.parity, this.stopBits, flowControl,
				this.exclusive);
	}

	/**
	 * Changes whether others are refused.
	 * @param exclusive whether they are
	 * @return settings with that
	 */
	public SerialSettings exclusive(boolean exclusive) {
		return new SerialSettings(this.baudRate, this.dataBits, this.parity, this.stopBits, this.flowControl,
				exclusive);
	}

	/**
	 * Returns the settings as they are written.
	 * @return the settings, such as {@code 19200 7E1 RTS_CTS}
	 */
	@Override
	public String toString() {
		String text = "%d %d%s%d".formatted(this.baudRate, this.dataBits, this.parity.name().charAt(0), this.stopBits);
		text += (this.flowControl != FlowControl.NONE) ? " " + this.flowControl : "";
		return this.exclusive ? text : text + " shared";
	}

	/**
	 * The bit that is added to the bits of a byte.
	 */
	public enum Parity {

		/** There is none. */
		NONE,

		/** The number of ones becomes even. */
		EVEN,

		/** The number of ones becomes odd. */
		ODD,

		/** It is always one. */
		MARK,

		/** It is always zero. */
		SPACE;

		private static Parity of(String letter) {
			for (Parity parity : values()) {
				if (parity.name().regionMatches(true, 0, letter, 0, 1)) {
					return parity;
				}
			}
			throw new IllegalArgumentException(letter);
		}

	}

	/**
	 * How one side has the other wait.
	 */
	public enum FlowControl {

		/** Not at all. */
		NONE,

		/** By the lines RTS and CTS. */
		RTS_CTS,

		/** By the bytes 0x13 and 0x11, which cannot be sent otherwise then. */
		XON_XOFF

	}

}
