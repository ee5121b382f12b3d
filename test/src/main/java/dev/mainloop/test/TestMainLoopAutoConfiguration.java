package dev.mainloop.test;

import dev.mainloop.ErrorHandler;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopBuilder;
import dev.mainloop.MainLoopInvoker;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.handler.EventQueues;
import dev.mainloop.handler.FileWatchers;
import dev.mainloop.handler.Placement;
import dev.mainloop.handler.PressureTriggers;
import dev.mainloop.test.InMemoryLoops.TestLoop;
import dev.mainloop.watch.FileWatcher;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
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

	@Bean
	TestFileCalls mainLoopTestFileCalls() {
		return new TestFileCalls();
	}

	@Bean
	TestWorkers mainLoopTestWorkers() {
		return new TestWorkers();
	}

	@Bean
	TestPressure mainLoopTestPressure() {
		return new TestPressure();
	}

	@Bean
	PressureTriggers mainLoopPressureTriggers(TestPressure pressure) {
		return new PressureTriggers(pressure::open);
	}

	@Bean
	FileWatchers mainLoopFileWatchers() {
		return new FileWatchers(FileWatcher.Builder::simulated);
	}

	@Bean
	InMemoryLoops mainLoopsInMemory(TestPlatform platform, TestFileCalls fileCalls, TestWorkers workers) {
		return new InMemoryLoops(platform, fileCalls, workers);
	}

	@Bean(MAIN_LOOP)
	@Primary
	@Qualifier(Placement.MAIN)
	MainLoop inMemoryMainLoop(MainLoopBuilder builder) {
		return builder.build();
	}

	@Bean
	MainLoopInvoker mainLoopInvoker(MainLoop mainLoop) {
		return new MainLoopInvoker(mainLoop);
	}

	@Bean
	TestMainLoop testMainLoop(MainLoop mainLoop, MainLoopInvoker invoker, TestPlatform platform, InMemoryLoops loops,
			TestFileCalls fileCalls, TestWorkers workers, TestPressure pressure, FileWatchers watchers,
			ObjectProvider<HandlerErrors> errors, EventQueues queues, BeanFactory beanFactory) {
		return new TestMainLoop(new TestLoop(mainLoop, invoker), loops, platform, fileCalls, workers, pressure,
				watchers, errors.getIfAvailable(HandlerErrors::new), queues, beanFactory);
	}

}
