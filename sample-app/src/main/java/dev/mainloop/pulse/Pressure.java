package dev.mainloop.pulse;

/**
 * How long tasks of the host had to wait for a resource, in percent of the last ten
 * seconds; see {@code Documentation/accounting/psi.rst} of the kernel.
 *
 * @param cpu for a processor
 * @param memory for memory
 * @param io for a disk
 */
record Pressure(double cpu, double memory, double io) {

	/**
	 * Reads one file of {@code /proc/pressure}.
	 * @param text what is in the file
	 * @return the percentage
	 */
	static double parse(String text) {
		return dev.mainloop.fd.Pressure.parse(text).some().avg10();
	}

}
