package dev.mainloop.file;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.mainloop.line.Framing;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of a file up to its end, piece by piece. Belongs to the loop's thread.
 *
 * @param <F> the type of the frames
 */
final class FramedFile<F> {

	private static final int PIECE = 64 * 1024;

	private final AsyncFile file;

	private final Framing<F> framing;

	private final Consumer<? super F> consumer;

	private final ByteBuffer bytes = ByteBuffer.allocateDirect(PIECE);

	private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

	FramedFile(AsyncFile file, Framing<F> framing, Consumer<? super F> consumer) {
		this.file = file;
		this.framing = framing;
		this.consumer = consumer;
	}

	CompletableFuture<@Nullable Void> read(long position) {
		readNext(position);
		return this.done;
	}

	private void readNext(long position) {
		this.file.read(this.bytes.clear(), position).whenComplete((count, failure) -> {
			if (failure != null) {
				this.done.completeExceptionally(failure);
			}
			else {
				take(position, count);
			}
		});
	}

	private void take(long position, int count) {
		try {
			if (count == FileOperation.END_OF_FILE) {
				end();
			}
			else {
				giveFrames();
				if (!this.done.isDone()) {
					readNext(position + count);
				}
			}
		}
		catch (Throwable ex) {
			this.done.completeExceptionally(ex);
		}
	}

	private void giveFrames() {
		this.bytes.flip();
		F frame = this.framing.next(this.bytes);
		while (frame != null && !this.done.isDone()) {
			this.consumer.accept(frame);
			frame = this.framing.next(this.bytes);
		}
	}

	private void end() {
		F rest = this.framing.end();
		if (rest != null) {
			this.consumer.accept(rest);
		}
		this.done.complete(null);
	}

}
