package dev.mainloop;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.multiplexer.Trigger;

/**
 * What {@link Descriptors} holds of whoever waits for a file descriptor: the seat of a
 * {@link DescriptorSource}, and of each part of the loop that works by a descriptor of
 * its own.
 */
interface Watcher {

	/** The file descriptor, which stays its owner's to close. */
	FileDescriptor fd();

	/** The bits of {@link Readiness} to wait for. */
	default int interest() {
		return Readiness.READABLE;
	}

	/** When to be told. */
	Trigger trigger();

	/**
	 * Called on the loop's thread when the file descriptor is ready. What it throws ends
	 * the loop as failed.
	 * @param readiness the bits of {@link Readiness} that are of interest, errors and
	 * hang-ups
	 */
	void ready(int readiness);

	/** Whether it is the seat of an event source of the application. */
	default boolean isSource() {
		return false;
	}

	/** Called when the loop closes, by the thread that closes it. */
	default void close() {
	}

}
