package dev.mainloop;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.mainloop.fd.EventFd;
import dev.mainloop.kernel.DirectMemory;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;

/**
 * A program of its own for {@link OutOfMemoryTests}: a loop whose application has used up
 * the direct memory.
 */
public final class OutOfMemoryProgram {

	private static final int COUNT = 200;

	private OutOfMemoryProgram() {
	}

	/**
	 * Says what the loop has handled.
	 * @param args the kind of the multiplexer, and how much direct memory the program
	 * has, in bytes
	 */
	public static void main(String[] args) {
		PrintStream out = System.out;
		int[] calls = new int[COUNT];
		List<String> errors = new ArrayList<>();
		try (MainLoop loop = MainLoop.builder()
			.multiplexer(MultiplexerKind.valueOf(args[0]))
			.errorHandler((source, event, error) -> errors.add(source + " " + error))
			.build()) {
			List<EventFd> eventFds = new ArrayList<>();
			for (int i = 0; i < COUNT; i++) {
				int number = i;
				EventFd eventFd = EventFd.open(0);
				eventFds.add(eventFd);
				loop.watch("fd", eventFd, Readiness.READABLE, (fd, readiness) -> calls[number]++);
			}
			List<String> handled = new ArrayList<>();
			EventQueue<String> queue = loop.queue("queue", 8, handled::add);
			loop.runOnce();
			DirectMemory.useUp(Long.parseLong(args[1]));
			eventFds.forEach((fd) -> fd.add(1));
			for (int round = 0; round < 3; round++) {
				queue.send("message");
				loop.after("timer", Duration.ZERO, (timer) -> handled.add("timer"));
				loop.execute(() -> handled.add("task"));
				loop.runOnce();
			}
			// An iteration ends with its time slice, in which a young JVM calls only
			// some.
			for (int round = 0; round < COUNT && !areAllCalled(calls); round++) {
				loop.runOnce();
			}
			LoopRunner.start(loop).stop();
			out.println("%s, %d handled, %s, errors %s".formatted(areAllCalled(calls) ? "all ready" : "some not ready",
					handled.size(), loop.state(), errors));
			eventFds.forEach(EventFd::close);
			out.println(loop.sourceCounts());
		}
	}

	private static boolean areAllCalled(int[] calls) {
		return Arrays.stream(calls).allMatch((count) -> count > 0);
	}

}
