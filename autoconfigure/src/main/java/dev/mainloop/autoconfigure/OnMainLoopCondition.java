package dev.mainloop.autoconfigure;

import dev.mainloop.autoconfigure.MainLoopProperties.OnUnsupportedPlatform;
import dev.mainloop.libc.LibC;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches where the main loop can run, and where it cannot if that is to be an error.
 */
class OnMainLoopCondition extends SpringBootCondition {

	private static final String PROPERTY = "mainloop.on-unsupported-platform";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Main loop");
		String cause = LibC.unavailabilityCause();
		if (cause == null) {
			return ConditionOutcome.match(message.available("epoll"));
		}
		OnUnsupportedPlatform policy = Binder.get(context.getEnvironment())
			.bind(PROPERTY, OnUnsupportedPlatform.class)
			.orElse(OnUnsupportedPlatform.FAIL);
		return new ConditionOutcome(policy == OnUnsupportedPlatform.FAIL,
				message.because(cause + ", and " + PROPERTY + " is " + policy));
	}

	/** Matches where the other does not. */
	static final class Unavailable extends OnMainLoopCondition {

		@Override
		public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
			ConditionOutcome outcome = super.getMatchOutcome(context, metadata);
			return new ConditionOutcome(!outcome.isMatch(), outcome.getConditionMessage());
		}

	}

}
