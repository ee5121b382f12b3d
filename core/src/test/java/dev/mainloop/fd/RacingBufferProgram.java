package dev.mainloop.fd;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A program of its own for {@link BufferTests}: it reads into a buffer and writes from it
 * while another thread moves the position.
 */
public final class RacingBufferProgram {

	private static final int CALLS = 200_000;

	private static final int SIZE = 65_536;

	private RacingBufferProgram() {
	}

	/**
	 * Says whether what is beside the buffer is as it was.
	 * @param args the kind of the buffer
	 */
	public static void main(String[] args) {
		PrintStream out = System.out;
		ByteBuffer memory = args[0].equals("heap") ? ByteBuffer.allocate(2 * SIZE)
				: ByteBuffer.allocateDirect(2 * SIZE);
		ByteBuffer buffer = memory.slice(0, SIZE);
		for (int i = 0; i < memory.capacity(); i++) {
			memory.put(i, (byte) 'a');
		}
		Thread mover = new Thread(() -> {
			while (true) {
				buffer.position(SIZE - 1);
				buffer.position(0);
			}
		});
		mover.setDaemon(true);
		mover.start();
		try (FileDescriptor input = FileDescriptor.open(Path.of("/dev/zero"));
				FileDescriptor output = FileDescriptor.open(Path.of("/dev/null"), StandardOpenOption.WRITE)) {
			for (int i = 0; i < CALLS; i++) {
				call(() -> input.read(buffer));
				call(() -> output.write(buffer));
			}
		}
		boolean untouched = true;
		for (int i = SIZE; i < memory.capacity(); i++) {
			untouched &= memory.get(i) == 'a';
		}
		out.println(untouched ? "nothing was written outside" : "something was written outside");
	}

	/** Calls, and ignores that the buffer was not as the JDK expects it. */
	private static void call(Runnable call) {
		try {
			call.run();
		}
		catch (IllegalArgumentException | IndexOutOfBoundsException ex) {
			// This is what the other thread has asked for.
		}
	}

}
