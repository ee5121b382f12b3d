package dev.mainloop.benchmarks.program;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.mainloop.benchmarks.peer.FileLoad;
import dev.mainloop.benchmarks.peer.FilePeer;
import dev.mainloop.benchmarks.peer.FileWork;

/**
 * Measures how often operations on a file end while a number of them are in flight, as
 * nanoseconds for each: {@code FileThroughput PEER WORK IN_FLIGHT MILLISECONDS FILE}.
 */
public final class FileThroughput {

	/** Until all is compiled. */
	private static final int WARM_UP_MILLIS = 1500;

	private FileThroughput() {
	}

	/**
	 * Measures.
	 * @param args the names of a {@link FilePeer} and a {@link FileWork}, how many are in
	 * flight, for how long, and the file
	 * @throws InterruptedException never
	 */
	public static void main(String[] args) throws InterruptedException {
		FileWork work = FileWork.valueOf(args[1]);
		try (FileLoad load = FilePeer.valueOf(args[0]).load(work, Path.of(args[4]), Integer.parseInt(args[2]))) {
			TimeUnit.MILLISECONDS.sleep(WARM_UP_MILLIS);
			long ended = load.ended();
			long begin = System.nanoTime();
			TimeUnit.MILLISECONDS.sleep(Long.parseLong(args[3]));
			long nanos = System.nanoTime() - begin;
			ended = load.ended() - ended;
			if (ended == 0) {
				throw new IllegalStateException("Nothing has ended");
			}
			Output.number("ns", (double) nanos / ended);
		}
	}

}
