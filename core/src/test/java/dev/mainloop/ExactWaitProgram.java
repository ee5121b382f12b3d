package dev.mainloop;

import java.io.PrintStream;
import java.time.Duration;

import dev.mainloop.fd.ClockId;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.kernel.SeccompFilter;
import dev.mainloop.libc.Errno;

/**
 * A program of its own for {@link ExactWaitTests}, which the kernel may refuse the wait
 * that ends to the nanosecond.
 */
public final class ExactWaitProgram {

	private static final Duration MILLI = Duration.ofMillis(1);

	private ExactWaitProgram() {
	}

	/**
	 * Prints how many timerfds a loop has, and what its timers do.
	 * @param args what the wait is refused with, if it is
	 */
	public static void main(String[] args) {
		PrintStream out = System.out;
		if (args.length > 0) {
			SeccompFilter.refuseExactWait(Errno.valueOf(args[0]));
		}
		try (MainLoop loop = MainLoop.builder().build()) {
			int[] ticks = new int[1];
			long[] earliest = { Long.MAX_VALUE };
			loop.every("tick", MILLI, MILLI, (timer) -> {
				earliest[0] = Math.min(earliest[0], timer.tick().latenessNanos());
				if (++ticks[0] == 10) {
					out.println(loop.multiplexerName() + ", " + timerFds() + " timerfds");
					timer.close();
					loop.timer("boot time").clock(ClockId.BOOTTIME).after(MILLI, (other) -> loop.stop());
				}
			});
			loop.run();
			out.println(
					"%d ticks, %s, %s".formatted(ticks[0], (earliest[0] >= 0) ? "none early" : "early", loop.state()));
		}
	}

	private static long timerFds() {
		return ProcessFiles.anonymous().stream().filter((file) -> file.contains("timerfd")).count();
	}

}
