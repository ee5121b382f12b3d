package dev.mainloop.cost;

import java.io.PrintStream;

import dev.mainloop.MainLoop;
import dev.mainloop.QueueSource;
import org.slf4j.LoggerFactory;

/**
 * Starts a loop that handles a message, between two marks, for
 * {@link LoadedClassesTests}.
 */
public final class StartProgram {

	/** Printed before anything of the loop is used, with a log that is. */
	static final String BEGIN = "the loop begins";

	/** Printed by the handler of the message. */
	static final String END = "the loop has handled a message";

	private StartProgram() {
	}

	/**
	 * Starts the loop.
	 * @param args ignored
	 */
	public static void main(String[] args) {
		LoggerFactory.getLogger(StartProgram.class).info("a log that is there already");
		PrintStream out = System.out;
		out.println(BEGIN);
		try (MainLoop loop = MainLoop.builder().build()) {
			QueueSource<String> queue = loop.queue("queue", 1, out::println);
			queue.send(END);
			loop.runOnce();
		}
	}

}
