package dev.mainloop;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A program of its own for {@link FatalErrorTests}: a handler takes all memory that there
 * is.
 */
public final class HeapProgram {

	private HeapProgram() {
	}

	/**
	 * Runs until its handlers have had their messages.
	 * @param args ignored
	 */
	public static void main(String[] args) {
		PrintStream out = System.out;
		try (MainLoop loop = MainLoop.builder()
			.errorHandler((source, event, error) -> out.println(error.getClass().getName() + " of '" + source + "'"))
			.build()) {
			EventQueue<String> after = loop.queue("after", 8, out::println);
			EventQueue<String> hungry = loop.queue("hungry", 8, (message) -> {
				after.send(message);
				takeAll();
			});
			hungry.send("handled after it");
			loop.execute(() -> hungry.send("handled after it"));
			loop.execute(loop::stop);
			loop.run();
		}
	}

	private static void takeAll() {
		List<byte[]> all = new ArrayList<>();
		while (true) {
			all.add(new byte[64 * 1024]);
		}
	}

}
