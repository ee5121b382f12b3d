package dev.mainloop.benchmarks.program;

import java.io.IOException;
import java.nio.file.Path;

import dev.mainloop.MainLoop;
import dev.mainloop.benchmarks.peer.Delay;
import dev.mainloop.benchmarks.peer.FileWork;
import dev.mainloop.benchmarks.peer.MainLoopFileLoad;
import dev.mainloop.file.FileIo;

/**
 * Measures how late a timer of a millisecond is, in microseconds, on our own loop while
 * that has no files to read, reads random blocks with a number of reads in flight, or
 * reads a whole file again and again: {@code FileLateness FILE_IO COUNT
 * idle|random|whole FILE}.
 */
public final class FileLateness {

	private static final int IN_FLIGHT = 32;

	private final Samples samples;

	private final MainLoop loop;

	private long due;

	private FileLateness(MainLoop loop, int count) {
		this.samples = new Samples(count);
		this.loop = loop;
	}

	private void arm() {
		Delay delay = this.samples.isWarmingUp() ? Delay.SHORT : Delay.MILLISECOND;
		this.due = System.nanoTime() + delay.nanos();
		this.loop.after("late", delay.duration(), (timer) -> expired());
	}

	private void expired() {
		if (this.samples.add(System.nanoTime() - this.due)) {
			arm();
		}
	}

	private void measure() throws InterruptedException {
		this.loop.execute(this::arm);
		this.samples.await();
		this.samples.print();
	}

	/**
	 * Measures.
	 * @param args the name of a {@link FileIo}, how many times, what is read, and the
	 * file
	 * @throws IOException if {@code sha256sum(1)} cannot be run
	 * @throws InterruptedException never
	 */
	public static void main(String[] args) throws IOException, InterruptedException {
		Path path = Path.of(args[3]);
		int inFlight = args[2].equals("random") ? IN_FLIGHT : 0;
		try (MainLoopFileLoad load = new MainLoopFileLoad(FileIo.valueOf(args[0]), FileWork.CACHED, path, inFlight)) {
			FileLateness lateness = new FileLateness(load.loop(), Integer.parseInt(args[1]));
			if (args[2].equals("whole")) {
				WholeFileReader reader = new WholeFileReader(path);
				load.loop().execute(() -> reader.open(load.files()));
				lateness.measure();
				reader.requireChecksum();
			}
			else {
				lateness.measure();
			}
		}
	}

}
