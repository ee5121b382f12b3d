package dev.mainloop;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.mainloop.kernel.DelegatingMultiplexer;
import dev.mainloop.multiplexer.MultiplexerKind;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Timers that are made and closed again and again, whatever the state of the loop.
 */
@LinuxTest
class TimerMemoryTests {

	private static final int COUNT = 1_000_000;

	private static final int SAMPLE = 1000;

	private static final Duration HOUR = Duration.ofHours(1);

	private final List<WeakReference<Timer>> samples = new ArrayList<>();

	@Test
	void timersThatAreClosedBeforeTheLoopRunsShouldNotBeKept() {
		try (MainLoop loop = MainLoop.builder().build()) {
			makeAndClose(loop);
			assertThatNoneIsKept();
			assertThat(loop.sourceCounts()).containsEntry("timers", 0);
		}
	}

	@Test
	void timersThatAreClosedWhenTheLoopHasStoppedShouldNotBeKept() {
		try (MainLoop loop = MainLoop.builder().build()) {
			LoopRunner.start(loop).stop();
			makeAndClose(loop);
			assertThatNoneIsKept();
		}
	}

	@Test
	void timersThatAnotherThreadClosesWhileTheLoopRunsShouldNotBeKept() throws Exception {
		try (MainLoop loop = MainLoop.builder().build(); LoopRunner runner = LoopRunner.start(loop)) {
			QueueSource<?>[] self = new QueueSource<?>[1];
			self[0] = loop.queue("busy", 8, (message) -> send(self[0]));
			send(self[0]);
			makeAndClose(loop);
			runner.awaitIteration();
			assertThatNoneIsKept();
			self[0].close();
			assertThat(loop.sourceCounts()).containsEntry("timers", 0);
		}
	}

	@Test
	void timersThatAreClosedInIterationsByHandShouldNotBeKept() {
		try (MainLoop loop = MainLoop.builder().build()) {
			for (int i = 0; i < SAMPLE; i++) {
				loop.execute(() -> makeAndClose(loop, 100));
				loop.runOnce();
			}
			assertThatNoneIsKept();
		}
	}

	@Test
	void timersOfFailedLoopShouldBeRefused() {
		try (MainLoop loop = MainLoop.builder().multiplexer(FailingMultiplexer::new).build()) {
			assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(loop::run);
			for (int i = 0; i < 1000; i++) {
				assertThatIllegalStateException().isThrownBy(() -> makeAndClose(loop, 1))
					.withMessage("The main loop has failed")
					.withCauseInstanceOf(UnsupportedOperationException.class);
			}
			loop.recover();
			makeAndClose(loop);
			assertThatNoneIsKept();
		}
	}

	private void makeAndClose(MainLoop loop) {
		makeAndClose(loop, COUNT);
	}

	private void makeAndClose(MainLoop loop, int count) {
		for (int i = 0; i < count; i++) {
			Timer timer = loop.after("timer", HOUR, (some) -> {
			});
			timer.close();
			if (i % SAMPLE == 0) {
				this.samples.add(new WeakReference<>(timer));
			}
		}
	}

	private void assertThatNoneIsKept() {
		await().until(() -> {
			System.gc();
			return this.samples.stream().allMatch((sample) -> sample.get() == null);
		});
	}

	@SuppressWarnings("unchecked")
	private static void send(QueueSource<?> queue) {
		((QueueSource<Integer>) queue).offer(1);
	}

	private static final class FailingMultiplexer extends DelegatingMultiplexer {

		FailingMultiplexer() {
			super(MultiplexerKind.EPOLL.get());
		}

		@Override
		public int await(long timeoutNanos) {
			throw new UnsupportedOperationException("expected");
		}

	}

}
