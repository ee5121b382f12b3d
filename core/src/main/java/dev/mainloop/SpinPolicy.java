package dev.mainloop;

import java.util.Locale;

/**
 * What a {@link MainLoop} does with a handler that spins: one that is called for its file
 * descriptor again and again, by each wait of the loop, for a second or longer and a
 * thousand times or more, while no byte is read or written through the
 * {@link dev.mainloop.fd.FileDescriptor}. It keeps a core busy and gets nothing done, and
 * is named in the log, once.
 */
public enum SpinPolicy {

	/** Goes on calling the handler. */
	WARN,

	/**
	 * Calls the handler ten times a second at most, until it reads or writes something.
	 */
	SLOW;

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
