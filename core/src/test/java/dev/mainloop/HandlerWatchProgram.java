package dev.mainloop;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;

/**
 * A program of its own for {@link HandlerWatchTests}, whose handler returns when it is
 * told to.
 */
public final class HandlerWatchProgram {

	static final Duration WARN_AFTER = Duration.ofSeconds(2);

	private static final PrintWriter out = new PrintWriter(System.out, true);

	private HandlerWatchProgram() {
	}

	/**
	 * Runs until a line comes.
	 * @param args none
	 */
	public static void main(String[] args) {
		try (MainLoop loop = MainLoop.builder().build();
				HandlerWatch watch = new HandlerWatch(loop, WARN_AFTER, RunningHandler::source, out::println)) {
			loop.execute(() -> {
				out.println("begun");
				await();
				out.println("returned");
				loop.stop();
			});
			watch.start();
			loop.run();
		}
	}

	private static void await() {
		try {
			System.in.read();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
