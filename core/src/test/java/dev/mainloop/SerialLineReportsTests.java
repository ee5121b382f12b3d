package dev.mainloop;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.fd.SerialSettings;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What users of libraries for serial lines have reported, by a loop that waits for one.
 */
@LinuxTest
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class SerialLineReportsTests {

	private static final int MANY = 100;

	private final int number = Kernel.openTerminalMaster();

	private final FileDescriptor device = FileDescriptor.adopt(this.number, "device");

	private final FileDescriptor line = FileDescriptor.openSerial(Kernel.terminal(this.number),
			SerialSettings.of(9600));

	private final MainLoop loop = MainLoop.builder().build();

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(64);

	private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

	@AfterEach
	void close() {
		this.loop.close();
		this.line.close();
		this.device.close();
	}

	private DescriptorSource read() {
		return this.loop.watch("line", this.line, Readiness.READABLE, (fd, readiness) -> {
			this.buffer.clear();
			fd.read(this.buffer);
			this.received.add(StandardCharsets.US_ASCII.decode(this.buffer.flip()).toString());
		});
	}

	private void send(String text) {
		assertThat(this.device.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII))))
			.isEqualTo(text.length());
	}

	/** A core that is busy with a port on which nothing comes: openHAB, jSerialComm. */
	@Test
	void loopShouldRunOnlyWhenBytesCome() throws Exception {
		read();
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			runner.awaitIteration();
			long before = this.loop.statistics().iterations();
			for (int i = 0; i < MANY; i++) {
				send("#");
				assertThat(this.received.poll(30, TimeUnit.SECONDS)).isEqualTo("#");
			}
			assertThat(this.loop.statistics().iterations() - before).isBetween((long) MANY - 1, 2L * MANY);
		}
	}

	/** A close that waits for a reader, or has it crash: jSerialComm, nrjavaserial. */
	@Test
	void closeShouldNotWaitForTheLoopThatWaitsForBytes() throws Exception {
		DescriptorSource source = read();
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			runner.awaitIteration();
			LoopRunner.onAnotherThread(this.line::close);
			assertThat(source.state()).isEqualTo(EventSource.State.CLOSED);
			runner.awaitIteration();
		}
		assertThat(this.received).isEmpty();
	}

	/** A device that is pulled out while its port is open: openHAB, nrjavaserial. */
	@Test
	void lineThatIsPulledOutShouldBeToldOnceAndCostNothingMore() throws Exception {
		BlockingQueue<Integer> ends = new LinkedBlockingQueue<>();
		this.loop.watch("line", this.line, Readiness.READABLE, (fd, readiness) -> {
			ends.add(fd.read(this.buffer));
			assertThat(readiness.isHangUp()).isTrue();
			fd.close();
		});
		try (LoopRunner runner = LoopRunner.start(this.loop)) {
			runner.awaitIteration();
			this.device.close();
			assertThat(ends.poll(30, TimeUnit.SECONDS)).isEqualTo(-1);
			runner.awaitIteration();
			long before = this.loop.statistics().iterations();
			runner.awaitIteration();
			assertThat(this.loop.statistics().iterations() - before).isLessThan(5);
		}
		assertThat(ends).isEmpty();
	}

}
