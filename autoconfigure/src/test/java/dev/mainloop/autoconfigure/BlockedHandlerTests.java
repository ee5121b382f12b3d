package dev.mainloop.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import dev.mainloop.BlockedHandler;
import dev.mainloop.EventQueue;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopInvoker;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.annotation.OnReadable;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.autoconfigure.health.MainLoopHealthContributorAutoConfiguration;
import dev.mainloop.fd.EventFd;
import dev.mainloop.health.BlockedHandlerEvent;
import dev.mainloop.health.BlockedHandlerWatch;
import dev.mainloop.health.MainLoopHealthIndicator;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an application is told of handlers that block its loop.
 */
@LinuxTest
@ExtendWith(OutputCaptureExtension.class)
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class BlockedHandlerTests {

	private final ApplicationContextRunner idle = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class));

	private final ApplicationContextRunner contextRunner = this.idle
		.withBean("wishes", EventFd.class, () -> EventFd.open(0))
		.withBean("slow", Slow.class)
		.withBean(Listener.class);

	@Test
	void handlersShouldBeNamedByBeanAndMethod(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			Slow slow = context.getBean(Slow.class);
			Listener listener = context.getBean(Listener.class);
			assertBlocked(listener, slow, "slow.tick", context.getBean(MainLoop.class));
			slow.texts.send("hello");
			BlockedHandler returned = assertBlocked(listener, slow, "slow.take", context.getBean(MainLoop.class));
			assertThat(returned.event()).isEqualTo("hello");
			context.getBean(EventFd.class).add(1);
			assertBlocked(listener, slow, "slow.wish", context.getBean(MainLoop.class));
		});
		assertThat(output).contains("The handler 'slow.tick' has blocked the main loop for ")
			.contains("The handler 'slow.take' has blocked the main loop for ")
			.contains("The handler 'slow.wish' has blocked the main loop for ")
			.contains(Slow.class.getName() + ".take(")
			.containsPattern(
					"The handler 'slow.take' has returned after it blocked the main loop for \\d+ ms, for hello");
	}

	@Test
	void handlerThatBlocksForLongShouldTurnTheHealthDownUntilItReturns() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(MainLoopHealthContributorAutoConfiguration.class))
			.withPropertyValues("mainloop.blocked-handler.down-after=150ms")
			.run((context) -> {
				MainLoopHealthIndicator indicator = context.getBean(MainLoopHealthIndicator.class);
				await().until(() -> Status.DOWN.equals(indicator.health().getStatus()));
				assertThat(indicator.health().getDetails()).containsEntry("blockedHandler", "slow.tick")
					.containsKeys("blockedSince", "blockedFor");
				context.getBean(Slow.class).returns.release();
				await().until(() -> Status.UP.equals(indicator.health().getStatus()));
				assertThat(indicator.health().getDetails()).doesNotContainKey("blockedHandler");
			});
	}

	@Test
	void watchShouldEndAndBeginWithTheContext() {
		this.contextRunner.run((context) -> {
			assertThat(watches()).hasSize(1);
			context.stop();
			await().untilAsserted(() -> assertThat(watches()).isEmpty());
			context.start();
			assertThat(watches()).hasSize(1);
			assertBlocked(context.getBean(Listener.class), context.getBean(Slow.class), "slow.tick",
					context.getBean(MainLoop.class));
		});
		await().untilAsserted(() -> assertThat(watches()).isEmpty());
	}

	@Test
	void startThatFailsShouldLeaveNoWatch() {
		this.idle.withBean(LifecycleTests.Last.class).run((context) -> assertThat(context).hasFailed());
		await().untilAsserted(() -> assertThat(watches()).isEmpty());
	}

	@Test
	void listenerThatFailsShouldHarmNobody(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			Slow slow = context.getBean(Slow.class);
			Listener listener = context.getBean(Listener.class);
			listener.failing = true;
			assertBlocked(listener, slow, "slow.tick", context.getBean(MainLoop.class));
			slow.texts.send("hello");
			assertBlocked(listener, slow, "slow.take", context.getBean(MainLoop.class));
		});
		assertThat(output).contains("no wish to listen");
	}

	@Test
	void loopShouldNotBeWatchedUnlessWanted() {
		this.idle.withPropertyValues("mainloop.blocked-handler.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(BlockedHandlerWatch.class));
	}

	@Test
	void loopThatIsRunByHandShouldNotBeWatched() {
		this.idle.withBean(MainLoopInvoker.class)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(BlockedHandlerWatch.class));
	}

	/** Waits until a handler is found, lets it return, and waits until that is told. */
	private static BlockedHandler assertBlocked(Listener listener, Slow slow, String handler, MainLoop loop)
			throws InterruptedException {
		BlockedHandlerEvent found = listener.next();
		assertThat(found.loop()).isSameAs(loop);
		assertThat(found.blocked().handler()).isEqualTo(handler);
		assertThat(found.blocked().duration()).isGreaterThanOrEqualTo(Duration.ofMillis(100));
		assertThat(found.blocked().returned()).isFalse();
		slow.returns.release();
		BlockedHandlerEvent last = listener.next();
		while (!last.blocked().returned()) {
			last = listener.next();
		}
		assertThat(last.blocked().handler()).isEqualTo(handler);
		return last.blocked();
	}

	private static List<String> watches() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter("mainloop-watch"::equals)
			.toList();
	}

	@EventHandler
	static class Slow {

		private final Semaphore returns = new Semaphore(0);

		private final EventQueue<String> texts;

		Slow(EventQueue<String> texts) {
			this.texts = texts;
		}

		@OnTimer(every = "1d")
		void tick() throws InterruptedException {
			block();
		}

		@OnMessage
		void take(String text) throws InterruptedException {
			block();
		}

		@OnReadable("wishes")
		void wish(EventFd wishes) throws InterruptedException {
			wishes.take();
			block();
		}

		private void block() throws InterruptedException {
			this.returns.tryAcquire(30, TimeUnit.SECONDS);
		}

	}

	static class Listener {

		private final BlockingQueue<BlockedHandlerEvent> events = new LinkedBlockingQueue<>();

		private volatile boolean failing;

		@EventListener
		void blocked(BlockedHandlerEvent event) {
			this.events.add(event);
			if (this.failing) {
				throw new IllegalStateException("no wish to listen");
			}
		}

		BlockedHandlerEvent next() throws InterruptedException {
			BlockedHandlerEvent event = this.events.poll(30, TimeUnit.SECONDS);
			assertThat(event).isNotNull();
			return event;
		}

	}

}
