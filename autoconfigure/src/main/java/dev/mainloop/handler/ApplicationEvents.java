package dev.mainloop.handler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.mainloop.EventSource;
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
 * Takes the events that the application context publishes to the methods of a group of
 * loops that want them, through a queue of its own on each loop. A publisher that the
 * queue refuses an event as it is full is told; that one came while the loop did not run
 * is told the log, as the context publishes some while it stops.
 */
final class ApplicationEvents implements ApplicationListener<ApplicationEvent> {

	private static final Logger logger = LoggerFactory.getLogger(ApplicationEvents.class);

	private final boolean afterCommit;

	private final OutgoingMessages outgoing;

	private final BurstLog refused;

	private final List<Destination> destinations = new ArrayList<>();

	private final Map<Kind, Chosen> choices = new HashMap<>();

	private final Turns turns = new Turns();

	/**
	 * Opens the queues.
	 * @param loops the loops
	 * @param settings those of the queue on each loop of a group
	 * @param afterCommit whether events that are published in a transaction wait for its
	 * commit
	 * @param outgoing makes the events ready for the queues
	 * @param refused told of events that come while a loop does not run
	 */
	ApplicationEvents(MainLoops loops, Map<Placement, QueueSettings> settings, boolean afterCommit,
			OutgoingMessages outgoing, BurstLog refused) {
		this.afterCommit = afterCommit;
		this.outgoing = outgoing;
		this.refused = refused;
		settings.forEach((place, some) -> this.destinations.add(new Destination(loops.get(place), some, afterCommit)));
	}

	synchronized void add(MessageListener listener) {
		this.destinations.get(listener.receiver().place().index()).add(listener);
		this.choices.clear();
	}

	/** Returns what tells who takes the events of a queue, for each queue. */
	Map<EventSource, Supplier<List<MessageListener>>> takers() {
		Map<EventSource, Supplier<List<MessageListener>>> takers = new HashMap<>();
		this.destinations.forEach((destination) -> takers.put(destination.queue, destination::listeners));
		return takers;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		Chosen chosen = chosen(event);
		if (chosen.choice.none()) {
			return;
		}
		List<Destination> to = destinations(chosen, event);
		Object message = this.outgoing.of(event, null, null);
		if (this.afterCommit) {
			AfterCommit.run(() -> to.forEach((destination) -> send(destination, message, event)));
		}
		else {
			to.forEach((destination) -> send(destination, message, event));
		}
	}

	private List<Destination> destinations(Chosen chosen, ApplicationEvent event) {
		int count = this.destinations.size();
		if (chosen.choice.each() || count == 1) {
			return this.destinations;
		}
		Object keyed = chosen.byPayload ? payload(event) : event;
		return List.of(this.destinations.get(chosen.choice.one(keyed, count, this.turns)));
	}

	private static Object payload(ApplicationEvent event) {
		return ((PayloadApplicationEvent<?>) event).getPayload();
	}

	private synchronized Chosen chosen(ApplicationEvent event) {
		return this.choices.computeIfAbsent(Kind.of(event), this::choose);
	}

	/** The listeners of the first loop are those of all. */
	private Chosen choose(Kind kind) {
		List<Receiver> receivers = this.destinations.get(0)
			.listeners()
			.stream()
			.filter((listener) -> kind.isTakenBy(listener) || kind.isPayloadTakenBy(listener))
			.map(MessageListener::receiver)
			.toList();
		boolean byPayload = this.destinations.get(0)
			.listeners()
			.stream()
			.anyMatch((listener) -> listener.receiver().key() != null && kind.isPayloadTakenBy(listener));
		return new Chosen(Choice.ofSent(receivers), byPayload);
	}

	private void send(Destination destination, Object message, ApplicationEvent event) {
		try {
			destination.queue.send(message);
		}
		catch (MessageRefusedException ex) {
			MainLoopState state = destination.loop.state();
			if (state == MainLoopState.NEW || state == MainLoopState.RUNNING) {
				throw ex;
			}
			String queue = destination.queue.toString();
			Object published = (event instanceof PayloadApplicationEvent<?>) ? payload(event) : event;
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

		boolean isPayloadTakenBy(MessageListener listener) {
			return this.payloadClass != null && listener.payload()
				.accepts(this.type.as(PayloadApplicationEvent.class).getGeneric(), this.payloadClass);
		}

		boolean isTakenBy(MessageListener listener) {
			return listener.payload().accepts(this.type, this.eventClass);
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
		public void handleMeasured(ApplicationEvent event) throws Exception {
			this.listener.handleMeasured(((PayloadApplicationEvent<?>) event).getPayload());
		}

		@Override
		public String toString() {
			return this.listener.toString();
		}

	}

	/**
	 * Which loops get events of a kind.
	 *
	 * @param choice how to choose them
	 * @param byPayload whether the key is one of the payload
	 */
	private record Chosen(Choice choice, boolean byPayload) {

	}

	/** The queue on one loop, and the methods there that take events. */
	private static final class Destination implements MessageHandler<Object> {

		private final MainLoop loop;

		private final QueueSource<Object> queue;

		private final List<MessageListener> listeners = new ArrayList<>();

		private final Map<Kind, MessageHandlers<ApplicationEvent>> handlers = new HashMap<>();

		Destination(MainLoop loop, QueueSettings settings, boolean afterCommit) {
			this.loop = loop;
			this.queue = loop.queue(afterCommit ? "application events after commit" : "application events",
					settings.capacity(), settings.overflow(), this);
		}

		synchronized void add(MessageListener listener) {
			this.listeners.add(listener);
			AnnotationAwareOrderComparator.sort(this.listeners);
			this.handlers.clear();
		}

		synchronized List<MessageListener> listeners() {
			return List.copyOf(this.listeners);
		}

		@Override
		public void handle(Object message) throws HandlerFailedException {
			if (message instanceof SentMessage sent) {
				sent.handle(this.queue.description(), this);
			}
			else {
				ApplicationEvent event = (ApplicationEvent) message;
				handlers(Kind.of(event)).handle(event);
			}
		}

		@Override
		public void handleMeasured(Object message) throws HandlerFailedException {
			if (message instanceof SentMessage sent) {
				sent.handleMeasured(this.queue.description(), this);
			}
			else {
				ApplicationEvent event = (ApplicationEvent) message;
				handlers(Kind.of(event)).handleMeasured(event);
			}
		}

		private synchronized MessageHandlers<ApplicationEvent> handlers(Kind kind) {
			return this.handlers.computeIfAbsent(kind, this::find);
		}

		private MessageHandlers<ApplicationEvent> find(Kind kind) {
			List<MessageHandler<? super ApplicationEvent>> found = new ArrayList<>();
			for (MessageListener listener : this.listeners) {
				if (kind.isPayloadTakenBy(listener)) {
					found.add(new PayloadListener(listener));
				}
				else if (kind.isTakenBy(listener)) {
					found.add(listener);
				}
			}
			return new MessageHandlers<>(found);
		}

	}

}
