package dev.mainloop.libc;

import java.io.PrintStream;

/**
 * Tells why the C library cannot be used.
 */
final class LoadFailureProgram {

	private LoadFailureProgram() {
	}

	public static void main(String[] args) {
		PrintStream out = System.out;
		out.println(LibC.unavailability());
	}

}
