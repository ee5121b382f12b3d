package dev.mainloop.benchmarks.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

import com.sun.nio.file.ExtendedOpenOption;

/**
 * A thread that calls a {@link FileChannel} and waits, with one operation in flight.
 */
final class BlockingChannelLoad implements FileLoad {

	private final AtomicLong ended = new AtomicLong();

	private final Thread thread = new Thread(this::run);

	private final FileWork work;

	private final Path path;

	private final FilePositions positions;

	private volatile boolean closing;

	BlockingChannelLoad(FileWork work, Path path) {
		this.work = work;
		this.path = path;
		this.positions = FilePositions.of(work, path);
		this.thread.start();
	}

	private void run() {
		try (FileChannel channel = FileChannel.open(this.path, this.work.options(ExtendedOpenOption.DIRECT))) {
			ByteBuffer buffer = this.work.buffer();
			while (!this.closing) {
				long position = this.positions.next();
				buffer.position(0);
				if (this.work == FileWork.APPEND) {
					channel.write(buffer, position);
					channel.force(false);
				}
				else {
					channel.read(buffer, position);
				}
				this.ended.lazySet(this.ended.getPlain() + 1);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public long ended() {
		return this.ended.get();
	}

	@Override
	public void close() {
		this.closing = true;
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
