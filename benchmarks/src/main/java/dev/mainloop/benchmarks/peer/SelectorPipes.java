package dev.mainloop.benchmarks.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Pipes that a {@link Selector} watches.
 */
public final class SelectorPipes implements PipeLoop {

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(1);

	private final Selector selector;

	private final Pipe[] pipes;

	private final Consumer<SelectionKey> ready;

	/**
	 * Opens and watches pipes.
	 * @param count how many
	 * @param read is told the index of each that was read
	 */
	public SelectorPipes(int count, IntConsumer read) {
		this.pipes = new Pipe[count];
		this.ready = (key) -> {
			Integer pipe = (Integer) key.attachment();
			read(this.pipes[pipe].source());
			read.accept(pipe);
		};
		try {
			this.selector = Selector.open();
			for (int i = 0; i < count; i++) {
				this.pipes[i] = Pipe.open();
				this.pipes[i].sink().configureBlocking(false);
				this.pipes[i].source().configureBlocking(false);
				this.pipes[i].source().register(this.selector, SelectionKey.OP_READ, i);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void read(Pipe.SourceChannel source) {
		try {
			source.read(this.buffer.clear());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void write(int pipe) {
		try {
			this.pipes[pipe].sink().write(this.buffer.clear());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void runOnce() {
		try {
			this.selector.select(this.ready);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		try {
			this.selector.close();
			for (Pipe pipe : this.pipes) {
				pipe.source().close();
				pipe.sink().close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
