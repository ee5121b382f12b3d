package dev.mainloop.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import dev.mainloop.DescriptorSource;
import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.QueueSource;
import dev.mainloop.SignalSource;
import dev.mainloop.Timer;
import dev.mainloop.fd.EventFd;
import dev.mainloop.fd.Signal;
import dev.mainloop.multiplexer.Readiness;
import dev.mainloop.testing.LinuxTest;
import jakarta.annotation.PostConstruct;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests beans that use the loop without annotations.
 */
@LinuxTest
class ProgrammaticUseTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class, TaskExecutionAutoConfiguration.class))
		.withBean("counter", EventFd.class, () -> EventFd.open(0))
		.withBean(User.class);

	@Test
	void sourcesOfEveryKindShouldBeHandledOnTheLoop() {
		this.contextRunner.run((context) -> {
			User user = context.getBean(User.class);
			user.watch(context.getBean(EventFd.class));
			assertHandled(context, user);
		});
	}

	@Test
	void sourcesShouldStayWhileTheLoopIsStopped() {
		this.contextRunner.run((context) -> {
			User user = context.getBean(User.class);
			user.watch(context.getBean(EventFd.class));
			for (int i = 0; i < 2; i++) {
				context.stop();
				assertThat(user.sources()).allMatch((source) -> source.state() == EventSource.State.ENABLED);
				assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> user.queue.send("refused"))
					.withMessageContaining("The main loop has stopped");
				user.events.clear();
				signal();
				context.getBean(EventFd.class).add(1);
				context.start();
				user.await("signal");
				user.await("counter 1");
				assertHandled(context, user);
			}
		});
	}

	@Test
	void sourceShouldEndWhenItsOwnerClosesIt() {
		this.contextRunner.run((context) -> {
			User user = context.getBean(User.class);
			user.watch(context.getBean(EventFd.class));
			user.sources().forEach(EventSource::close);
			context.stop();
			context.start();
			assertThat(context.getBean(MainLoop.class).sourceCounts().values()).containsOnly(0);
		});
	}

	@Test
	void sourcesShouldEndWithTheContext() {
		User[] user = new User[1];
		this.contextRunner.run((context) -> {
			user[0] = context.getBean(User.class);
			user[0].watch(context.getBean(EventFd.class));
		});
		assertThat(user[0].sources()).allMatch((source) -> source.state() == EventSource.State.CLOSED);
	}

	@Test
	void loopShouldBeAnExecutor() {
		this.contextRunner.run((context) -> {
			MainLoop loop = context.getBean(MainLoop.class);
			CompletableFuture<Boolean> onLoop = CompletableFuture.supplyAsync(loop::isLoopThread, loop::execute);
			assertThat(onLoop.get(30, TimeUnit.SECONDS)).isTrue();
		});
	}

	@Test
	void asyncMethodShouldRunOnTheLoopWhereItNamesIt() {
		this.contextRunner.withUserConfiguration(AsyncConfiguration.class).run((context) -> {
			assertThat(context).hasBean("applicationTaskExecutor");
			assertThat(context.getBean(AsyncUser.class).onLoop().get(30, TimeUnit.SECONDS)).isTrue();
			assertThat(context.getBean(AsyncUser.class).elsewhere().get(30, TimeUnit.SECONDS)).isFalse();
		});
	}

	private static void assertHandled(AssertableApplicationContext context, User user) throws Exception {
		user.events.clear();
		user.await("tick");
		signal();
		user.await("signal");
		user.queue.send("hello");
		user.await("message hello");
		context.getBean(EventFd.class).add(2);
		user.await("counter 2");
	}

	private static void signal() throws Exception {
		Process kill = new ProcessBuilder("sh", "-c", "kill -WINCH " + ProcessHandle.current().pid()).start();
		assertThat(kill.waitFor()).isZero();
	}

	static class User {

		private final Set<String> events = ConcurrentHashMap.newKeySet();

		private final MainLoop loop;

		private final Timer timer;

		private SignalSource signals;

		private QueueSource<String> queue;

		private DescriptorSource descriptor;

		User(MainLoop loop) {
			this.loop = loop;
			this.timer = loop.every("tick", Duration.ZERO, Duration.ofMillis(1), (timer) -> add("tick"));
		}

		@PostConstruct
		void register() {
			this.signals = this.loop.onSignal("signal", Signal.of("WINCH"), (signal) -> add("signal"));
			this.queue = this.loop.queue("queue", 16, (message) -> add("message " + message));
		}

		void watch(EventFd counter) {
			this.descriptor = this.loop.watch("counter", counter, Readiness.READABLE,
					(fd, readiness) -> add("counter " + counter.take()));
		}

		List<EventSource> sources() {
			return List.of(this.timer, this.signals, this.queue, this.descriptor);
		}

		private void add(String event) {
			this.loop.requireLoopThread();
			this.events.add(event);
		}

		void await(String event) {
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.pollInterval(Duration.ofMillis(1))
				.untilAsserted(() -> assertThat(this.events).contains(event));
		}

	}

	@EnableAsync
	@Configuration(proxyBeanMethods = false)
	@Import(AsyncUser.class)
	static class AsyncConfiguration {

		@Bean(defaultCandidate = false)
		Executor loopExecutor(MainLoop loop) {
			return loop::execute;
		}

	}

	static class AsyncUser {

		private final MainLoop loop;

		AsyncUser(MainLoop loop) {
			this.loop = loop;
		}

		@Async("loopExecutor")
		CompletableFuture<Boolean> onLoop() {
			return CompletableFuture.completedFuture(this.loop.isLoopThread());
		}

		@Async
		CompletableFuture<Boolean> elsewhere() {
			return CompletableFuture.completedFuture(this.loop.isLoopThread());
		}

	}

}
