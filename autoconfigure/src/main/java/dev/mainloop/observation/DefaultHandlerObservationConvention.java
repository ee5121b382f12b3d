package dev.mainloop.observation;

import dev.mainloop.handler.HandlerCallDecorator;
import dev.mainloop.observation.HandlerObservationDocumentation.LowCardinalityKeyNames;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/**
 * The {@link HandlerObservationConvention} that is used unless there is another, see
 * {@link HandlerObservationDocumentation}.
 */
public class DefaultHandlerObservationConvention implements HandlerObservationConvention {

	@Override
	public String getName() {
		return "mainloop.handler.call";
	}

	@Override
	public String getContextualName(HandlerObservationContext context) {
		return context.getBeanName() + "." + context.getMethod().getName();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(HandlerObservationContext context) {
		return KeyValues.of(KeyValue.of(LowCardinalityKeyNames.BEAN, context.getBeanName()),
				KeyValue.of(LowCardinalityKeyNames.METHOD, context.getMethod().getName()),
				KeyValue.of(LowCardinalityKeyNames.KIND, context.getKind()),
				KeyValue.of(LowCardinalityKeyNames.EXCEPTION, HandlerCallDecorator.exceptionName(context.getError())));
	}

}
