package dev.mainloop.fd;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopThread;
import dev.mainloop.kernel.Capability;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@LinuxTest
@Timeout(120)
class PressureTriggerTests {

	private static final Duration STALL = Duration.ofMillis(1);

	private static final Duration WINDOW = Duration.ofSeconds(2);

	@BeforeEach
	void assumeThatPressureIsMeasured() {
		Assumptions.assumeThat(Files.isWritable(Path.of("/proc/pressure/cpu"))).isTrue();
	}

	private static PressureTrigger open(Duration window) {
		return PressureTrigger
			.open(new PressureThreshold(PressureResource.CPU, PressureScope.SYSTEM, false, STALL, window));
	}

	@ParameterizedTest
	@EnumSource(names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
	void triggerShouldTellWhenTasksWait(MultiplexerKind kind) throws Exception {
		CountDownLatch twice = new CountDownLatch(2);
		List<Pressure> told = new ArrayList<>();
		try (PressureTrigger trigger = open(WINDOW);
				MainLoop loop = MainLoop.builder().multiplexer(kind).build();
				Spinners spinners = new Spinners()) {
			assertThat(trigger).asString().contains("/proc/pressure/cpu (some 1000 2000000)");
			loop.watch("pressure", trigger, Readiness.PRIORITY, (fd, readiness) -> {
				assertThat(readiness.isError()).isFalse();
				told.add(trigger.pressure());
				twice.countDown();
			});
			new MainLoopThread(loop).start();
			twice.await();
			assertThat(spinners.threads).allMatch(Thread::isAlive);
		}
		Duration first = told.get(0).some().total();
		assertThat(first).isPositive();
		assertThat(told.get(1).some().total()).isGreaterThan(first);
	}

	@Test
	void triggerShouldReadPressure() {
		try (PressureTrigger trigger = open(WINDOW)) {
			assertThat(trigger.pressure().some().avg10()).isBetween(0.0, 100.0);
			assertThat(trigger.pressure().full()).isNotNull();
		}
	}

	@Test
	void windowForWhichThereIsNoRightShouldBeRefused() {
		Duration window = Duration.ofSeconds(1);
		if (Capability.SYS_RESOURCE.isHeld()) {
			open(window).close();
		}
		else {
			assertThatExceptionOfType(ErrnoException.class).isThrownBy(() -> open(window))
				.satisfies((ex) -> assertThat(ex.is(Errno.EINVAL)).isTrue())
				.withMessageContaining("write(/proc/pressure/cpu, some 1000 1000000)");
		}
	}

	/** Threads that want more processors than there are. */
	private static final class Spinners implements AutoCloseable {

		private final List<Thread> threads = new ArrayList<>();

		private volatile boolean closed;

		Spinners() {
			for (int i = 0; i < 3 * Runtime.getRuntime().availableProcessors(); i++) {
				Thread thread = new Thread(this::spin);
				thread.setDaemon(true);
				this.threads.add(thread);
				thread.start();
			}
		}

		private void spin() {
			while (!this.closed) {
				Thread.onSpinWait();
			}
		}

		@Override
		public void close() {
			this.closed = true;
		}

	}

}
