package dev.mainloop.benchmarks.peer;

import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What is done with a file.
 */
public enum FileWork {

	/** Reads of random blocks, which the page cache has. */
	CACHED(4096, StandardOpenOption.READ),

	/** Reads of random blocks past the page cache. */
	DIRECT(4096, StandardOpenOption.READ),

	/** Appends, each of which is synced. */
	APPEND(512, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);

	private static final int ALIGNMENT = 4096;

	/** How many bytes an operation reads or writes. */
	final int size;

	private final List<OpenOption> options;

	FileWork(int size, OpenOption... options) {
		this.size = size;
		this.options = List.of(options);
	}

	/**
	 * Returns the options to open the file with.
	 * @param direct the option to go past the page cache
	 */
	OpenOption[] options(OpenOption direct) {
		OpenOption[] all = this.options.toArray(new OpenOption[this.options.size() + ((this == DIRECT) ? 1 : 0)]);
		if (this == DIRECT) {
			all[all.length - 1] = direct;
		}
		return all;
	}

	ByteBuffer buffer() {
		return ByteBuffer.allocateDirect(2 * ALIGNMENT).alignedSlice(ALIGNMENT).limit(this.size);
	}

}
