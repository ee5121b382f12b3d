package dev.mainloop.health;

import dev.mainloop.BlockedHandler;
import dev.mainloop.MainLoop;

import org.springframework.context.event.EventListener;

/**
 * Tells the application of a handler that blocks the main loop, for an
 * {@link EventListener}: when it is found, each time when its duration has doubled, and
 * when it has returned. It is published by the thread of the watch, which looks at
 * nothing as long as its listeners run. As with all events of Spring, a listener that
 * throws keeps those after it from being told; the log has what it threw.
 *
 * @param loop the loop
 * @param blocked the handler
 */
public record BlockedHandlerEvent(MainLoop loop, BlockedHandler blocked) {

}
