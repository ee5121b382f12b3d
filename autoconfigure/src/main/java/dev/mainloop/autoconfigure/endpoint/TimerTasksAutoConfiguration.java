package dev.mainloop.autoconfigure.endpoint;

import dev.mainloop.MainLoop;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.endpoint.TimerTasks;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.scheduling.ScheduledTasksEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link TimerTasks}, which
 * {@link ScheduledTasksEndpoint} shows.
 */
@AutoConfiguration(after = MainLoopAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(MainLoop.class)
@ConditionalOnAvailableEndpoint(ScheduledTasksEndpoint.class)
public final class TimerTasksAutoConfiguration {

	/** Leaves the injection of a single holder to that of {@code @Scheduled} methods. */
	@Bean
	@Fallback
	@ConditionalOnMissingBean
	TimerTasks mainLoopTimerTasks() {
		return new TimerTasks();
	}

}
