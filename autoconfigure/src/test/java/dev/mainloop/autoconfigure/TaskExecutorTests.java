package dev.mainloop.autoconfigure;

import java.util.concurrent.Executor;

import dev.mainloop.MainLoop;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.task.AsyncTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the loop and its workers leave Spring Boot's task executor to the
 * application.
 */
@LinuxTest
class TaskExecutorTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(MainLoopAutoConfiguration.class, TaskExecutionAutoConfiguration.class));

	@Test
	void neitherLoopNorItsWorkersShouldBeTheExecutorOfTheApplication() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(MainLoop.class);
			Object executor = context.getBean("applicationTaskExecutor");
			assertThat(context.getBean(Executor.class)).isSameAs(executor);
			assertThat(context.getBeanProvider(Executor.class).getObject()).isSameAs(executor);
			assertThat(context.getBean(AsyncTaskExecutor.class)).isSameAs(executor);
		});
	}

}
