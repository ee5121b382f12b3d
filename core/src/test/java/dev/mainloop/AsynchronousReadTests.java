package dev.mainloop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.kernel.ProcessFiles;
import dev.mainloop.kernel.SystemCall;
import dev.mainloop.libc.NativeMemory;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reads of a file by Linux AIO, of which the kernel adds each completion to an eventfd,
 * see {@code io_submit(2)}.
 */
@LinuxTest
class AsynchronousReadTests {

	private static final boolean X86_64 = "amd64".equals(System.getProperty("os.arch"));

	private static final int IO_SETUP = X86_64 ? 206 : 0;

	private static final int IO_DESTROY = X86_64 ? 207 : 1;

	private static final int IO_SUBMIT = X86_64 ? 209 : 2;

	private static final int IO_GETEVENTS = X86_64 ? 208 : 4;

	private static final short IOCB_CMD_PREAD = 0;

	private static final int IOCB_FLAG_RESFD = 1;

	private static final int IOCB_SIZE = 64;

	private static final int IO_EVENT_SIZE = 32;

	private static final int BLOCK = 4096;

	private static final int BLOCKS = 64;

	private final MainLoop loop = MainLoop.builder().build();

	private final EventFd completions = EventFd.open(0);

	private final long context = setup();

	private final NativeMemory requests = new NativeMemory(BLOCKS * IOCB_SIZE);

	private final NativeMemory pointers = new NativeMemory(BLOCKS * Long.BYTES);

	private final NativeMemory data = new NativeMemory(BLOCKS * BLOCK);

	private final NativeMemory events = new NativeMemory(BLOCKS * IO_EVENT_SIZE);

	@AfterEach
	void close() {
		Kernel.call("io_destroy", IO_DESTROY, this.context, 0, 0, 0, 0);
		this.loop.close();
		this.completions.close();
	}

	@Test
	void completionsShouldWakeLoop(@TempDir Path directory) throws Exception {
		BlockingQueue<Long> counts = new LinkedBlockingQueue<>();
		List<Long> read = new ArrayList<>();
		this.loop.watch("completions", this.completions, Readiness.READABLE, (fd, readiness) -> {
			long count = this.completions.take();
			for (long block : completed(count)) {
				read.add(this.data.getLong((int) block * BLOCK));
			}
			counts.add(count);
		});
		try (LoopRunner runner = LoopRunner.start(this.loop);
				FileDescriptor file = FileDescriptor.open(file(directory))) {
			runner.awaitIteration();
			submit(file);
			long sum = 0;
			while (sum < BLOCKS) {
				Long count = counts.poll(LoopRunner.TIMEOUT_SECONDS, TimeUnit.SECONDS);
				assertThat(count).isNotNull().isPositive();
				sum += count;
			}
			runner.awaitIteration();
			assertThat(sum).isEqualTo(BLOCKS);
			assertThat(read).containsExactlyInAnyOrderElementsOf(LongStream.range(0, BLOCKS).boxed().toList());
		}
	}

	/** Writes a file of which each block begins with its number. */
	private static Path file(Path directory) throws IOException {
		ByteBuffer content = ByteBuffer.allocate(BLOCKS * BLOCK).order(ByteOrder.nativeOrder());
		for (int i = 0; i < BLOCKS; i++) {
			content.putLong(i * BLOCK, i);
		}
		return Files.write(directory.resolve("file"), content.array());
	}

	private static long setup() {
		SystemCall.IO_SETUP.assume();
		NativeMemory context = new NativeMemory(Long.BYTES);
		Kernel.call("io_setup", IO_SETUP, BLOCKS, context.address(), 0, 0, 0);
		return context.getLong(0);
	}

	private void submit(FileDescriptor file) {
		for (int i = 0; i < BLOCKS; i++) {
			int request = i * IOCB_SIZE;
			this.requests.putLong(request, i);
			this.requests.putShort(request + 16, IOCB_CMD_PREAD);
			this.requests.putInt(request + 20, ProcessFiles.number(file));
			this.requests.putLong(request + 24, this.data.address() + i * BLOCK);
			this.requests.putLong(request + 32, BLOCK);
			this.requests.putLong(request + 40, (long) i * BLOCK);
			this.requests.putInt(request + 56, IOCB_FLAG_RESFD);
			this.requests.putInt(request + 60, ProcessFiles.number(this.completions));
			this.pointers.putLong(i * Long.BYTES, this.requests.address() + request);
		}
		assertThat(Kernel.call("io_submit", IO_SUBMIT, this.context, BLOCKS, this.pointers.address(), 0, 0))
			.isEqualTo(BLOCKS);
	}

	/** Takes as many completions as the eventfd has counted. */
	private List<Long> completed(long count) {
		assertThat(Kernel.call("io_getevents", IO_GETEVENTS, this.context, count, count, this.events.address(), 0))
			.isEqualTo(count);
		List<Long> blocks = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			assertThat(this.events.getLong(i * IO_EVENT_SIZE + 16)).isEqualTo(BLOCK);
			blocks.add(this.events.getLong(i * IO_EVENT_SIZE));
		}
		return blocks;
	}

}
