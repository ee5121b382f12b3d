package dev.mainloop.benchmarks.peer;

import java.nio.file.Path;

import dev.mainloop.file.FileIo;

/**
 * What carries out operations on files.
 */
public enum FilePeer {

	/** Our own files, on io_uring. */
	IO_URING,

	/** Our own files, on threads. */
	WORKERS,

	/** A {@link java.nio.channels.AsynchronousFileChannel} with the threads it has. */
	ASYNCHRONOUS_CHANNEL,

	/** A {@link java.nio.channels.FileChannel} that blocks its caller. */
	BLOCKING_CHANNEL;

	/**
	 * Begins operations.
	 * @param work what they do
	 * @param path the file
	 * @param inFlight how many are in flight
	 * @return the load, to be closed by the caller
	 */
	public FileLoad load(FileWork work, Path path, int inFlight) {
		return switch (this) {
			case IO_URING -> new MainLoopFileLoad(FileIo.IO_URING, work, path, inFlight);
			case WORKERS -> new MainLoopFileLoad(FileIo.WORKERS, work, path, inFlight);
			case ASYNCHRONOUS_CHANNEL -> new AsynchronousChannelLoad(work, path, inFlight);
			case BLOCKING_CHANNEL -> new BlockingChannelLoad(work, path);
		};
	}

}
