package dev.mainloop.autoconfigure.endpoint;

import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.endpoint.DurationsDescriptor;
import dev.mainloop.endpoint.MainLoopDescriptor;
import dev.mainloop.endpoint.MainLoopEndpoint;
import dev.mainloop.endpoint.MainLoopEndpointWebExtension;
import dev.mainloop.endpoint.SourceDescriptor;
import dev.mainloop.endpoint.SourcesDescriptor;
import dev.mainloop.endpoint.TimerDescriptor;
import dev.mainloop.testing.LinuxTest;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

@LinuxTest
class MainLoopEndpointAutoConfigurationTests {

	private static final String EXPOSED = "management.endpoints.web.exposure.include=mainloop";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(MainLoopAutoConfiguration.class, MainLoopEndpointAutoConfiguration.class));

	@Test
	void endpointShouldBeThereOnceItIsExposed() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(MainLoopEndpoint.class));
		this.contextRunner.withPropertyValues(EXPOSED)
			.run((context) -> assertThat(context).hasSingleBean(MainLoopEndpoint.class)
				.hasSingleBean(MainLoopEndpointWebExtension.class));
		this.contextRunner.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=*")
			.run((context) -> assertThat(context).hasSingleBean(MainLoopEndpoint.class)
				.doesNotHaveBean(MainLoopEndpointWebExtension.class));
	}

	@Test
	void endpointShouldNotBeThereWithoutAccess() {
		this.contextRunner.withPropertyValues(EXPOSED, "management.endpoint.mainloop.access=NONE")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MainLoopEndpoint.class));
	}

	@Test
	void endpointShouldNotBeThereWithoutTheLoop() {
		this.contextRunner.withPropertyValues(EXPOSED, "mainloop.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MainLoopEndpoint.class));
	}

	@Test
	void loopThatIsNotWatchedShouldBeShownWithoutABlockedHandler() {
		this.contextRunner.withPropertyValues(EXPOSED, "mainloop.blocked-handler.enabled=false").run((context) -> {
			MainLoopDescriptor loop = context.getBean(MainLoopEndpoint.class).loop();
			assertThat(loop.state()).isEqualTo("running");
			assertThat(loop.sources()).isEmpty();
			assertThat(loop.blockedHandler()).isNull();
		});
	}

	@Test
	void responsesShouldBeOpenToReflection() throws Exception {
		RuntimeHints hints = new RuntimeHints();
		new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, MainLoopEndpoint.class,
				MainLoopEndpointWebExtension.class);
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(MainLoopEndpointWebExtension.class.getMethod("enable", String.class, boolean.class)))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(MainLoopEndpoint.class.getMethod("loop")))
			.accepts(hints);
		for (Class<?> type : new Class<?>[] { MainLoopDescriptor.class, SourcesDescriptor.class, SourceDescriptor.class,
				TimerDescriptor.class, DurationsDescriptor.class }) {
			assertThat(
					RuntimeHintsPredicates.reflection().onMethodInvocation(type.getRecordComponents()[0].getAccessor()))
				.as(type.getName())
				.accepts(hints);
		}
	}

}
