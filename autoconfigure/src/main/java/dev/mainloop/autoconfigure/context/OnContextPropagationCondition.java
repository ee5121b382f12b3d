package dev.mainloop.autoconfigure.context;

import dev.mainloop.autoconfigure.EnabledByDefaultCondition;

/**
 * Matches where the context of senders is to go to handlers.
 */
final class OnContextPropagationCondition extends EnabledByDefaultCondition {

	OnContextPropagationCondition() {
		super("Context propagation", "mainloop.context-propagation.enabled");
	}

}
