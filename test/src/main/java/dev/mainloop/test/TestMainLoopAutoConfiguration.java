package dev.mainloop.test;

import dev.mainloop.ErrorHandler;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopBuilder;
import dev.mainloop.MainLoopInvoker;
import dev.mainloop.SignalMode;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.handler.EventQueues;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for a {@link TestMainLoop}.
 *
 * @see AutoConfigureTestMainLoop
 */
@AutoConfiguration(before = MainLoopAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "mainloop.enabled", matchIfMissing = true)
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
	@ConditionalOnMissingBean({ ErrorHandler.class, org.springframework.util.ErrorHandler.class })
	HandlerErrors mainLoopHandlerErrors() {
		return new HandlerErrors();
	}

	@Bean(MAIN_LOOP)
	MainLoop inMemoryMainLoop(MainLoopBuilder builder, TestPlatform platform) {
		return builder.platform(platform)
			.multiplexer(platform::multiplexer)
			.signals(SignalMode.AUTO)
			.clock(platform.clocks())
			.exit(platform::exit)
			.build();
	}

	@Bean
	MainLoopInvoker mainLoopInvoker(MainLoop mainLoop) {
		return new MainLoopInvoker(mainLoop);
	}

	@Bean
	TestMainLoop testMainLoop(MainLoop mainLoop, MainLoopInvoker invoker, TestPlatform platform,
			ObjectProvider<HandlerErrors> errors, EventQueues queues, BeanFactory beanFactory) {
		return new TestMainLoop(mainLoop, invoker, platform, errors.getIfAvailable(HandlerErrors::new), queues,
				beanFactory);
	}

}
