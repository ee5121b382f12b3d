package dev.mainloop;

import java.util.Arrays;

import dev.mainloop.fd.EventFd;

/**
 * The completion sources of a loop. Belongs to the loop's thread, unless a method says
 * otherwise.
 */
final class Completions implements AutoCloseable {

	private final Loop loop;

	private final EventFd wakeUp;

	/** Replaced when one is added or removed, with the lock of this object held. */
	private volatile CompletionSource[] sources = new CompletionSource[0];

	/**
	 * Creates the completions of a loop.
	 * @param loop the loop
	 * @param wakeUp wakes it, see {@link CompletionPort#open}
	 */
	Completions(Loop loop, EventFd wakeUp) {
		this.loop = loop;
		this.wakeUp = wakeUp;
	}

	/** Opens the port of a source and adds it; may be called by any thread. */
	synchronized void add(CompletionSource source) {
		this.loop.requireUsable();
		CompletionSource[] all = Arrays.copyOf(this.sources, this.sources.length + 1);
		all[all.length - 1] = source;
		source.port().open(source::completed, this.wakeUp);
		this.sources = all;
	}

	/** Removes a source and closes its port. */
	void remove(CompletionSource source) {
		synchronized (this) {
			this.sources = Arrays.stream(this.sources)
				.filter((other) -> other != source)
				.toArray(CompletionSource[]::new);
		}
		source.closePort();
	}

	/** Hands over the operations that were begun. */
	void submit() {
		for (CompletionSource source : this.sources) {
			source.port().submit();
		}
	}

	/** Whether an operation has ended that is to be told of. */
	boolean hasCompletion() {
		for (CompletionSource source : this.sources) {
			if (source.hasCompletion()) {
				return true;
			}
		}
		return false;
	}

	/** Whether an operation has ended, or will, that is to be told of. */
	boolean isPending() {
		for (CompletionSource source : this.sources) {
			if (source.isPending()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Waits for an operation of some source to end, if none has.
	 * @return {@code false} if it is woken by what other threads complete, and has not
	 * waited
	 */
	boolean await() {
		for (CompletionSource source : this.sources) {
			if (hasCompletion() || (source.isPending() && source.port().await())) {
				return true;
			}
		}
		return false;
	}

	/** Tells of the operations that have ended, as far as the slice has time for. */
	void dispatch(TimeSlice slice) {
		for (CompletionSource source : this.sources) {
			this.loop.endSuccession();
			while (source.isEnabled() && !slice.isOver() && !this.loop.isOver()) {
				Completion completion = source.next();
				if (completion == null) {
					break;
				}
				this.loop.dispatchSuccessive(source, completion);
				slice.handled();
			}
		}
	}

	/** Closes the ports, by the thread that closes the loop. */
	@Override
	public void close() {
		for (CompletionSource source : this.sources) {
			source.closePort();
		}
	}

}
