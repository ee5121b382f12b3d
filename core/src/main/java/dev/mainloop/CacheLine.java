package dev.mainloop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Memory that is alone in its cache line: whoever reads what lies beside a number that is
 * written often would have to fetch the line anew each time.
 */
final class CacheLine {

	private CacheLine() {
	}

	/** A number that one thread writes often, or several write. */
	static final class Cursor extends Value {

		static final VarHandle VALUE = Fields.handle(MethodHandles.lookup(), "value", long.class);

		long b1;

		long b2;

		long b3;

		long b4;

		long b5;

		long b6;

		long b7;

		long b8;

	}

	abstract static class Value extends Padding {

		volatile long value;

	}

	private abstract static class Padding {

		long a1;

		long a2;

		long a3;

		long a4;

		long a5;

		long a6;

		long a7;

		long a8;

	}

}
