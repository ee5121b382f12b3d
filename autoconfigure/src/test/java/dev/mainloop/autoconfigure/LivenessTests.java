package dev.mainloop.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.mainloop.MainLoop;
import dev.mainloop.health.MainLoopLiveness;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The liveness of an application that has neither a web server nor the actuator.
 */
@LinuxTest
class LivenessTests {

	private static final Duration LONG = Duration.ofSeconds(60);

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ApplicationAvailabilityAutoConfiguration.class,
				MainLoopAutoConfiguration.class, MainLoopLivenessAutoConfiguration.class));

	private final ApplicationContextRunner watchedRunner = this.contextRunner
		.withPropertyValues("mainloop.liveness.enabled=true", "mainloop.blocked-handler.down-after=150ms");

	@Test
	void livenessShouldNotBeLookedAtUnlessWanted() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(MainLoopLiveness.class));
		this.contextRunner.withPropertyValues("mainloop.liveness.enabled=")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MainLoopLiveness.class));
	}

	@Test
	void livenessShouldBeBrokenWhileAHandlerBlocksTheLoop() {
		this.watchedRunner.run((context) -> {
			ApplicationAvailability availability = context.getBean(ApplicationAvailability.class);
			AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
			CountDownLatch goesOn = new CountDownLatch(1);
			context.getBean(MainLoop.class).execute(() -> awaitQuietly(goesOn));
			await().atMost(LONG).until(() -> availability.getLivenessState() == LivenessState.BROKEN);
			AvailabilityChangeEvent<LivenessState> last = availability.getLastChangeEvent(LivenessState.class);
			assertThat(last).isNotNull();
			assertThat(last.getSource()).isInstanceOf(MainLoopLiveness.class);
			// Spring Boot says so when it has started the application.
			AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
			await().atMost(LONG).until(() -> availability.getLivenessState() == LivenessState.BROKEN);
			goesOn.countDown();
			await().atMost(LONG).until(() -> availability.getLivenessState() == LivenessState.CORRECT);
		});
	}

	@Test
	void livenessShouldNotBeLookedAtOnceTheContextHasStopped() {
		this.watchedRunner.run((context) -> {
			assertThat(watches()).isEqualTo(1);
			context.stop();
			await().atMost(LONG).until(() -> watches() == 0);
			context.start();
			assertThat(watches()).isEqualTo(1);
		});
		await().atMost(LONG).until(() -> watches() == 0);
	}

	private static long watches() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("mainloop-liveness"))
			.count();
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await(60, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
