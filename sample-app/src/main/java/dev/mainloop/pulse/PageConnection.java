package dev.mainloop.pulse;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a page that is open in a browser. Frames wait here until it takes
 * them, and while it takes none the oldest are dropped: no call waits for the browser.
 */
final class PageConnection implements WriteListener, AsyncListener {

	static final int CAPACITY = 64;

	private final ServletOutputStream output;

	private final Consumer<PageConnection> ended;

	private final Deque<byte[]> frames = new ArrayDeque<>(CAPACITY);

	private @Nullable AsyncContext context;

	/** Whether the server has said that it may be written. */
	private boolean writable;

	private boolean flushed = true;

	private boolean closed;

	/**
	 * Creates a connection.
	 * @param output the output of its request
	 * @param ended called by the server when the request has ended
	 */
	PageConnection(ServletOutputStream output, Consumer<PageConnection> ended) {
		this.output = output;
		this.ended = ended;
	}

	/** Begins, now that the request is asynchronous. */
	void begin(AsyncContext context) {
		context.setTimeout(0);
		context.addListener(this);
		this.output.setWriteListener(this);
		boolean over;
		synchronized (this) {
			this.context = context;
			over = this.closed;
		}
		if (over) {
			context.complete();
		}
	}

	/**
	 * Sends a frame, now or when the connection takes it.
	 * @param frame the frame, which is not changed any more
	 * @return whether another was dropped for it
	 */
	synchronized boolean send(byte[] frame) {
		if (this.closed) {
			return false;
		}
		boolean full = this.frames.size() == CAPACITY;
		if (full) {
			this.frames.removeFirst();
		}
		this.frames.addLast(frame);
		write();
		return full;
	}

	@Override
	public synchronized void onWritePossible() {
		this.writable = true;
		write();
	}

	/** Writes as long as the connection takes it. If it does not, the server calls. */
	private void write() {
		try {
			while (this.writable && !this.closed && !(this.flushed && this.frames.isEmpty()) && this.output.isReady()) {
				byte[] frame = this.frames.pollFirst();
				if (frame != null) {
					this.output.write(frame);
				}
				else {
					this.output.flush();
				}
				this.flushed = frame == null;
			}
		}
		catch (IOException ex) {
			forget();
		}
	}

	/** Ends the request. */
	void close() {
		AsyncContext begun;
		synchronized (this) {
			begun = this.closed ? null : this.context;
			forget();
		}
		if (begun != null) {
			begun.complete();
		}
	}

	/** Writes no more, as what belongs to the request serves others when it has ended. */
	private synchronized void forget() {
		this.closed = true;
		this.frames.clear();
	}

	@Override
	public void onError(Throwable thrown) {
		forget();
	}

	@Override
	public void onError(AsyncEvent event) {
		forget();
		event.getAsyncContext().complete();
	}

	@Override
	public void onComplete(AsyncEvent event) {
		forget();
		this.ended.accept(this);
	}

	@Override
	public void onTimeout(AsyncEvent event) {
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
	}

}
