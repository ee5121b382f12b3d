package dev.mainloop.socket;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;

import dev.mainloop.MainLoop;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.line.FrameHandler;
import dev.mainloop.line.FrameReader;
import dev.mainloop.line.FrameWriter;
import dev.mainloop.line.Framing;
import dev.mainloop.line.TooLong;
import dev.mainloop.line.WriteListener;
import org.jspecify.annotations.Nullable;

/**
 * A conversation in lines through a {@link StreamSocket}, which it owns. Lines come to a
 * {@link FrameHandler} on the loop's thread, one after another, and lines are sent
 * without waiting for the other side.
 * <p>
 * Where that does not read what it is sent, so much is kept as there is room for, and
 * what is more is refused. After a refusal no line is read until half of what is kept has
 * gone out. When the other side ends what it writes, its handler is told as of the end of
 * a file, what was sent goes out, and the socket is closed. All methods may be called by
 * any thread.
 */
public final class Session implements AutoCloseable {

	/** How long the other side has to close its side after the end of this one. */
	private static final Duration LINGER = Duration.ofSeconds(5);

	private final MainLoop loop;

	private final String description;

	private final StreamSocket socket;

	private final FrameWriter writer;

	private volatile @Nullable FrameReader<String> reader;

	/** Whether lines that come are dropped. */
	private volatile boolean finishing;

	/**
	 * Whether the other side has ended what it writes; owned by the loop's thread, as is
	 * {@link #sent}.
	 */
	private boolean received;

	/** Whether all has gone out that will. */
	private boolean sent;

	private Session(MainLoop loop, String description, StreamSocket socket, int capacity) {
		this.loop = loop;
		this.description = description;
		this.socket = socket;
		this.writer = FrameWriter.open(loop, "answers of " + description, socket, capacity, new Listener());
	}

	/**
	 * Opens a session, which sends at once and reads nothing yet.
	 * @param loop the loop that is to read and write
	 * @param description what log lines call it
	 * @param socket the socket, which the session closes
	 * @param capacity how many bytes can wait to be sent
	 * @return the session, to be closed by the caller, or by the end of the connection
	 * @throws ErrnoException if the kernel refuses
	 */
	public static Session open(MainLoop loop, String description, StreamSocket socket, int capacity) {
		return new Session(loop, description, socket, capacity);
	}

	/**
	 * Begins to read.
	 * @param framing makes the lines, for this session alone
	 * @param handler is given the lines, and told of the end
	 * @throws IllegalStateException if it reads already, or is closed
	 * @throws ErrnoException if the kernel refuses
	 */
	public synchronized void read(Framing<String> framing, FrameHandler<String> handler) {
		Objects.requireNonNull(handler, "'handler' must not be null");
		if (this.reader != null) {
			throw new IllegalStateException("The session '%s' reads already".formatted(this));
		}
		this.reader = FrameReader.open(this.loop, this.description, this.socket, framing, new Lines(handler));
	}

	/**
	 * Sends a line.
	 * @param line the line, without its end
	 * @throws MessageRefusedException if there is too little room, or the session is
	 * closed or ending
	 * @throws IllegalArgumentException if there can never be so much room
	 * @throws ErrnoException if the other side has closed, or the write fails otherwise
	 */
	public void send(String line) {
		try {
			this.writer.send(line + "\n");
		}
		catch (MessageRefusedException ex) {
			holdBack();
			throw ex;
		}
	}

	/**
	 * Sends a line if there is room for it.
	 * @param line the line, without its end
	 * @return {@code false} if there is too little room, or the session is closed or
	 * ending
	 * @throws IllegalArgumentException if there can never be so much room
	 * @throws ErrnoException if the other side has closed, or the write fails otherwise
	 */
	public boolean offer(String line) {
		boolean taken = this.writer.offer(line + "\n");
		if (!taken) {
			holdBack();
		}
		return taken;
	}

	private void holdBack() {
		FrameReader<String> lines = this.reader;
		if (lines != null && this.writer.isOpen()) {
			lines.pause();
		}
	}

	private void goOn() {
		FrameReader<String> lines = this.reader;
		if (lines != null) {
			lines.resume();
		}
	}

	/**
	 * Returns its socket.
	 * @return the socket, which is the session's to close
	 */
	public StreamSocket socket() {
		return this.socket;
	}

	/**
	 * Tells whether lines may be sent.
	 * @return {@code false} once the session is ending, or its loop is closed
	 */
	public boolean isOpen() {
		return this.socket.isOpen() && this.writer.isOpen() && !this.finishing;
	}

	/**
	 * Ends it from this side: nothing more is taken to be sent, lines that come are
	 * dropped, and the other side reads the end of the file after all that was sent. The
	 * socket is closed when that has closed its side, or after 5 s: to close it before
	 * could undo what was sent, see {@code SO_LINGER} in {@code socket(7)}.
	 */
	public void finish() {
		this.finishing = true;
		synchronized (this) {
			if (this.reader == null && this.socket.isOpen()) {
				read(Framing.lines(1, StandardCharsets.UTF_8, TooLong.SKIP), (line, reader) -> {
				});
			}
		}
		goOn();
		this.writer.finish();
	}

	/**
	 * Closes the socket. What was sent and has not gone out is counted in the log.
	 */
	@Override
	public void close() {
		this.socket.close();
	}

	@Override
	public String toString() {
		return this.description;
	}

	/** Called on the loop's thread when all has gone out. */
	private void sent() {
		this.sent = true;
		if (!this.received) {
			try {
				this.socket.shutdownOutput();
				this.loop.after("end of " + this.description, LINGER, (timer) -> close());
				return;
			}
			catch (ErrnoException ex) {
				// The other side is gone.
			}
		}
		close();
	}

	/** Called on the loop's thread at the end of what the other side writes. */
	private void received() {
		this.received = true;
		if (this.sent) {
			close();
		}
		else {
			this.writer.finish();
		}
	}

	/** Hears of what was sent. */
	private final class Listener implements WriteListener {

		@Override
		public void room(FrameWriter writer) {
			goOn();
		}

		@Override
		public void ended(@Nullable ErrnoException error, FrameWriter writer) throws Exception {
			if (error == null) {
				sent();
			}
			else {
				close();
				throw error;
			}
		}

	}

	/** Hears of what was read. */
	private final class Lines implements FrameHandler<String> {

		private final FrameHandler<String> handler;

		Lines(FrameHandler<String> handler) {
			this.handler = handler;
		}

		@Override
		public void frame(String line, FrameReader<String> reader) throws Exception {
			if (!Session.this.finishing) {
				this.handler.frame(line, reader);
			}
		}

		@Override
		public void ended(@Nullable String rest, @Nullable RuntimeException error, FrameReader<String> reader)
				throws Exception {
			try {
				this.handler.ended(Session.this.finishing ? null : rest, error, reader);
			}
			finally {
				if (error != null) {
					close();
				}
				else {
					received();
				}
			}
		}

	}

}
