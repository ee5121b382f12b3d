package dev.mainloop.socket;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import dev.mainloop.MainLoop;
import dev.mainloop.multiplexer.MultiplexerKind;

/**
 * A loop that a test drives, and the connections that it makes.
 */
final class SocketLoop implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final List<Throwable> errors = new ArrayList<>();

	private final AtomicLong skippedNanos = new AtomicLong();

	private final MainLoop loop;

	SocketLoop(MultiplexerKind multiplexer) {
		this.loop = MainLoop.builder()
			.multiplexer(multiplexer)
			.clock(() -> System.nanoTime() + this.skippedNanos.get())
			.errorHandler((source, event, error) -> this.errors.add(error))
			.build();
	}

	MainLoop loop() {
		return this.loop;
	}

	List<Throwable> errors() {
		return this.errors;
	}

	/** Lets time pass, beside that which does. */
	void advance(Duration duration) {
		this.skippedNanos.addAndGet(duration.toNanos());
	}

	void runUntil(BooleanSupplier condition) {
		while (!condition.getAsBoolean()) {
			this.loop.runOnce(Duration.ofSeconds(1));
		}
	}

	void runUntilIdle() {
		runUntil(() -> !this.loop.runOnce());
	}

	/** Makes a connection, and runs the loop until it is there. */
	StreamSocket connect(SocketAddress address) {
		List<StreamSocket> connected = new ArrayList<>();
		Connector.open(this.loop, "connector", address, TIMEOUT, connected::add);
		runUntil(() -> !connected.isEmpty());
		return connected.get(0);
	}

	/** Accepts the next connection, which is or will be there. */
	StreamSocket accept(ListeningSocket listening) {
		List<StreamSocket> accepted = new ArrayList<>();
		Acceptor acceptor = Acceptor.open(this.loop, "acceptor", listening, 1, accepted::add);
		runUntil(() -> !accepted.isEmpty());
		acceptor.close();
		return accepted.get(0);
	}

	static InetSocketAddress anyPort() {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
	}

	static UnixAddress abstractAddress() {
		return UnixAddress.ofAbstract("mainloop-" + UUID.randomUUID());
	}

	/** An address of each kind that a stream socket can have. */
	static List<SocketAddress> addresses(Path directory) {
		return List.of(anyPort(), abstractAddress(), UnixAddress.of(directory.resolve("a socket")));
	}

	@Override
	public void close() {
		this.loop.close();
	}

}
