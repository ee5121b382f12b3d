package dev.mainloop.benchmarks.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import dev.mainloop.MainLoop;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.line.FrameReader;
import dev.mainloop.line.Framing;

/**
 * Measures what a line costs that comes through a FIFO from another process, in
 * nanoseconds, and in those of the processor for the thread that reads:
 * {@code LineThroughput mainloop|reader COUNT FIFO}. Each line has to be the one that
 * comes next.
 */
public final class LineThroughput {

	/** How many lines come before it is measured. */
	private static final int WARM_UP = 500_000;

	private final int count;

	private int next = 1;

	private long begin;

	private long beginCpu;

	private LineThroughput(int count) {
		this.count = WARM_UP + count;
	}

	/** Takes a line, and returns whether more come. */
	private boolean take(String line) {
		if (Integer.parseInt(line) != this.next) {
			throw new IllegalStateException("The line '%s' came for %d".formatted(line, this.next));
		}
		if (this.next == WARM_UP) {
			this.begin = System.nanoTime();
			this.beginCpu = cpu();
		}
		return this.next++ < this.count;
	}

	private void print() {
		int lines = this.next - 1 - WARM_UP;
		Output.number("ns", (double) (System.nanoTime() - this.begin) / lines);
		Output.number("cpu", (double) (cpu() - this.beginCpu) / lines);
	}

	private static long cpu() {
		return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
	}

	private void loop(Path fifo) throws IOException {
		boolean[] more = { true };
		try (MainLoop loop = MainLoop.builder().build(); FileDescriptor fd = FileDescriptor.openFifo(fifo)) {
			FrameReader.open(loop, "lines", fd, Framing.lines(1024), (line, reader) -> more[0] = take(line));
			write(fifo);
			while (more[0]) {
				loop.runOnce(Duration.ofSeconds(1));
			}
		}
	}

	private void reader(Path fifo) throws IOException {
		write(fifo);
		try (BufferedReader reader = Files.newBufferedReader(fifo, StandardCharsets.US_ASCII)) {
			while (take(reader.readLine())) {
				continue;
			}
		}
	}

	private void write(Path fifo) throws IOException {
		new ProcessBuilder("sh", "-c", "exec seq %d > '%s'".formatted(this.count, fifo)).start();
	}

	/**
	 * Measures.
	 * @param args who reads, how many lines, and the path of the FIFO
	 * @throws IOException if the FIFO cannot be made
	 */
	public static void main(String[] args) throws IOException {
		LineThroughput throughput = new LineThroughput(Integer.parseInt(args[1]));
		Path fifo = Path.of(args[2]);
		Files.deleteIfExists(fifo);
		if (args[0].equals("mainloop")) {
			throughput.loop(fifo);
		}
		else {
			FileDescriptor.openFifo(fifo).close();
			throughput.reader(fifo);
		}
		throughput.print();
		Files.delete(fifo);
	}

}
