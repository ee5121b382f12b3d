package dev.mainloop.handler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.mainloop.HandlerFailedException;
import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopState;
import dev.mainloop.MessageHandler;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.QueueSource;
import dev.mainloop.log.BurstLog;
import dev.mainloop.log.LogKeys;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;

/**
 * Takes the events that the application context publishes to the methods that want them,
 * through a queue of its own. A publisher that the queue refuses an event as it is full
 * is told; that one came while the loop did not run is told the log, as the context
 * publishes some while it stops.
 */
final class ApplicationEvents implements ApplicationListener<ApplicationEvent> {

	private static final Logger logger = LoggerFactory.getLogger(ApplicationEvents.class);

	private final MainLoop loop;

	private final boolean afterCommit;

	private final OutgoingMessages outgoing;

	private final BurstLog refused;

	private final QueueSource<Object> queue;

	private final List<MessageListener> listeners = new ArrayList<>();

	private final Map<Kind, MessageHandlers<ApplicationEvent>> handlers = new HashMap<>();

	/**
	 * Opens the queue.
	 * @param loop the loop
	 * @param settings those of the queue
	 * @param afterCommit whether events that are published in a transaction wait for its
	 * commit
	 * @param outgoing makes the events ready for the queue
	 * @param refused told of events that come while the loop does not run
	 */
	ApplicationEvents(MainLoop loop, QueueSettings settings, boolean afterCommit, OutgoingMessages outgoing,
			BurstLog refused) {
		this.loop = loop;
		this.afterCommit = afterCommit;
		this.outgoing = outgoing;
		this.refused = refused;
		this.queue = loop.queue(afterCommit ? "application events after commit" : "application events",
				settings.capacity(), settings.overflow(), this::handle);
	}

	synchronized void add(MessageListener listener) {
		this.listeners.add(listener);
		AnnotationAwareOrderComparator.sort(this.listeners);
		this.handlers.clear();
	}

	QueueSource<?> queue() {
		return this.queue;
	}

	synchronized List<MessageListener> listeners() {
		return List.copyOf(this.listeners);
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (handlers(event).isEmpty()) {
			return;
		}
		Object message = this.outgoing.of(event, null);
		if (this.afterCommit) {
			AfterCommit.run(() -> send(message, event));
		}
		else {
			send(message, event);
		}
	}

	private void send(Object message, ApplicationEvent event) {
		try {
			this.queue.send(message);
		}
		catch (MessageRefusedException ex) {
			MainLoopState state = this.loop.state();
			if (state == MainLoopState.NEW || state == MainLoopState.RUNNING) {
				throw ex;
			}
			String queue = this.queue.toString();
			Object published = (event instanceof PayloadApplicationEvent<?> payload) ? payload.getPayload() : event;
			this.refused.log(new Refused(queue, published.getClass().getName()), () -> {
				String text = LogText.of(published);
				logger.atWarn()
					.addKeyValue(LogKeys.SOURCE, queue)
					.addKeyValue(LogKeys.EVENT, text)
					.log("The application event %s is not handled: %s".formatted(text, LogText.of(ex.getMessage())));
			});
		}
	}

	static void sumUpOthers(long events) {
		logger.atWarn()
			.addKeyValue(LogKeys.REPETITIONS, events)
			.log("%d more application events are not handled".formatted(events));
	}

	private void handle(Object message) throws HandlerFailedException {
		if (message instanceof SentMessage sent) {
			sent.handle(this.queue.description(), this::handle);
		}
		else {
			ApplicationEvent event = (ApplicationEvent) message;
			handlers(event).handle(event);
		}
	}

	private synchronized MessageHandlers<ApplicationEvent> handlers(ApplicationEvent event) {
		return this.handlers.computeIfAbsent(Kind.of(event), this::find);
	}

	private MessageHandlers<ApplicationEvent> find(Kind kind) {
		List<MessageHandler<? super ApplicationEvent>> found = new ArrayList<>();
		for (MessageListener listener : this.listeners) {
			if (kind.payloadClass != null && listener.accepts(kind.payloadType(), kind.payloadClass)) {
				found.add(new PayloadListener(listener));
			}
			else if (listener.accepts(kind.type, kind.eventClass)) {
				found.add(listener);
			}
		}
		return new MessageHandlers<>(found);
	}

	/**
	 * Events that are not handled.
	 *
	 * @param queue the queue that does not take them
	 * @param type the name of their class
	 */
	private record Refused(String queue, String type) implements BurstLog.Kind {

		@Override
		public void sumUp(long events) {
			logger.atWarn()
				.addKeyValue(LogKeys.SOURCE, this.queue)
				.addKeyValue(LogKeys.REPETITIONS, events)
				.log("%d more application events of %s are not handled, as the main loop does not run".formatted(events,
						LogText.of(this.type)));
		}

	}

	/**
	 * What tells who handles an event.
	 *
	 * @param type its type
	 * @param eventClass its class
	 * @param payloadClass the class of its payload if it is made for one
	 */
	private record Kind(ResolvableType type, Class<?> eventClass, @Nullable Class<?> payloadClass) {

		static Kind of(ApplicationEvent event) {
			return new Kind(ResolvableType.forInstance(event), event.getClass(),
					(event instanceof PayloadApplicationEvent<?> payload) ? payload.getPayload().getClass() : null);
		}

		ResolvableType payloadType() {
			return this.type.as(PayloadApplicationEvent.class).getGeneric();
		}

	}

	/**
	 * A listener that wants the payload of the event.
	 *
	 * @param listener the listener
	 */
	private record PayloadListener(MessageListener listener) implements MessageHandler<ApplicationEvent> {

		@Override
		public void handle(ApplicationEvent event) throws Exception {
			this.listener.handle(((PayloadApplicationEvent<?>) event).getPayload());
		}

		@Override
		public String toString() {
			return this.listener.toString();
		}

	}

}
