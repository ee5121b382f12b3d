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
import java.util.stream.IntStream;

import dev.mainloop.fd.Signal;
import dev.mainloop.multiplexer.MultiplexerKind;

/**
 * A program of its own for {@link SignalHubFdTests}, which starts it with signals
 * blocked.
 */
public final class SignalHubProgram {

	private static final PrintWriter out = new PrintWriter(System.out, true);

	private static final BufferedReader in = new BufferedReader(new InputStreamReader(System.in));

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final int FLOOD = 300;

	private static final Signal USR1 = Signal.of("USR1");

	private static final Signal TERM = Signal.of("TERM");

	private static final Signal QUEUED = Signal.of("RTMIN+1");

	private final MultiplexerKind kind;

	private final MainLoop a;

	private final MainLoop b;

	private SignalHubProgram(MultiplexerKind kind) {
		this.kind = kind;
		this.a = open();
		this.b = open();
	}

	private MainLoop open() {
		return MainLoop.builder().multiplexer(this.kind).signals(SignalMode.SIGNALFD).exitTimeout(LONG).build();
	}

	/**
	 * Does what a test asks for.
	 * @param args what to do, and the multiplexer
	 * @throws Exception if it fails
	 */
	public static void main(String[] args) throws Exception {
		SignalHubProgram program = new SignalHubProgram(MultiplexerKind.valueOf(args[1]));
		switch (args[0]) {
			case "twoLoops" -> program.twoLoops();
			case "readForAnother" -> program.readForAnother();
			case "closeInHandler" -> program.closeInHandler();
			case "pauseInHandler" -> program.pauseInHandler();
			case "slowLoop" -> program.slowLoop();
			case "comeAndGo" -> program.comeAndGo();
			case "descriptors" -> program.descriptors();
			case "exit" -> program.exit();
			case "pausedThenClosed" -> program.pausedThenClosed();
			case "failedAndOther" -> program.failedAndOther();
			default -> throw new IllegalArgumentException(args[0]);
		}
	}

	private void twoLoops() {
		this.a.onSignal("a", USR1, (info) -> out.println("a " + info.pid()));
		this.b.onSignal("b", USR1, (info) -> out.println("b " + info.pid()));
		LoopRunner.start(this.a);
		LoopRunner.start(this.b);
		out.println("ready");
	}

	/** The loop that runs has another signal, and reads for the one that does not. */
	private void readForAnother() throws IOException {
		this.a.onSignal("a", USR1, (info) -> out.println("a"));
		this.b.onSignal("b", QUEUED, (info) -> out.println("b"));
		out.println("ready");
		awaitPending(USR1);
		this.b.runOnce(LONG);
		out.println((pending() & bit(USR1)) == 0);
		this.a.runOnce();
		end();
	}

	private void closeInHandler() throws IOException {
		List<SignalSource> first = new ArrayList<>();
		first.add(this.a.onSignal("first", QUEUED, (info) -> {
			out.println("first " + info.value());
			first.get(0).close();
		}));
		out.println("ready");
		in.readLine();
		LoopRunner.runUntilIdle(this.a);
		out.println("closed");
		this.b.onSignal("next", QUEUED, (info) -> out.println("next " + info.value()));
		in.readLine();
		this.b.runOnce(LONG);
		LoopRunner.runUntilIdle(this.b);
		end();
	}

	private void pauseInHandler() throws IOException {
		List<SignalSource> source = new ArrayList<>();
		int[] last = { 0 };
		source.add(this.a.onSignal("paused", QUEUED, (info) -> {
			out.println(info.value());
			last[0] = info.value();
			source.get(0).pause();
			if (info.value() % 2 == 0) {
				source.get(0).resume();
			}
		}));
		out.println("ready");
		in.readLine();
		LoopRunner.runUntilIdle(this.a);
		out.println("paused");
		in.readLine();
		while (last[0] < 6) {
			source.get(0).resume();
			this.a.runOnce(LONG);
		}
		end();
	}

	/** The one that runs takes so many that not too many wait for the other. */
	private void slowLoop() throws IOException {
		List<Integer> fast = new ArrayList<>();
		List<Integer> slow = new ArrayList<>();
		this.a.onSignal("fast", QUEUED, (info) -> fast.add(info.value()));
		this.b.onSignal("slow", QUEUED, (info) -> slow.add(info.value()));
		out.println("ready");
		in.readLine();
		for (int i = 0; i < FLOOD; i++) {
			this.a.runOnce();
		}
		out.println(fast.size() >= SignalHub.MOST_PENDING && fast.size() < SignalHub.MOST_PENDING + 16);
		while (fast.size() < FLOOD || slow.size() < FLOOD) {
			this.b.runOnce();
			this.a.runOnce();
		}
		List<Integer> expected = IntStream.range(0, FLOOD).boxed().toList();
		out.println(fast.equals(expected) && slow.equals(expected));
		end();
	}

	/** Gets all in order while sources of other loops come and go and are paused. */
	private void comeAndGo() throws Exception {
		List<Integer> received = new ArrayList<>();
		this.a.onSignal("all", QUEUED, (info) -> {
			if (info.value() >= 0) {
				received.add(info.value());
			}
			else {
				this.a.stop();
			}
		});
		Thread churn = new Thread(() -> {
			while (this.a.state() != MainLoopState.STOPPED) {
				churn();
			}
		}, "churn");
		churn.start();
		out.println("ready");
		this.a.run();
		churn.join();
		out.println(received.equals(IntStream.range(0, 2000).boxed().toList()));
		out.println(Platform.LINUX.signals().pending(QUEUED));
		end();
	}

	private void churn() {
		MainLoop loop = open();
		LoopRunner runner = LoopRunner.start(loop);
		SignalSource source = loop.onSignal("churn", QUEUED, (info) -> {
		});
		for (int i = 0; i < 20; i++) {
			source.pause();
			source.resume();
		}
		source.close();
		loop.onSignal("again", QUEUED, (info) -> {
		});
		runner.close();
		loop.close();
	}

	private void descriptors() throws IOException {
		out.println(signalFds());
		SignalSource first = this.a.onSignal("a", USR1, (info) -> out.println("a"));
		SignalSource second = this.b.onSignal("b", QUEUED, (info) -> out.println("b"));
		out.println(signalFds());
		first.close();
		out.println(signalFds());
		second.close();
		out.println(signalFds());
		this.a.onSignal("a", USR1, (info) -> out.println("a again"));
		out.println(signalFds());
		awaitPending(USR1);
		this.a.runOnce(LONG);
		this.a.close();
		out.println(signalFds());
		this.b.close();
	}

	private static long signalFds() throws IOException {
		try (var files = Files.list(Path.of("/proc/self/fd"))) {
			return files.filter((file) -> target(file).equals("anon_inode:[signalfd]")).count();
		}
	}

	private static String target(Path file) {
		try {
			return Files.readSymbolicLink(file).toString();
		}
		catch (IOException ex) {
			return "";
		}
	}

	/** Ends when both have handled it, though one of them could not for a while. */
	private void exit() {
		this.a.onSignal("a", TERM, (info) -> out.println("a"));
		this.b.onSignal("b", TERM, (info) -> {
			in.readLine();
			out.println("b");
		});
		LoopRunner.start(this.a);
		LoopRunner.start(this.b);
		out.println("ready");
	}

	private void pausedThenClosed() throws IOException {
		SignalSource only = this.a.onSignal("only", TERM, (info) -> out.println("handled"));
		only.pause();
		LoopRunner.start(this.a);
		out.println("ready");
		awaitPending(TERM);
		out.println("pending");
		in.readLine();
		only.close();
	}

	private void failedAndOther() {
		MainLoop failing = MainLoop.builder()
			.multiplexer(this.kind)
			.signals(SignalMode.SIGNALFD)
			.errorPolicy(ErrorPolicy.STOP, 1)
			.errorHandler((source, event, error) -> {
			})
			.build();
		failing.onSignal("failing", TERM, true, (info) -> out.println("failing"));
		failing.onSignal("usr1", USR1, (info) -> {
			throw new IllegalStateException("expected");
		});
		this.a.onSignal("a", TERM, (info) -> out.println("a"));
		LoopRunner.start(this.a);
		out.println("ready");
		try {
			failing.run();
		}
		catch (IllegalStateException ex) {
			out.println(ex.getMessage());
		}
	}

	private void end() {
		this.a.close();
		this.b.close();
		out.println("end");
	}

	private static void awaitPending(Signal signal) throws IOException {
		while ((pending() & bit(signal)) == 0) {
			Thread.onSpinWait();
		}
	}

	private static long bit(Signal signal) {
		return 1L << (signal.number() - 1);
	}

	private static long pending() throws IOException {
		return Files.readAllLines(Path.of("/proc/self/status"))
			.stream()
			.filter((line) -> line.startsWith("ShdPnd:"))
			.mapToLong((line) -> Long.parseUnsignedLong(line.substring("ShdPnd:".length()).trim(), 16))
			.findFirst()
			.orElseThrow();
	}

}
