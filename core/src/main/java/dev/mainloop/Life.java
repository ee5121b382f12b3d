package dev.mainloop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

/**
 * The life of a loop: one atomic word with its state and the thread that runs it, its
 * owner. Each question is answered by one read of the word.
 *
 * <pre>
 * NEW ──enter──&gt; RUNNING ──stop──&gt; STOPPING ──leave──&gt; STOPPED ──enter──&gt; RUNNING
 *                   ^                 │
 *                   └────goOn─────────┘
 * any but CLOSED ──fail──&gt; FAILED ──enter, recover──&gt; RUNNING, STOPPED
 * any ──close──&gt; CLOSED
 * </pre>
 *
 * An owner that enters for a single iteration leaves the state as it is. A loop that is
 * closed while it has an owner keeps it until the owner leaves, which then releases what
 * the loop holds. No change but {@link #enter} needs memory, so that a loop without any
 * can fail and be left.
 */
final class Life {

	private static final VarHandle WORD = Fields.handle(MethodHandles.lookup(), "word", Word.class);

	private final LoopName name;

	private final Word[] withoutOwner = words(null);

	private volatile Word word = this.withoutOwner[MainLoopState.NEW.ordinal()];

	/** The words of the owner before, who is often the next. */
	private volatile Word[] latest = this.withoutOwner;

	/**
	 * Creates the life of a loop that is new.
	 * @param name what the loop is called
	 */
	Life(LoopName name) {
		this.name = name;
	}

	LoopName name() {
		return this.name;
	}

	MainLoopState state() {
		return this.word.state;
	}

	@Nullable Thread owner() {
		return this.word.owner;
	}

	boolean isOwnedByCaller() {
		return this.word.owner == Thread.currentThread();
	}

	/** Whether a batch of events is to end: the loop is closed or has failed. */
	boolean isOver() {
		return this.word.over;
	}

	boolean isClosed() {
		return this.word.closed;
	}

	/** Whether a loop that waits is to look at its state again. */
	boolean isEnding() {
		Word current = this.word;
		return current.over || current.state == MainLoopState.STOPPING;
	}

	@Nullable Throwable failure() {
		return this.word.failure;
	}

	/** Refuses a registration on a loop that has ended. */
	void requireUsable() {
		if (isOver()) {
			throw new IllegalStateException(describe(), failure());
		}
	}

	/** Says what keeps the loop from taking work, as the beginning of a sentence. */
	String describe() {
		return "The " + this.name + switch (state()) {
			case NEW, RUNNING -> " runs";
			case STOPPING -> " is stopping";
			case STOPPED -> " has stopped";
			case FAILED -> " has failed";
			case CLOSED -> " is closed";
		};
	}

	/**
	 * Refuses a second owner.
	 * @throws IllegalStateException if there is an owner or the loop is closed
	 */
	void requireEnterable() {
		requireEnterable(this.word);
	}

	private void requireEnterable(Word current) {
		if (current.owner != null) {
			throw new IllegalStateException(
					"The %s runs on %s already".formatted(this.name, LogText.of(current.owner)));
		}
		if (current.state == MainLoopState.CLOSED) {
			throw new IllegalStateException(describe());
		}
	}

	/**
	 * Makes a thread the owner.
	 * @param entering the thread
	 * @param state the state from now on, or {@code null} to leave it as it is
	 * @throws IllegalStateException if there is an owner or the loop is closed
	 */
	void enter(Thread entering, @Nullable MainLoopState state) {
		Word[] words = this.latest;
		if (words[0].owner != entering) {
			words = words(entering);
			this.latest = words;
		}
		Word before;
		Word after;
		do {
			before = this.word;
			requireEnterable(before);
			after = words[((state != null) ? state : before.state).ordinal()];
		}
		while (!WORD.compareAndSet(this, before, after.because(before.failure)));
	}

	/**
	 * Ends what {@link #enter} began, for a loop that is in a state.
	 * @param expected the state
	 * @param left the state from now on
	 * @return {@code false} if it is in another state, and not left
	 */
	boolean leave(MainLoopState expected, MainLoopState left) {
		Word before = this.word;
		return before.state == expected && WORD.compareAndSet(this, before, this.withoutOwner[left.ordinal()]);
	}

	/** Ends what {@link #enter} began, whatever the state, which stays as it is. */
	MainLoopState leave() {
		Word before;
		do {
			before = this.word;
		}
		while (!WORD.compareAndSet(this, before, this.withoutOwner[before.state.ordinal()].because(before.failure)));
		return before.state;
	}

	/** Tells a loop that runs to stop. */
	boolean stop() {
		return change(MainLoopState.RUNNING, MainLoopState.STOPPING);
	}

	/** Has a loop that was told to stop, and is still owned, go on instead. */
	boolean goOn() {
		return owner() != null && change(MainLoopState.STOPPING, MainLoopState.RUNNING);
	}

	/** Lets a loop that has failed be used again. */
	boolean recover() {
		return change(MainLoopState.FAILED, MainLoopState.STOPPED);
	}

	private boolean change(MainLoopState from, MainLoopState to) {
		Word before = this.word;
		while (before.state == from) {
			if (WORD.compareAndSet(this, before, before.of(to))) {
				return true;
			}
			before = this.word;
		}
		return false;
	}

	/** Ends a loop by an error, the first one of which counts. For the owner alone. */
	void fail(Throwable cause) {
		Word before = this.word;
		while (!before.over) {
			if (WORD.compareAndSet(this, before, before.of(MainLoopState.FAILED).because(cause))) {
				return;
			}
			before = this.word;
		}
	}

	/**
	 * Closes a loop for good.
	 * @return {@code false} if it is closed already
	 */
	boolean close() {
		Word before = this.word;
		while (before.state != MainLoopState.CLOSED) {
			if (WORD.compareAndSet(this, before, before.of(MainLoopState.CLOSED))) {
				return true;
			}
			before = this.word;
		}
		return false;
	}

	private static Word[] words(@Nullable Thread owner) {
		MainLoopState[] states = MainLoopState.values();
		Word[] words = new Word[states.length];
		for (MainLoopState state : states) {
			words[state.ordinal()] = new Word(state, owner, words);
		}
		return words;
	}

	/** One value of the word, and all others with the same owner. */
	private static final class Word {

		final MainLoopState state;

		final @Nullable Thread owner;

		final boolean over;

		final boolean closed;

		private final Word[] sameOwner;

		/** Why the loop has failed; written before it is the word of the loop. */
		private @Nullable Throwable failure;

		Word(MainLoopState state, @Nullable Thread owner, Word[] sameOwner) {
			this.state = state;
			this.owner = owner;
			this.closed = state == MainLoopState.CLOSED;
			this.over = this.closed || state == MainLoopState.FAILED;
			this.sameOwner = sameOwner;
		}

		Word of(MainLoopState other) {
			return this.sameOwner[other.ordinal()];
		}

		/** Has the word of a loop that has failed say why. */
		Word because(@Nullable Throwable cause) {
			if (this.state == MainLoopState.FAILED) {
				this.failure = cause;
			}
			return this;
		}

	}

}
