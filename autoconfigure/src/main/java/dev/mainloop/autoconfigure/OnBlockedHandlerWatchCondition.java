package dev.mainloop.autoconfigure;

/**
 * Matches where handlers that block the loop are to be looked for.
 */
final class OnBlockedHandlerWatchCondition extends EnabledByDefaultCondition {

	OnBlockedHandlerWatchCondition() {
		super("Blocked handler watch", "mainloop.blocked-handler.enabled");
	}

}
