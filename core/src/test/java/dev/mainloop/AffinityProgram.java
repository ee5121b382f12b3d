package dev.mainloop;

import java.io.PrintStream;

/**
 * A program of its own for {@link AffinityTests}, whose CPUs change while it runs.
 */
public final class AffinityProgram {

	private AffinityProgram() {
	}

	/**
	 * Makes a loop and starts it, and prints what refuses that.
	 * @param args the CPUs of the loop, and after that, if the process is to be left
	 * fewer CPUs before the start, the path of {@code taskset} and their list
	 * @throws Exception if {@code taskset} fails
	 */
	public static void main(String[] args) throws Exception {
		PrintStream out = System.out;
		MainLoopBuilder builder = MainLoop.builder().name("pinned").cpus(CpuSet.parse(args[0]));
		try (MainLoop loop = builder.build()) {
			if (args.length > 1) {
				leave(args[1], args[2]);
			}
			refused(out, "start", new MainLoopThread(loop)::start);
			out.println("state: " + loop.state());
			refused(out, "run", loop::run);
			out.println("state: " + loop.state());
		}
		catch (UnusableCpusException ex) {
			out.println("build: " + ex.getMessage());
		}
	}

	private static void leave(String taskset, String cpus) throws Exception {
		new ProcessBuilder(taskset, "-cp", cpus, Long.toString(ProcessHandle.current().pid())).start().waitFor();
	}

	private static void refused(PrintStream out, String call, Runnable action) {
		try {
			action.run();
			out.println(call + " has returned");
		}
		catch (UnusableCpusException ex) {
			out.println(call + ": " + ex.getMessage().substring(0, ex.getMessage().indexOf('.')));
		}
	}

}
