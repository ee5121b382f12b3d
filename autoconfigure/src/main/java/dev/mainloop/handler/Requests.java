package dev.mainloop.handler;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.mainloop.Completion;
import dev.mainloop.CompletionPort;
import dev.mainloop.CompletionSource;
import dev.mainloop.MainLoop;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.fd.EventFd;
import org.jspecify.annotations.Nullable;

/**
 * The requests that a loop has to do with: those that its handlers are to reply to, and
 * those that end on it. Replies from other loops are its events. Belongs to the loop's
 * thread, unless a method says otherwise.
 */
final class Requests implements CompletionPort {

	private final MainLoop loop;

	/** Those without a reply. */
	private final Set<Request<?>> pending = ConcurrentHashMap.newKeySet();

	/** Takes replies, {@code null} while it is not open. */
	private volatile @Nullable Consumer<Completion> replies;

	private @Nullable CompletionSource source;

	/** The one whose message is being handled, until a method has taken it. */
	private @Nullable Request<?> current;

	/**
	 * Creates the requests of a loop.
	 * @param loop the loop
	 */
	Requests(MainLoop loop) {
		this.loop = loop;
	}

	MainLoop loop() {
		return this.loop;
	}

	/**
	 * Adds a request; may be called by any thread.
	 * @throws MessageRefusedException if the loop is closed or has failed
	 */
	void add(Request<?> request) {
		try {
			open();
		}
		catch (IllegalStateException ex) {
			throw new MessageRefusedException(String.valueOf(ex.getMessage()));
		}
		this.pending.add(request);
	}

	private synchronized void open() {
		if (this.source == null || this.source.state() == CompletionSource.State.CLOSED) {
			this.source = this.loop.completions("replies", this);
		}
	}

	/** Removes a request that has ended; may be called by any thread. */
	void remove(Request<?> request) {
		this.pending.remove(request);
	}

	/** Has a request end on this loop; may be called by any thread. */
	void end(Request<?> request) {
		Consumer<Completion> known = this.replies;
		if (known != null) {
			known.accept(request);
		}
	}

	/** Notes that the message of a request is handled from now on. */
	void begin(Request<?> request) {
		this.current = request;
	}

	/**
	 * Takes the request whose message is being handled.
	 * @return the request, or {@code null} if there is none, or it was taken
	 */
	@Nullable Request<?> take() {
		Request<?> taken = this.current;
		this.current = null;
		return taken;
	}

	/** Cancels those without a reply; may be called by any thread. */
	void cancel() {
		this.pending.forEach(Request::cancel);
	}

	@Override
	public void open(Consumer<Completion> completed, EventFd wakeUp) {
		this.replies = completed;
	}

	@Override
	public boolean isPending() {
		return false;
	}

	/** Cancels what has no reply, as its loop or its event source is closed. */
	@Override
	public void close() {
		this.replies = null;
		cancel();
	}

}
