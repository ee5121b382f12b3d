package dev.mainloop.autoconfigure.endpoint;

import java.time.Duration;
import java.util.Set;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnTimer;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.endpoint.TimerTasks;
import dev.mainloop.handler.TimerMethodListener;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;
import org.springframework.scheduling.config.ScheduledTask;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import org.springframework.scheduling.config.TaskExecutionOutcome.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@LinuxTest
class TimerTasksAutoConfigurationTests {

	private static final String EXPOSED = "management.endpoints.web.exposure.include=scheduledtasks";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MainLoopAutoConfiguration.class, TimerTasksAutoConfiguration.class))
		.withUserConfiguration(Handlers.class);

	@Test
	void tasksShouldBeThereOnceTheirEndpointIsExposed() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(TimerMethodListener.class));
		this.contextRunner.withPropertyValues(EXPOSED)
			.run((context) -> assertThat(context.getBean(ScheduledTaskHolder.class).getScheduledTasks()).singleElement()
				.hasToString(Handlers.class.getName() + ".beat"));
		this.contextRunner.withPropertyValues(EXPOSED, "mainloop.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TimerTasks.class));
	}

	@Test
	void holderOfScheduledMethodsShouldBeInjectedStill() {
		this.contextRunner.withPropertyValues(EXPOSED)
			.withUserConfiguration(ScheduledConfiguration.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(Schedule.class).holder)
					.isInstanceOf(ScheduledAnnotationBeanPostProcessor.class);
			});
	}

	@Test
	void lastExecutionShouldBeKnownWhereBeansAreLazy() {
		this.contextRunner.withPropertyValues(EXPOSED)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> await().atMost(Duration.ofSeconds(60))
				.until(() -> task(context.getBean(TimerTasks.class)).getTask()
					.getLastExecutionOutcome()
					.status() == Status.SUCCESS));
	}

	@Test
	void taskShouldEndWithItsTimerAndComeBackWithTheLoop() {
		this.contextRunner.withPropertyValues(EXPOSED).run((context) -> {
			MainLoop loop = context.getBean(MainLoop.class);
			ScheduledTask task = task(context.getBean(TimerTasks.class));
			assertNextInAnHour(loop, task);
			EventSource timer = loop.sources().get(0);
			task.cancel();
			assertThat(timer.state()).isEqualTo(EventSource.State.CLOSED);
			assertThat(task.nextExecution()).isNull();
			context.stop();
			context.start();
			assertNextInAnHour(loop, task);
			context.stop();
			assertThat(task.nextExecution()).isNull();
		});
	}

	@Test
	void taskShouldNotBeRunByAnyoneElse() {
		this.contextRunner.withPropertyValues(EXPOSED)
			.run((context) -> assertThatExceptionOfType(UnsupportedOperationException.class)
				.isThrownBy(task(context.getBean(TimerTasks.class)).getTask().getRunnable()::run)
				.withMessageContaining(Handlers.class.getName() + ".beat"));
	}

	private static void assertNextInAnHour(MainLoop loop, ScheduledTask task) {
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(task.nextExecution()).isAfter(loop.now().plus(Duration.ofMinutes(58))));
	}

	private static ScheduledTask task(ScheduledTaskHolder holder) {
		Set<ScheduledTask> tasks = holder.getScheduledTasks();
		assertThat(tasks).hasSize(1);
		return tasks.iterator().next();
	}

	@EventHandler
	static class Handlers {

		@OnTimer(every = "1h")
		void beat() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	@Import(Schedule.class)
	static class ScheduledConfiguration {

	}

	static class Schedule {

		private final ScheduledTaskHolder holder;

		Schedule(ScheduledTaskHolder holder) {
			this.holder = holder;
		}

	}

}
