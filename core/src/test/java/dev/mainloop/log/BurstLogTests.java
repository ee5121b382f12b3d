package dev.mainloop.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class BurstLogTests {

	private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);

	private final List<String> lines = new ArrayList<>();

	private final List<Duration> alarms = new ArrayList<>();

	private final List<Runnable> tasks = new ArrayList<>();

	private final BurstLog log = new BurstLog(this.nanoTime::get, (delay, task) -> {
		this.alarms.add(delay);
		this.tasks.add(task);
	}, new Counted("others"));

	private volatile boolean broken;

	@Test
	void firstLineShouldBeLoggedAndOthersSummedUpByTheAlarm() {
		log("bad", 1001);
		assertThat(this.lines).containsExactly("bad 0");
		assertThat(this.alarms).containsExactly(BurstLog.WINDOW);
		advance(BurstLog.WINDOW);
		this.tasks.remove(0).run();
		assertThat(this.lines).containsExactly("bad 0", "1000 bad");
		assertThat(this.tasks).isEmpty();
		log("bad", 1);
		assertThat(this.lines).containsExactly("bad 0", "1000 bad", "bad 0");
	}

	@Test
	void alarmShouldBeSetOnceAndForTheFirstThatIsOver() {
		log("first", 1);
		advance(Duration.ofSeconds(3));
		log("second", 2);
		advance(Duration.ofSeconds(1));
		log("first", 2);
		assertThat(this.alarms).containsExactly(BurstLog.WINDOW);
		advance(BurstLog.WINDOW.minusSeconds(4));
		this.tasks.remove(0).run();
		assertThat(this.lines).containsExactly("first 0", "second 0", "2 first");
		assertThat(this.alarms).containsExactly(BurstLog.WINDOW, Duration.ofSeconds(3));
		advance(Duration.ofSeconds(3));
		this.tasks.remove(0).run();
		assertThat(this.lines).endsWith("2 first", "1 second");
		assertThat(this.tasks).isEmpty();
	}

	@Test
	void lineAfterTheWindowShouldSumUpWithoutAnAlarm() {
		log("bad", 3);
		advance(BurstLog.WINDOW);
		log("bad", 1);
		assertThat(this.lines).containsExactly("bad 0", "2 bad", "bad 0");
	}

	@Test
	void kindsThatAreTooManyShouldBeSummedUpTogether() {
		IntStream.range(0, BurstLog.MAX_KINDS).forEach((i) -> log("kind " + i, 1));
		log("one more", 1);
		log("and another", 2);
		this.log.sumUpAll();
		assertThat(this.lines).hasSize(BurstLog.MAX_KINDS + 2).contains("one more 0").endsWith("2 others");
		log("and another", 1);
		assertThat(this.lines).endsWith("and another 0");
	}

	@Test
	void closeShouldSumUpAndEndTheSumming() {
		log("bad", 3);
		this.log.close();
		assertThat(this.lines).containsExactly("bad 0", "2 bad");
		log("bad", 2);
		assertThat(this.lines).endsWith("bad 0", "bad 1");
		this.tasks.forEach(Runnable::run);
		assertThat(this.lines).hasSize(4);
	}

	@Test
	void lineThatFailsShouldBeCountedAndTheNextLoggedInFull() {
		this.log.log(new Counted("bad"), () -> {
			throw new StackOverflowError();
		});
		log("bad", 2);
		assertThat(this.lines).containsExactly("bad 0");
		this.log.close();
		assertThat(this.lines).containsExactly("bad 0", "2 bad");
	}

	@Test
	void sumThatFailsShouldBeKept() {
		log("bad", 3);
		this.broken = true;
		advance(BurstLog.WINDOW);
		this.tasks.remove(0).run();
		assertThat(this.lines).containsExactly("bad 0");
		assertThat(this.alarms).containsExactly(BurstLog.WINDOW, BurstLog.WINDOW);
		this.broken = false;
		advance(BurstLog.WINDOW);
		this.tasks.remove(0).run();
		assertThat(this.lines).containsExactly("bad 0", "2 bad");
	}

	@Test
	void alarmThatFailsShouldBeSetByTheNextLine() {
		int[] calls = new int[1];
		BurstLog refused = new BurstLog(this.nanoTime::get, (delay, task) -> {
			calls[0]++;
			throw new IllegalStateException("no alarm");
		}, new Counted("others"));
		for (int i = 0; i < 3; i++) {
			refused.log(new Counted("bad"), () -> this.lines.add("bad"));
		}
		assertThat(calls).containsExactly(2);
		refused.close();
		assertThat(this.lines).containsExactly("bad", "2 bad");
	}

	@Test
	void kindThatFailsShouldFailAlone() {
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> this.log.log(new BurstLog.Kind() {

			@Override
			public void sumUp(long lines) {
			}

			@Override
			public int hashCode() {
				throw new OutOfMemoryError();
			}

			@Override
			public boolean equals(Object other) {
				return other == this;
			}

		}, () -> this.lines.add("lost")));
		log("bad", 2);
		this.log.close();
		assertThat(this.lines).containsExactly("bad 0", "1 bad");
	}

	@Test
	void lineThatLogsItselfShouldBeCounted() {
		this.log.log(new Counted("bad"), () -> {
			this.lines.add("outer");
			log("bad", 1);
		});
		this.log.close();
		assertThat(this.lines).containsExactly("outer", "1 bad");
	}

	@Test
	void linesOfSeveralThreadsShouldAllBeToldWhileTimePassesAndAtTheClose() throws InterruptedException {
		AtomicLong told = new AtomicLong();
		BurstLog shared = new BurstLog(this.nanoTime::get, (delay, task) -> {
		}, told::addAndGet);
		BurstLog.Kind kind = (lines) -> {
			if (this.broken && lines % 5 == 1) {
				throw new IllegalStateException("no log");
			}
			told.addAndGet(lines);
		};
		this.broken = true;
		int each = 20_000;
		CountDownLatch half = new CountDownLatch(2);
		List<Thread> threads = Stream.generate(() -> new Thread(() -> {
			for (int i = 0; i < each; i++) {
				if (i == each / 2) {
					half.countDown();
				}
				this.nanoTime.addAndGet(BurstLog.WINDOW.toNanos() / 100);
				shared.log(kind, told::incrementAndGet);
			}
		})).limit(2).toList();
		threads.forEach(Thread::start);
		half.await();
		shared.close();
		for (Thread thread : threads) {
			thread.join();
		}
		this.broken = false;
		shared.log(kind, told::incrementAndGet);
		shared.close();
		assertThat(told).hasValue(2L * each + 1);
	}

	private void log(String kind, int times) {
		for (int i = 0; i < times; i++) {
			String line = kind + " " + i;
			this.log.log(new Counted(kind), () -> this.lines.add(line));
		}
	}

	private void advance(Duration duration) {
		this.nanoTime.addAndGet(duration.toNanos());
	}

	private final class Counted implements BurstLog.Kind {

		private final String name;

		Counted(String name) {
			this.name = name;
		}

		@Override
		public void sumUp(long lines) {
			if (BurstLogTests.this.broken) {
				throw new IllegalStateException("no log");
			}
			BurstLogTests.this.lines.add(lines + " " + this.name);
		}

		@Override
		public boolean equals(Object other) {
			return other instanceof Counted counted && counted.name.equals(this.name);
		}

		@Override
		public int hashCode() {
			return this.name.hashCode();
		}

	}

}
