package dev.mainloop.endpoint;

import dev.mainloop.BlockedHandler;

/**
 * Describes a handler that blocks the loop.
 *
 * @param name what a log line calls it: bean and method where they are known
 * @param since when it began, in ISO-8601
 * @param duration for how long it has blocked the loop, in ISO-8601
 */
public record BlockedHandlerDescriptor(String name, String since, String duration) {

	static BlockedHandlerDescriptor of(BlockedHandler handler) {
		return new BlockedHandlerDescriptor(handler.handler(), handler.since().toString(),
				handler.duration().toString());
	}

}
