package dev.mainloop.test;

import dev.mainloop.ErrorHandler;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopInvoker;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.autoconfigure.MainLoopProperties;
import dev.mainloop.handler.EventQueues;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for a {@link TestMainLoop}.
 *
 * @see AutoConfigureTestMainLoop
 */
@AutoConfiguration(before = MainLoopAutoConfiguration.class)
@EnableConfigurationProperties(MainLoopProperties.class)
public final class TestMainLoopAutoConfiguration {

	private static final String MAIN_LOOP = "inMemoryMainLoop";

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static InMemoryReplacement mainLoopInMemoryReplacement() {
		return new InMemoryReplacement(MAIN_LOOP);
	}

	@Bean
	TestPlatform mainLoopTestPlatform() {
		return new TestPlatform();
	}

	@Bean
	HandlerErrors mainLoopHandlerErrors() {
		return new HandlerErrors();
	}

	@Bean(MAIN_LOOP)
	MainLoop inMemoryMainLoop(TestPlatform platform, HandlerErrors errors, MainLoopProperties properties,
			ObjectProvider<ErrorHandler> errorHandler) {
		return MainLoop.builder()
			.platform(platform)
			.multiplexer(platform::multiplexer)
			.clock(platform.clocks())
			.exit(platform::exit)
			.errorHandler(errorHandler.getIfAvailable(() -> errors::add))
			.taskCapacity(properties.getQueueCapacity())
			.budget(properties.getBudget())
			.build();
	}

	@Bean
	MainLoopInvoker mainLoopInvoker(MainLoop mainLoop) {
		return new MainLoopInvoker(mainLoop);
	}

	@Bean
	TestMainLoop testMainLoop(MainLoop mainLoop, MainLoopInvoker invoker, TestPlatform platform, HandlerErrors errors,
			EventQueues queues, BeanFactory beanFactory) {
		return new TestMainLoop(mainLoop, invoker, platform, errors, queues, beanFactory);
	}

}
