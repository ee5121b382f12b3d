package dev.mainloop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import dev.mainloop.fd.Signal;
import dev.mainloop.fd.SignalInfo;

/**
 * A program of its own for {@link SignalFdTests}, which starts it with signals blocked.
 */
public final class SignalFdProgram {

	private static final PrintWriter out = new PrintWriter(System.out, true);

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final int FLOOD = 1000;

	private SignalFdProgram() {
	}

	/**
	 * Prints the signals that come.
	 * @param args what to do with them
	 * @throws Exception if it fails
	 */
	public static void main(String[] args) throws Exception {
		MainLoop loop = MainLoop.builder().signals(SignalMode.valueOf(args[1])).build();
		switch (args[0]) {
			case "serve" -> serve(loop);
			case "serveBothWays" -> serveBothWays(loop);
			case "register" -> register(loop);
			case "pause" -> pause(loop);
			case "pauseInBatch" -> pauseInBatch(loop);
			case "queue" -> queue(loop);
			case "flood" -> flood(loop);
			case "twoHandlers" -> twoHandlers(loop);
			case "children" -> children(loop);
			case "masks" -> masks(loop);
			default -> throw new IllegalArgumentException(args[0]);
		}
	}

	private static void serve(MainLoop loop) {
		for (String name : List.of("SIGHUP", "usr1", "SIGRTMIN+1", "TERM")) {
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

	private static void queue(MainLoop loop) throws IOException {
		AtomicInteger left = new AtomicInteger(7);
		for (String name : List.of("RTMIN+1", "RTMIN+2", "USR1")) {
			loop.onSignal(name, Signal.of(name), (info) -> {
				out.printf("%s %d code=%d pid=%d uid=%d%n", info.signal(), info.value(), info.code(), info.pid(),
						info.uid());
				left.decrementAndGet();
			});
		}
		out.println("ready");
		awaitInput();
		while (left.get() > 0) {
			loop.runOnce(LONG);
		}
		loop.close();
	}

	/** Counts signals that waited, and then those that come while it runs. */
	private static void flood(MainLoop loop) throws IOException {
		List<Integer> values = new ArrayList<>();
		AtomicInteger standard = new AtomicInteger();
		loop.onSignal("real-time", Signal.of("RTMIN+1"), (info) -> values.add(info.value()));
		loop.onSignal("standard", Signal.of("USR1"), (info) -> standard.incrementAndGet());
		out.println("ready");
		awaitInput();
		while (values.size() < FLOOD) {
			loop.runOnce(LONG);
		}
		loop.runOnce();
		printFlood(values, standard);
		while (!values.contains(-1)) {
			loop.runOnce(LONG);
		}
		loop.runOnce();
		values.remove(Integer.valueOf(-1));
		printFlood(values, standard);
		loop.close();
	}

	private static void printFlood(List<Integer> values, AtomicInteger standard) {
		boolean inOrder = values.equals(IntStream.range(0, FLOOD).boxed().toList());
		out.println("in order " + inOrder + ", SIGRTMIN+1 " + values.size() + ", SIGUSR1 " + standard.getAndSet(0));
		values.clear();
	}

	private static void twoHandlers(MainLoop loop) {
		loop.onSignal("first", Signal.of("USR1"), (info) -> out.println("first"));
		loop.onSignal("second", Signal.of("SIGUSR1"), (info) -> out.println("second"));
		out.println("ready");
		loop.run();
	}

	private static void children(MainLoop loop) throws IOException {
		AtomicReference<SignalInfo> received = new AtomicReference<>();
		loop.onSignal("child", Signal.of("CHLD"), received::set);
		for (String command : List.of("exit 3", "kill -KILL $$")) {
			received.set(null);
			Process child = new ProcessBuilder("sh", "-c", command).start();
			while (received.get() == null) {
				loop.runOnce(LONG);
			}
			SignalInfo info = received.get();
			out.printf("%s of %s: code=%d status=%d%n", info.signal(),
					(info.pid() == child.pid()) ? "the child" : "another", info.code(), info.status());
		}
		loop.close();
	}

	private static void masks(MainLoop loop) throws Exception {
		loop.onSignal("HUP", Signal.of("HUP"), SignalFdProgram::print);
		String own = Files.readString(Path.of("/proc/self/status"));
		for (List<String> launcher : List.of(List.<String>of(), List.of("env", "--default-signal"))) {
			List<String> command = new ArrayList<>(launcher);
			command.addAll(List.of("grep", "SigBlk:", "/proc/self/status"));
			String blocked = new ProcessBuilder(command).start().inputReader().readLine();
			out.println(blocked.endsWith("\t0000000000000000") ? "none"
					: own.contains(blocked) ? "those of the JVM" : blocked);
		}
		Process child = new ProcessBuilder("env", "--default-signal=HUP", "sh", "-c", "echo; exec cat").start();
		child.inputReader().readLine();
		new ProcessBuilder("sh", "-c", "kill -HUP " + child.pid()).start();
		out.println(child.waitFor());
		loop.close();
	}

	private static void awaitInput() throws IOException {
		new BufferedReader(new InputStreamReader(System.in)).readLine();
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
