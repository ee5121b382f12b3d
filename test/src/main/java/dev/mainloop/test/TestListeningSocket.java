package dev.mainloop.test;

import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;

import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.socket.ListeningSocket;
import dev.mainloop.socket.PeerCredentials;
import dev.mainloop.socket.StreamSocket;
import dev.mainloop.socket.UnixAddress;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket in memory.
 */
final class TestListeningSocket extends ListeningSocket implements Pollable {

	private final String name;

	private final Queue<TestStreamSocket> waiting = new ArrayDeque<>();

	private long changes;

	TestListeningSocket(String name) {
		super(name);
		this.name = name;
	}

	synchronized TestStreamSocket connect(PeerCredentials peer) {
		requireOpen();
		TestStreamSocket socket = new TestStreamSocket(this.name, peer);
		this.waiting.add(socket);
		this.changes++;
		return socket;
	}

	@Override
	protected synchronized @Nullable StreamSocket accept(String description) {
		requireOpen();
		StreamSocket next = this.waiting.poll();
		if (next != null) {
			transferred();
		}
		return next;
	}

	@Override
	public SocketAddress localAddress() {
		return UnixAddress.ofAbstract(this.name);
	}

	@Override
	public synchronized int readiness() {
		return this.waiting.isEmpty() ? 0 : Readiness.READABLE;
	}

	@Override
	public synchronized long changes() {
		return this.changes;
	}

}
