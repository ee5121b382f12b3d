package dev.mainloop.test;

import java.net.SocketAddress;
import java.nio.ByteBuffer;

import dev.mainloop.socket.PeerCredentials;
import dev.mainloop.socket.StreamSocket;
import dev.mainloop.socket.UnixAddress;

/**
 * A connection in memory, of which the test is the other side, see
 * {@link TestMainLoop#connect(String)}. It takes all that is written until it is given
 * less {@linkplain #room room}.
 * <p>
 * What the test does to it is handled when the call returns, as by
 * {@link TestFileDescriptor}.
 */
public final class TestStreamSocket extends StreamSocket implements Pollable {

	private final TestFileDescriptor wire;

	private final UnixAddress address;

	private final PeerCredentials peer;

	TestStreamSocket(String listening, PeerCredentials peer) {
		super("connection to " + listening);
		this.wire = new TestFileDescriptor("connection to " + listening);
		this.address = UnixAddress.ofAbstract(listening);
		this.peer = peer;
		onClose(this.wire::close);
	}

	/**
	 * Sends text to the application.
	 * @param text the text, with the ends of its lines, in UTF-8
	 */
	public void receive(String text) {
		this.wire.receive(text);
	}

	/**
	 * Sends bytes to the application.
	 * @param bytes the bytes
	 */
	public void receive(byte... bytes) {
		this.wire.receive(bytes);
	}

	/**
	 * Ends what is sent to the application, as a peer does that reads still.
	 */
	public void endOfFile() {
		this.wire.endOfFile();
	}

	/**
	 * Ends the connection, as a peer does that is gone.
	 */
	public void hangUp() {
		this.wire.hangUp();
	}

	/**
	 * Sets how much the application can write from now on.
	 * @param bytes the number of bytes
	 */
	public void room(int bytes) {
		this.wire.room(bytes);
	}

	/**
	 * Takes the text that the application has written since it was taken last.
	 * @return the text, read as UTF-8
	 */
	public String takeWritten() {
		return this.wire.takeWritten();
	}

	@Override
	public int read(ByteBuffer buffer) {
		int count = this.wire.read(buffer);
		if (count > 0) {
			transferred();
		}
		return count;
	}

	@Override
	public int write(ByteBuffer buffer) {
		int count = this.wire.write(buffer);
		if (count > 0) {
			transferred();
		}
		return count;
	}

	@Override
	public void shutdownOutput() {
		requireOpen();
	}

	@Override
	public SocketAddress localAddress() {
		return this.address;
	}

	@Override
	public SocketAddress remoteAddress() {
		return this.address;
	}

	@Override
	public PeerCredentials peerCredentials() {
		return this.peer;
	}

	@Override
	public int readiness() {
		return this.wire.readiness();
	}

	@Override
	public long changes() {
		return this.wire.changes();
	}

	@Override
	public void watchedBy(Runnable loop) {
		this.wire.watchedBy(loop);
	}

}
