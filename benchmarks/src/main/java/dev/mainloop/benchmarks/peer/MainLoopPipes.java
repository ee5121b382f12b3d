package dev.mainloop.benchmarks.peer;

import java.nio.ByteBuffer;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

import dev.mainloop.MainLoop;
import dev.mainloop.kernel.Pipe;
import dev.mainloop.multiplexer.Readiness;

/**
 * Pipes that our own loop watches.
 */
public final class MainLoopPipes implements PipeLoop {

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(1);

	private final MainLoop loop = MainLoop.builder().build();

	private final Pipe[] pipes;

	/**
	 * Opens and watches pipes.
	 * @param count how many
	 * @param read is told the index of each that was read
	 */
	public MainLoopPipes(int count, IntConsumer read) {
		this.pipes = Stream.generate(Pipe::open).limit(count).toArray(Pipe[]::new);
		for (int i = 0; i < count; i++) {
			int pipe = i;
			this.loop.watch("pipe", this.pipes[i].reader(), Readiness.READABLE, (fd, readiness) -> {
				fd.read(this.buffer.clear());
				read.accept(pipe);
			});
		}
	}

	@Override
	public void write(int pipe) {
		this.pipes[pipe].writer().write(this.buffer.clear());
	}

	@Override
	public void runOnce() {
		this.loop.runOnce();
	}

	@Override
	public void close() {
		this.loop.close();
		for (Pipe pipe : this.pipes) {
			pipe.close();
		}
	}

}
