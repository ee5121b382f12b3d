package dev.mainloop.autoconfigure.systemd;

import dev.mainloop.BlockedHandler;
import dev.mainloop.health.BlockedHandlerEvent;
import dev.mainloop.log.LogText;

import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;

/**
 * Tells the service manager of a handler that blocks its loop, in the line of the status.
 */
final class BlockedHandlerStatus implements ApplicationListener<PayloadApplicationEvent<BlockedHandlerEvent>> {

	private final ServiceNotifications notifications;

	BlockedHandlerStatus(ServiceNotifications notifications) {
		this.notifications = notifications;
	}

	@Override
	public void onApplicationEvent(PayloadApplicationEvent<BlockedHandlerEvent> event) {
		BlockedHandler blocked = event.getPayload().blocked();
		this.notifications.trouble(blocked.returned() ? null : "The handler '%s' blocks the loop '%s' for %d ms"
			.formatted(LogText.of(blocked.handler()), event.getPayload().loop().name(), blocked.duration().toMillis()));
	}

}
