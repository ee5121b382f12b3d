package dev.mainloop;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;

/**
 * A program of its own for {@link MountsTests}, which mounts and unmounts a file system
 * in a mount namespace of its own.
 */
public final class MountsProgram {

	private static final PrintWriter out = new PrintWriter(System.out, true);

	private MountsProgram() {
	}

	/**
	 * Prints what is told of the changes of {@code /proc/self/mounts}, to one that waits
	 * for them alone and one that waits for all.
	 * @param args the kind of the multiplexer
	 * @throws Exception if it fails
	 */
	public static void main(String[] args) throws Exception {
		Path directory = Files.createTempDirectory("mainloop");
		Path file = Path.of("/proc/self/mounts");
		try (FileDescriptor one = FileDescriptor.open(file);
				FileDescriptor other = FileDescriptor.open(file);
				MainLoop loop = MainLoop.builder().multiplexer(MultiplexerKind.valueOf(args[0])).build()) {
			loop.watch("changes", one, Readiness.PRIORITY, (fd, readiness) -> tell("changes", readiness));
			loop.watch("all", other, Readiness.READABLE | Readiness.PRIORITY,
					(fd, readiness) -> tell("all", readiness));
			loop.runOnce();
			run("mount", "-t", "tmpfs", "none", directory.toString());
			wait(loop);
			run("umount", directory.toString());
			wait(loop);
		}
		Files.delete(directory);
	}

	private static void wait(MainLoop loop) {
		for (int i = 0; i < 3; i++) {
			loop.runOnce(Duration.ofSeconds(20));
		}
	}

	private static void tell(String who, Readiness readiness) {
		if (readiness.isPriority()) {
			out.println(who);
		}
	}

	private static void run(String... command) throws Exception {
		int exitCode = new ProcessBuilder(command).inheritIO().start().waitFor();
		out.println(command[0] + " " + exitCode);
	}

}
