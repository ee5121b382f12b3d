package dev.mainloop.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches unless a property is {@code false}, which an empty one is not.
 */
public class EnabledByDefaultCondition extends SpringBootCondition {

	private final String condition;

	private final String property;

	/**
	 * Creates a condition.
	 * @param condition what the condition report calls it
	 * @param property the name of the property
	 */
	protected EnabledByDefaultCondition(String condition, String property) {
		this.condition = condition;
		this.property = property;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		boolean enabled = Binder.get(context.getEnvironment()).bind(this.property, Boolean.class).orElse(true);
		return new ConditionOutcome(enabled,
				ConditionMessage.forCondition(this.condition).because(this.property + " is " + enabled));
	}

}
