package dev.mainloop.fd;

import java.util.Locale;

/**
 * What tasks have to wait for when there is too little of it, see
 * {@code Documentation/accounting/psi.rst} of the kernel.
 */
public enum PressureResource {

	/** A processor. */
	CPU,

	/** Memory: pages that were reclaimed and are read again. */
	MEMORY,

	/** A disk, or what else is read and written. */
	IO;

	/** Returns its name in the names of files. */
	String fileName() {
		return name().toLowerCase(Locale.ROOT);
	}

}
