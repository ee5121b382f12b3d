package dev.mainloop.process;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.MainLoop;
import dev.mainloop.kernel.SeccompFilter;
import dev.mainloop.libc.Errno;

/**
 * A program of its own for {@link RefusedPidFdTests}, whose kernel lacks calls.
 */
public final class RefusedPidFdProgram {

	private static final int REPETITIONS = 100;

	private static final PrintWriter out = new PrintWriter(System.out, true);

	private RefusedPidFdProgram() {
	}

	/**
	 * Prints which exits are not told as they should be.
	 * @param args the call that is refused, and why
	 * @throws IOException if a process cannot be started
	 */
	public static void main(String[] args) throws IOException {
		Errno errno = Errno.valueOf(args[1]);
		try (MainLoop loop = MainLoop.builder().build()) {
			if (args[0].equals("ioctl")) {
				SeccompFilter.refuseControl(errno);
			}
			else {
				SeccompFilter.refusePidFd(errno);
			}
			List<String> exits = new ArrayList<>();
			for (int i = 0; i < REPETITIONS; i++) {
				Process process = new ProcessBuilder("/bin/sh", "-c", (i % 2 == 0) ? "exit 3" : "kill -KILL $$")
					.start();
				String expected = (i % 2 == 0) ? "exit 3" : "killed by SIGKILL";
				loop.onExit("process", process,
						(status) -> exits.add(status.toString().endsWith(expected) ? "told" : status.toString()));
				while (exits.size() <= i) {
					loop.runOnce(Duration.ofSeconds(10));
				}
			}
			exits.stream().distinct().forEach(out::println);
			Process process = new ProcessBuilder("/bin/sh", "-c", "read line").start();
			loop.onExit("handle", process.toHandle(), (status) -> exits.add("handle told"));
			process.getOutputStream().close();
			while (exits.size() <= REPETITIONS) {
				loop.runOnce(Duration.ofSeconds(10));
			}
			out.println(exits.get(REPETITIONS));
			start(loop);
		}
	}

	private static void start(MainLoop loop) {
		try {
			Command.of("/bin/sh", "-c", "exit 0").start(loop, "child", (status) -> out.println("child " + status));
			while (!loop.sources().isEmpty()) {
				loop.runOnce(Duration.ofSeconds(10));
			}
		}
		catch (UnsupportedOperationException ex) {
			out.println(ex.getMessage());
		}
	}

}
