package dev.mainloop.autoconfigure;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.mainloop.ErrorHandler;
import dev.mainloop.MainLoop;
import dev.mainloop.scheduling.MainLoopTaskScheduler;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the application chooses where its scheduled methods run.
 */
@LinuxTest
class TaskSchedulerTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(MainLoopAutoConfiguration.class, MainLoopTaskSchedulingAutoConfiguration.class,
						TaskSchedulingAutoConfiguration.class, TaskExecutionAutoConfiguration.class))
		.withUserConfiguration(Scheduling.class);

	@Test
	void scheduledMethodShouldRunOnTheLoopWhereItIsChosen() {
		this.contextRunner.withPropertyValues("mainloop.task-scheduler.enabled=true").run((context) -> {
			assertThat(context).getBean(TaskScheduler.class)
				.isInstanceOf(MainLoopTaskScheduler.class)
				.isSameAs(context.getBean("taskScheduler"));
			assertThat(context).hasBean("applicationTaskExecutor");
			assertThat(context.getBean(Scheduling.class).nextThread())
				.isSameAs(context.getBean(MainLoop.class).thread());
		});
	}

	@Test
	void scheduledMethodShouldRunOnItsOwnThreadOtherwise() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(ThreadPoolTaskScheduler.class)
				.doesNotHaveBean(MainLoopTaskScheduler.class);
			assertThat(context.getBean(Scheduling.class).nextThread().getName()).startsWith("scheduling-");
		});
	}

	@Test
	void schedulerOfTheApplicationShouldBeKept() {
		this.contextRunner.withPropertyValues("mainloop.task-scheduler.enabled=true")
			.withBean("taskScheduler", SimpleAsyncTaskScheduler.class)
			.run((context) -> assertThat(context).getBean(TaskScheduler.class)
				.isInstanceOf(SimpleAsyncTaskScheduler.class));
	}

	@Test
	void springBootsSchedulerShouldStandInOnAnotherPlatform() {
		this.contextRunner.withSystemProperties("os.name=Mac OS X")
			.withPropertyValues("mainloop.task-scheduler.enabled=true", "mainloop.on-unsupported-platform=warn")
			.run((context) -> assertThat(context).getBean(TaskScheduler.class)
				.isInstanceOf(ThreadPoolTaskScheduler.class));
	}

	@Test
	void scheduledMethodShouldGoOnAfterAStopAndAStart() {
		this.contextRunner.withPropertyValues("mainloop.task-scheduler.enabled=true").run((context) -> {
			Scheduling scheduling = context.getBean(Scheduling.class);
			scheduling.nextThread();
			context.stop();
			scheduling.threads.clear();
			context.start();
			assertThat(scheduling.nextThread()).isSameAs(context.getBean(MainLoop.class).thread());
		});
	}

	@Test
	void failureShouldGoToTheErrorHandlerAndNotEndTheSchedule() {
		BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
		this.contextRunner.withPropertyValues("mainloop.task-scheduler.enabled=true")
			.withUserConfiguration(Failing.class)
			.withBean(ErrorHandler.class, () -> (source, event, error) -> errors.add(error))
			.run((context) -> {
				assertThat(errors.poll(30, TimeUnit.SECONDS)).hasMessage("expected by the test");
				assertThat(errors.poll(30, TimeUnit.SECONDS)).hasMessage("expected by the test");
			});
	}

	@EnableScheduling
	@Configuration(proxyBeanMethods = false)
	static class Scheduling {

		private final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();

		@Scheduled(fixedRate = 1)
		void run() {
			this.threads.add(Thread.currentThread());
		}

		Thread nextThread() throws InterruptedException {
			return this.threads.poll(Duration.ofSeconds(30).toNanos(), TimeUnit.NANOSECONDS);
		}

	}

	static class Failing {

		@Scheduled(fixedDelay = 1)
		void run() {
			throw new IllegalStateException("expected by the test");
		}

	}

}
