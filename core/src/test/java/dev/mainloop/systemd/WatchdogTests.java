package dev.mainloop.systemd;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopThread;
import dev.mainloop.kernel.ManualClocks;
import dev.mainloop.kernel.NotifySocket;
import dev.mainloop.testing.LinuxTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@LinuxTest
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class WatchdogTests {

	private static final Duration INTERVAL = Duration.ofSeconds(20);

	private static final String SIGN = "WATCHDOG=1";

	private final ManualClocks clocks = new ManualClocks(Instant.EPOCH);

	private final MainLoop main = MainLoop.builder().clock(this.clocks).name("main").build();

	private final MainLoop other = MainLoop.builder().clock(this.clocks).name("other").build();

	private final AtomicReference<@Nullable String> complaint = new AtomicReference<>();

	private NotifySocket socket = new NotifySocket();

	private final ServiceManager manager = ServiceManager
		.find(Map.of("NOTIFY_SOCKET", this.socket.address())::get, false)
		.orElseThrow();

	@AfterEach
	void close() {
		this.main.close();
		this.other.close();
		this.socket.close();
	}

	private Watchdog start(MainLoop... loops) {
		return Watchdog.start(this.manager, INTERVAL, List.of(loops), this.complaint::get);
	}

	/** Lets time pass, in steps in which no timer of a loop that runs is late. */
	private void pass(Duration time, MainLoop... loops) {
		for (long seconds = 0; seconds < time.toSeconds(); seconds++) {
			this.clocks.advance(Duration.ofSeconds(1));
			for (MainLoop loop : loops) {
				loop.runOnce();
			}
		}
	}

	@Test
	void signShouldBeToldTwiceAnInterval() {
		Watchdog watchdog = start(this.main);
		pass(Duration.ofSeconds(9), this.main);
		assertThat(this.socket.pollAll()).isEmpty();
		pass(Duration.ofSeconds(1), this.main);
		assertThat(this.socket.pollAll()).containsExactly(SIGN);
		pass(Duration.ofSeconds(100), this.main);
		assertThat(this.socket.pollAll()).hasSize(10).containsOnly(SIGN);
		watchdog.close();
		pass(Duration.ofSeconds(100), this.main);
		assertThat(this.socket.pollAll()).isEmpty();
		assertThat(this.main.sources()).extracting(EventSource::description).doesNotContain("systemd watchdog");
	}

	@Test
	void signShouldBeToldWhileAllLoopsRunAlone(CapturedOutput output) {
		start(this.main, this.other);
		pass(Duration.ofSeconds(40), this.main, this.other);
		assertThat(this.socket.pollAll()).hasSize(4);
		pass(Duration.ofSeconds(40), this.main);
		assertThat(this.socket.pollAll()).hasSizeLessThanOrEqualTo(1);
		assertThat(output).containsOnlyOnce(
				"The service manager is told no sign of life, as the loop 'other' does not get to its timers");
		pass(Duration.ofSeconds(40), this.other);
		assertThat(this.socket.pollAll()).isEmpty();
		pass(Duration.ofSeconds(40), this.other, this.main);
		assertThat(this.socket.pollAll()).hasSizeGreaterThanOrEqualTo(4);
		assertThat(output).containsOnlyOnce("The service manager is told signs of life again");
	}

	@Test
	void signShouldNotBeToldOfAProcessThatIsNotToBeTakenForAlive(CapturedOutput output) {
		start(this.main);
		this.complaint.set("it is broken");
		pass(Duration.ofSeconds(40), this.main);
		assertThat(this.socket.pollAll()).isEmpty();
		assertThat(output).containsOnlyOnce("The service manager is told no sign of life, as it is broken");
		this.complaint.set(null);
		pass(Duration.ofSeconds(10), this.main);
		assertThat(this.socket.pollAll()).hasSize(1);
	}

	@Test
	void signForWhichThereIsNoRoomShouldBeToldAgainSoon() {
		start(this.main);
		while (this.manager.tell(Notification.STOPPING, Duration.ZERO)) {
			Thread.onSpinWait();
		}
		pass(Duration.ofSeconds(11), this.main);
		assertThat(this.socket.pollAll()).isNotEmpty().doesNotContain(SIGN);
		pass(Duration.ofSeconds(1), this.main);
		assertThat(this.socket.pollAll()).containsExactly(SIGN);
	}

	@Test
	void serviceManagerThatIsGoneShouldNotEndTheTimer(CapturedOutput output) {
		start(this.main);
		this.socket.close();
		pass(Duration.ofSeconds(200), this.main);
		assertThat(output).contains("The service manager could not be told a sign of life")
			.contains("ECONNREFUSED")
			.doesNotContain("ERROR");
	}

	@Test
	void signOfAShortIntervalShouldBeToldByALoopThatRuns() {
		try (MainLoop loop = MainLoop.builder().build()) {
			new MainLoopThread(loop).start();
			Watchdog.start(this.manager, Duration.ofNanos(1000), List.of(loop), this.complaint::get);
			assertThat(List.of(this.socket.take(), this.socket.take(), this.socket.take())).containsOnly(SIGN);
		}
	}

}
