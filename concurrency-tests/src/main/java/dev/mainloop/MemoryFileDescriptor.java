package dev.mainloop;

import dev.mainloop.fd.FileDescriptor;

/**
 * A file descriptor in memory, which nothing happens to.
 */
final class MemoryFileDescriptor extends FileDescriptor {

	MemoryFileDescriptor() {
		super("file descriptor in memory");
	}

}
