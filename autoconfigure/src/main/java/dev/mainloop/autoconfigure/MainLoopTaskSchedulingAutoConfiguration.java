package dev.mainloop.autoconfigure;

import dev.mainloop.MainLoop;
import dev.mainloop.scheduling.MainLoopTaskScheduler;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link MainLoopTaskScheduler}.
 */
@AutoConfiguration(after = MainLoopAutoConfiguration.class, before = TaskSchedulingAutoConfiguration.class)
@ConditionalOnBean(MainLoop.class)
@ConditionalOnBooleanProperty("mainloop.task-scheduler.enabled")
public final class MainLoopTaskSchedulingAutoConfiguration {

	@Bean(ScheduledAnnotationBeanPostProcessor.DEFAULT_TASK_SCHEDULER_BEAN_NAME)
	@ConditionalOnMissingBean(name = ScheduledAnnotationBeanPostProcessor.DEFAULT_TASK_SCHEDULER_BEAN_NAME)
	MainLoopTaskScheduler taskScheduler(MainLoop mainLoop) {
		return new MainLoopTaskScheduler(mainLoop);
	}

}
