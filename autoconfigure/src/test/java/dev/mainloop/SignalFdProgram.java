package dev.mainloop;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalInfo;

/**
 * A program of its own for {@link SignalFdTests}, which starts it with signals blocked.
 */
public final class SignalFdProgram {

	private static final PrintWriter out = new PrintWriter(System.out, true);

	private SignalFdProgram() {
	}

	/**
	 * Prints the signals that come.
	 * @param args what to do with them
	 * @throws IOException if it fails
	 */
	public static void main(String[] args) throws IOException {
		MainLoop loop = MainLoop.builder().signals(SignalMode.valueOf(args[1])).build();
		switch (args[0]) {
			case "serve" -> serve(loop);
			case "serveBothWays" -> serveBothWays(loop);
			case "register" -> register(loop);
			case "pause" -> pause(loop);
			case "pauseInBatch" -> pauseInBatch(loop);
			default -> throw new IllegalArgumentException(args[0]);
		}
	}

	private static void serve(MainLoop loop) {
		for (String name : List.of("HUP", "USR1", "RTMIN+1", "TERM")) {
			loop.onSignal(name, Signal.of(name), SignalFdProgram::print);
		}
		out.println(loop.signalsDescription() + ", descriptors " + loop.sourceCounts().get("descriptors"));
		loop.run();
	}

	private static void serveBothWays(MainLoop loop) {
		for (String name : List.of("USR1", "WINCH")) {
			loop.onSignal(name, Signal.of(name), SignalFdProgram::print);
		}
		out.println(loop.signalsDescription());
		loop.run();
	}

	private static void register(MainLoop loop) {
		try (loop) {
			loop.onSignal("USR1", Signal.of("USR1"), SignalFdProgram::print);
			out.println(loop.signalsDescription());
		}
		catch (UnusableSignalException ex) {
			out.println(ex.getMessage());
		}
	}

	private static void pause(MainLoop loop) throws IOException {
		SignalSource source = loop.onSignal("USR1", Signal.of("USR1"), SignalFdProgram::print);
		source.pause();
		out.println("paused");
		awaitPending("USR1");
		loop.runOnce();
		out.println("resumed");
		source.resume();
		loop.runOnce();
		loop.close();
		out.println(source.state());
		source.close();
	}

	private static void pauseInBatch(MainLoop loop) throws IOException {
		SignalSource second = loop.onSignal("USR1", Signal.of("USR1"), SignalFdProgram::print);
		loop.onSignal("HUP", Signal.of("HUP"), (info) -> {
			print(info);
			second.pause();
		});
		out.println("ready");
		awaitPending("HUP", "USR1");
		loop.runOnce();
		out.println("resumed");
		second.resume();
		loop.runOnce();
		loop.close();
	}

	private static void awaitPending(String... names) throws IOException {
		long wanted = 0;
		for (String name : names) {
			wanted |= 1L << (Signal.of(name).number() - 1);
		}
		long pending = 0;
		while ((pending & wanted) != wanted) {
			pending = Files.readAllLines(Path.of("/proc/self/status"))
				.stream()
				.filter((line) -> line.startsWith("ShdPnd:"))
				.mapToLong((line) -> Long.parseUnsignedLong(line.substring("ShdPnd:".length()).trim(), 16))
				.findFirst()
				.orElseThrow();
		}
	}

	private static void print(SignalInfo info) {
		out.printf("%s detailed=%s code=%d pid=%d uid=%d%n", info.signal(), info.detailed(), info.code(), info.pid(),
				info.uid());
	}

}
