package dev.mainloop.fd;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.mainloop.kernel.NativeThread;

/**
 * A read of another thread that waits in the kernel.
 */
final class WaitingRead {

	private WaitingRead() {
	}

	/**
	 * Begins to read, and returns when the thread waits.
	 * @param reader a file descriptor that blocks and has nothing to read
	 * @param buffer where to put the bytes
	 * @return what the call returns
	 */
	static CompletableFuture<Integer> begin(FileDescriptor reader, ByteBuffer buffer) throws Exception {
		CompletableFuture<NativeThread> started = new CompletableFuture<>();
		CompletableFuture<Integer> call = CompletableFuture.supplyAsync(() -> {
			started.complete(NativeThread.current());
			return reader.read(buffer);
		});
		NativeThread thread = started.get(30, TimeUnit.SECONDS);
		while (!thread.isWaiting()) {
			Thread.onSpinWait();
		}
		return call;
	}

}
