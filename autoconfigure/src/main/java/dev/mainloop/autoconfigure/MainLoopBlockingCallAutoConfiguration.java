package dev.mainloop.autoconfigure;

import dev.mainloop.MainLoop;
import dev.mainloop.handler.EventHandlers;
import dev.mainloop.handler.MainLoops;
import dev.mainloop.health.BlockingCallGuard;
import dev.mainloop.health.LoopThreadsIntegration;
import dev.mainloop.health.UnusableBlockHoundException;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.util.ClassUtils;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link BlockingCallGuard}.
 */
@AutoConfiguration(after = MainLoopAutoConfiguration.class)
@ConditionalOnBooleanProperty("mainloop.blocked-handler.fail-fast")
@ConditionalOnBean(MainLoop.class)
public final class MainLoopBlockingCallAutoConfiguration {

	private static final String BLOCK_HOUND = "reactor.blockhound.BlockHound";

	@Bean
	BlockingCallGuard mainLoopBlockingCallGuard(MainLoops loops, EventHandlers handlers,
			ConfigurableBeanFactory beanFactory) {
		if (!ClassUtils.isPresent(BLOCK_HOUND, beanFactory.getBeanClassLoader())) {
			throw new UnusableBlockHoundException("is not on the class path",
					"Add the dependency 'io.projectreactor.tools:blockhound' where the application is developed", null);
		}
		LoopThreadsIntegration.install();
		return new BlockingCallGuard(loops, handlers::name);
	}

}
