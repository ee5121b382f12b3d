package dev.mainloop;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.fd.ClockId;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.Signal;
import dev.mainloop.kernel.Capability;
import dev.mainloop.kernel.Kernel;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Handlers that leave their thread interrupted, and those that come after them.
 */
@LinuxTest
class InterruptTests {

	private final MainLoop loop = MainLoop.builder()
		.errorHandler((source, event, error) -> interrupt("error handler"))
		.build();

	private final List<String> calls = new ArrayList<>();

	@AfterEach
	void close() {
		this.loop.close();
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void messageHandlersShouldNotFindInterruptOfOthers() {
		QueueSource<String> queue = this.loop.queue("queue", 4, this::interrupt);
		queue.send("one");
		queue.send("other");
		this.loop.execute(() -> interrupt("task"));
		this.loop.execute(() -> interrupt("other task"));
		assertThatCallsAre("one", "other", "task", "other task");
	}

	@Test
	void timerHandlersShouldNotFindInterruptOfOthers() {
		this.loop.after("one", Duration.ZERO, (timer) -> interrupt("one"));
		this.loop.after("other", Duration.ZERO, (timer) -> interrupt("other"));
		assertThatCallsAre("one", "other");
	}

	@Test
	void descriptorHandlersShouldNotFindInterruptOfOthers() {
		try (EventFd fd = EventFd.open(1)) {
			for (String name : List.of("one", "other")) {
				this.loop.watch(name, fd, Readiness.READABLE, (ready, readiness) -> interrupt(name));
			}
			assertThatCallsAre("one", "other");
		}
	}

	@Test
	void signalHandlersShouldNotFindInterruptOfOthers() throws Exception {
		Signal winch = Signal.of("WINCH");
		this.loop.onSignal("one", winch, (signal) -> interrupt("one"));
		Kernel.kill(ProcessHandle.current().pid(), winch.number());
		while (this.calls.isEmpty()) {
			this.loop.runOnce(Duration.ofSeconds(1));
		}
		assertThatCallsAre("one");
	}

	@Test
	void clockHandlersShouldNotFindInterruptOfOthers() {
		Capability.SYS_TIME.assume();
		this.loop.onClockSet("one", (change) -> interrupt("one"));
		this.loop.onClockSet("other", (change) -> interrupt("other"));
		this.loop.timer("timer")
			.clock(ClockId.REALTIME)
			.onClockSet((timer, change) -> interrupt("timer"))
			.after(Duration.ofHours(1), (timer) -> interrupt("never"));
		Kernel.setClockToItsTime();
		this.loop.runOnce();
		assertThat(this.calls).containsExactlyInAnyOrder("one", "other", "timer");
	}

	@Test
	void handlersShouldNotFindInterruptOfErrorHandler() {
		this.loop.execute(() -> {
			throw new IllegalStateException("expected");
		});
		this.loop.execute(() -> interrupt("task"));
		assertThatCallsAre("error handler", "task");
	}

	@Test
	void channelShouldStayOpenWhenAnotherHandlerInterruptsItsThread(@TempDir Path directory) throws Exception {
		try (FileChannel channel = FileChannel.open(directory.resolve("file"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE)) {
			this.loop.execute(() -> Thread.currentThread().interrupt());
			EventQueue<ByteBuffer> queue = this.loop.queue("queue", 4, (buffer) -> channel.write(buffer));
			queue.send(ByteBuffer.allocate(10));
			LoopRunner.runUntilIdle(this.loop);
			assertThat(channel.isOpen()).isTrue();
			assertThat(channel.size()).isEqualTo(10);
		}
	}

	private void interrupt(String call) {
		assertThat(Thread.currentThread().isInterrupted()).as("interrupted before '%s'", call).isFalse();
		this.calls.add(call);
		Thread.currentThread().interrupt();
	}

	private void assertThatCallsAre(String... expected) {
		this.loop.runOnce();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
		this.loop.runOnce();
		assertThat(this.calls).startsWith(expected);
	}

}
