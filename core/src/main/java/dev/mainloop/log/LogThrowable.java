package dev.mainloop.log;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Stands in a log for a throwable whose text is not fit for it, see {@link LogText}, or
 * whose methods fail. Its message is the fit text, which begins with the class of the
 * throwable, and it has the same stack trace, causes and suppressed throwables.
 */
public final class LogThrowable extends Throwable {

	/** How many characters of each message are taken. */
	static final int MAX_LENGTH = 4000;

	/** How many causes and suppressed throwables are taken. */
	static final int MAX_THROWABLES = 100;

	private static final long serialVersionUID = 1L;

	private LogThrowable(String text) {
		super(text);
	}

	/**
	 * Makes a throwable fit for a log. May be called by any thread.
	 * @param thrown what was thrown
	 * @return the same where its text, and that of its causes and suppressed throwables,
	 * is fit, otherwise what stands for it
	 */
	public static Throwable of(Throwable thrown) {
		Map<Throwable, LogThrowable> copies = new IdentityHashMap<>();
		Deque<Throwable> open = new ArrayDeque<>(List.of(thrown));
		boolean fit = true;
		while (!open.isEmpty() && copies.size() < MAX_THROWABLES) {
			Throwable next = open.remove();
			if (!copies.containsKey(next)) {
				LogThrowable copy = new LogThrowable(LogText.of(next, MAX_LENGTH));
				copies.put(next, copy);
				fit &= copy.takeOver(next, open);
			}
		}
		if (fit && open.isEmpty()) {
			return thrown;
		}
		copies.forEach((original, copy) -> copy.link(original, copies));
		return Objects.requireNonNull(copies.get(thrown));
	}

	/**
	 * Takes the stack trace of the original.
	 * @param original the original
	 * @param others where its cause and suppressed throwables are put
	 * @return whether the original can be logged itself
	 */
	private boolean takeOver(Throwable original, Deque<Throwable> others) {
		others.addAll(List.of(original.getSuppressed()));
		try {
			setStackTrace(original.getStackTrace());
			Throwable cause = original.getCause();
			if (cause != null) {
				others.add(cause);
			}
			String message = original.getMessage();
			return toString().equals(original.toString())
					&& (message == null || LogText.of(message, MAX_LENGTH).equals(message));
		}
		catch (Throwable ex) {
			return false;
		}
	}

	private void link(Throwable original, Map<Throwable, LogThrowable> copies) {
		LogThrowable cause = copies.get(cause(original));
		if (cause != null && cause != this) {
			initCause(cause);
		}
		for (Throwable suppressed : original.getSuppressed()) {
			LogThrowable copy = copies.get(suppressed);
			if (copy != null && copy != this) {
				addSuppressed(copy);
			}
		}
	}

	private static @Nullable Throwable cause(Throwable original) {
		try {
			return original.getCause();
		}
		catch (Throwable ex) {
			return null;
		}
	}

	@Override
	public Throwable fillInStackTrace() {
		return this;
	}

	@Override
	public String toString() {
		return String.valueOf(getMessage());
	}

}
