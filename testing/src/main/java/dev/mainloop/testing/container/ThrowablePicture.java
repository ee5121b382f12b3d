package dev.mainloop.testing.container;

import org.jspecify.annotations.Nullable;

/**
 * Stands in for a throwable that cannot be serialized, with its text and its stack trace.
 */
final class ThrowablePicture extends AssertionError {

	private static final long serialVersionUID = 1L;

	private final String text;

	ThrowablePicture(Throwable original) {
		super(original.getMessage(), causeOf(original));
		this.text = original.toString();
		setStackTrace(original.getStackTrace());
	}

	private static @Nullable Throwable causeOf(Throwable original) {
		Throwable cause = original.getCause();
		return (cause != null) ? new ThrowablePicture(cause) : null;
	}

	@Override
	public String toString() {
		return this.text;
	}

}
