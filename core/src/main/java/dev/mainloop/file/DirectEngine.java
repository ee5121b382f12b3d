package dev.mainloop.file;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

import dev.mainloop.Completion;
import dev.mainloop.fd.EventFd;
import org.jspecify.annotations.Nullable;

/**
 * Carries out file operations on the loop's own thread, one after another in the order in
 * which they are begun.
 */
final class DirectEngine implements FileEngine {

	private final FileCalls calls;

	private final Queue<FileOperation> ended = new ArrayDeque<>();

	DirectEngine(FileCalls calls) {
		this.calls = calls;
	}

	@Override
	public FileIo kind() {
		return FileIo.WORKERS;
	}

	@Override
	public void open(Consumer<Completion> completed, EventFd wakeUp) {
	}

	@Override
	public void begin(FileOperation operation) {
		operation.ended(this.calls.call(operation));
		this.ended.add(operation);
	}

	@Override
	public void cancel(FileOperation operation) {
	}

	@Override
	public void submit() {
	}

	@Override
	public boolean hasCompletion() {
		return !this.ended.isEmpty();
	}

	@Override
	public @Nullable FileOperation next() {
		return this.ended.poll();
	}

	@Override
	public boolean await() {
		return true;
	}

	@Override
	public void close() {
	}

}
