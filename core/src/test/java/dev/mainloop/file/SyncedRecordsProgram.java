package dev.mainloop.file;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.mainloop.MainLoop;

/**
 * Writes records into a file without end, several at a time, and prints the number of
 * each once it was synced, for {@link SyncedRecordsTests}.
 */
public final class SyncedRecordsProgram {

	private static final PrintStream OUT = System.out;

	/** How many records are written at a time. */
	static final int WRITERS = 8;

	private final AsyncFile file;

	private long next;

	private SyncedRecordsProgram(AsyncFile file) {
		this.file = file;
	}

	/**
	 * Runs until it is killed.
	 * @param args how files are read and written, and the file
	 */
	public static void main(String[] args) {
		MainLoop loop = MainLoop.builder().build();
		AsyncFiles files = AsyncFiles.builder(loop).fileIo(FileIo.valueOf(args[0])).build();
		loop.execute(() -> files.open(Path.of(args[1]), 0600, (operation) -> {
			SyncedRecordsProgram program = new SyncedRecordsProgram(operation.file());
			for (int i = 0; i < WRITERS; i++) {
				program.writeNext(ByteBuffer.allocateDirect(Long.BYTES));
			}
		}, StandardOpenOption.WRITE, StandardOpenOption.CREATE));
		loop.run();
	}

	private void writeNext(ByteBuffer record) {
		long number = this.next++;
		record.clear().putLong(0, number + 1);
		this.file.writeFully(record, number * Long.BYTES, (written) -> {
			written.result();
			this.file.dataSync((synced) -> {
				synced.result();
				OUT.println(number);
				writeNext(record);
			});
		});
	}

}
