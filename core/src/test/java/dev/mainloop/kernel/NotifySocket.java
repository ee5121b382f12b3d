package dev.mainloop.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.socket.DatagramSocket;
import dev.mainloop.socket.UnixAddress;
import org.jspecify.annotations.Nullable;

import static org.awaitility.Awaitility.await;

/**
 * Where a service manager is told of its service, see {@code sd_notify(3)}.
 */
public final class NotifySocket implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration PAUSE = Duration.ofMillis(1);

	private final String address = "@mainloop-" + UUID.randomUUID();

	private final DatagramSocket socket = DatagramSocket.bind(UnixAddress.parse(this.address));

	/**
	 * Returns what the service has as {@code NOTIFY_SOCKET}.
	 * @return an abstract name
	 */
	public String address() {
		return this.address;
	}

	/**
	 * Takes the next notification.
	 * @return the notification, or {@code null} if none is there yet
	 */
	public @Nullable String poll() {
		ByteBuffer buffer = ByteBuffer.allocate(4096);
		if (this.socket.readMessage(buffer) == FileDescriptor.NO_MESSAGE) {
			return null;
		}
		return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
	}

	/**
	 * Takes the notifications that are there.
	 * @return the notifications
	 */
	public List<String> pollAll() {
		List<String> all = new ArrayList<>();
		String next = poll();
		while (next != null) {
			all.add(next);
			next = poll();
		}
		return all;
	}

	/**
	 * Waits for the next notification.
	 * @return the notification
	 */
	public String take() {
		return Objects.requireNonNull(await().atMost(PATIENCE).pollInterval(PAUSE).until(this::poll, Objects::nonNull));
	}

	@Override
	public void close() {
		this.socket.close();
	}

}
