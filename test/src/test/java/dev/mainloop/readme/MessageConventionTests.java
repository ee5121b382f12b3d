package dev.mainloop.readme;

import java.util.ArrayList;
import java.util.List;

import dev.mainloop.annotation.EventHandler;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.autoconfigure.MainLoopAutoConfiguration;
import dev.mainloop.autoconfigure.observation.MainLoopObservationAutoConfiguration;
import dev.mainloop.observation.DefaultHandlerObservationConvention;
import dev.mainloop.observation.HandlerObservationContext;
import dev.mainloop.test.TestMainLoop;
import dev.mainloop.test.TestMainLoopAutoConfiguration;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Has calls observed by the convention of the documentation.
 */
class MessageConventionTests {

	private final List<Observation.Context> observed = new ArrayList<>();

	@Test
	void callShouldBeObservedWithItsMessage() {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new Recorder(this.observed));
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(TestMainLoopAutoConfiguration.class,
					MainLoopAutoConfiguration.class, MainLoopObservationAutoConfiguration.class))
			.withBean(ObservationRegistry.class, () -> registry)
			.withBean(messageConvention())
			.withBean("handler", Handler.class)
			.run((context) -> context.getBean(TestMainLoop.class).send("hello"));
		assertThat(this.observed).singleElement().satisfies((context) -> {
			assertThat(context.getHighCardinalityKeyValues()).containsExactly(KeyValue.of("message", "hello"));
			assertThat(context.getLowCardinalityKeyValues()).contains(KeyValue.of("bean", "handler"));
			assertThat(context.getContextualName()).isEqualTo("handler.take");
		});
	}

	private static Class<? extends DefaultHandlerObservationConvention> messageConvention() {
		@Component
		class MessageConvention extends DefaultHandlerObservationConvention {

			@Override
			public KeyValues getHighCardinalityKeyValues(HandlerObservationContext context) {
				Object message = context.getMessage();
				return (message != null) ? KeyValues.of("message", message.toString()) : KeyValues.empty();
			}

		}
		return MessageConvention.class;
	}

	private record Recorder(List<Observation.Context> observed) implements ObservationHandler<Observation.Context> {

		@Override
		public void onStop(Observation.Context context) {
			this.observed.add(context);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

	@EventHandler
	static class Handler {

		@OnMessage
		void take(String message) {
		}

	}

}
