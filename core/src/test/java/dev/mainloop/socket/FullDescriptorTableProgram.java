package dev.mainloop.socket;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import dev.mainloop.MainLoop;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.ManualClocks;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;

/**
 * A program of its own for {@link AcceptorTests}: it accepts a connection while it has
 * every file descriptor that it may have.
 */
public final class FullDescriptorTableProgram {

	private FullDescriptorTableProgram() {
	}

	/**
	 * Prints what becomes of the connection.
	 * @param args none
	 */
	public static void main(String[] args) {
		PrintStream out = System.out;
		ManualClocks clocks = new ManualClocks(Instant.EPOCH);
		List<StreamSocket> accepted = new ArrayList<>();
		List<String> errors = new ArrayList<>();
		try (MainLoop loop = MainLoop.builder()
			.clock(clocks)
			.errorHandler((source, event, error) -> errors.add(text((ErrnoException) error)))
			.build(); ListeningSocket listening = ListeningSocket.open(SocketLoop.abstractAddress())) {
			List<StreamSocket> connected = new ArrayList<>();
			Connector.open(loop, "connector", listening.localAddress(), Duration.ofDays(1), connected::add);
			// The classes that an error needs, each of which is a file.
			loop.after("error", Duration.ZERO, (timer) -> FileDescriptor.open(Path.of("/none")));
			while (connected.isEmpty() || errors.isEmpty()) {
				loop.runOnce();
			}
			errors.clear();
			Acceptor acceptor = Acceptor.open(loop, "acceptor", listening, 10, accepted::add);
			Deque<FileDescriptor> taken = fill();
			loop.runOnce();
			errors.forEach(out::println);
			long events = acceptor.source().statistics().events();
			for (int i = 0; i < 10; i++) {
				loop.runOnce();
			}
			out.println("calls while it rests: " + (acceptor.source().statistics().events() - events));
			taken.pop().close();
			clocks.advance(Duration.ofSeconds(1));
			while (accepted.isEmpty()) {
				loop.runOnce();
			}
			out.println("accepted after the rest: " + accepted.size());
		}
	}

	private static String text(ErrnoException error) {
		return error.call() + ": " + Errno.name(error.errno());
	}

	private static Deque<FileDescriptor> fill() {
		Deque<FileDescriptor> taken = new ArrayDeque<>();
		try {
			while (true) {
				taken.push(FileDescriptor.open(Path.of("/dev/null")));
			}
		}
		catch (ErrnoException ex) {
			return taken;
		}
	}

}
