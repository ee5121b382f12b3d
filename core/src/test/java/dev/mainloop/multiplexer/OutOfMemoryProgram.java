package dev.mainloop.multiplexer;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.mainloop.fd.EventFd;
import dev.mainloop.kernel.DirectMemory;

/**
 * A program of its own for {@link OutOfMemoryTests}: it waits without direct memory.
 */
public final class OutOfMemoryProgram {

	private static final int COUNT = 200;

	private static final int MORE = 400;

	private OutOfMemoryProgram() {
	}

	/**
	 * Says how many events come before and after there are more file descriptors than
	 * there is memory for.
	 * @param args the kind of the multiplexer, and how much direct memory the program
	 * has, in bytes
	 */
	public static void main(String[] args) {
		PrintStream out = System.out;
		List<EventFd> eventFds = IntStream.range(0, MORE).mapToObj((i) -> EventFd.open(1)).toList();
		try (IoMultiplexer multiplexer = MultiplexerKind.valueOf(args[0]).get()) {
			for (int i = 0; i < COUNT; i++) {
				multiplexer.add(eventFds.get(i), Readiness.READABLE, Trigger.LEVEL, i);
			}
			DirectMemory.useUp(Long.parseLong(args[1]));
			for (int i = 0; i < 3; i++) {
				out.println(multiplexer.await(-1) + " ready");
			}
			int added = add(multiplexer, eventFds);
			List<Integer> counts = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				counts.add(multiplexer.await(-1));
			}
			eventFds.subList(0, added).forEach(multiplexer::remove);
			out.println("%d of %d added, %s ready, %d after that".formatted(added, MORE, counts, multiplexer.await(0)));
		}
	}

	private static int add(IoMultiplexer multiplexer, List<EventFd> eventFds) {
		int added = COUNT;
		try {
			while (added < MORE) {
				multiplexer.add(eventFds.get(added), Readiness.READABLE, Trigger.LEVEL, added);
				added++;
			}
		}
		catch (OutOfMemoryError ex) {
			// What was added stays.
		}
		return added;
	}

}
