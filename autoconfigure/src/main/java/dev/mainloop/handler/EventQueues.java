package dev.mainloop.handler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.mainloop.EventQueue;
import dev.mainloop.HandlerFailedException;
import dev.mainloop.MainLoop;
import dev.mainloop.MessageHandler;
import dev.mainloop.annotation.OnMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;

/**
 * The queues of the application, one for each type of message that is asked for, and the
 * {@link OnMessage} methods that take what they carry. May be used by any thread.
 */
public final class EventQueues {

	private final MainLoop loop;

	private final int capacity;

	private final Map<ResolvableType, Entry> queues = new LinkedHashMap<>();

	private List<MessageListener> listeners = List.of();

	private boolean complete;

	/**
	 * Creates the queues of a loop.
	 * @param loop the loop
	 * @param capacity how many messages can wait in each
	 */
	public EventQueues(MainLoop loop, int capacity) {
		this.loop = loop;
		this.capacity = capacity;
	}

	/**
	 * Returns the queue for a type of message.
	 * @param <T> the type
	 * @param type the type
	 * @return the queue, the same each time
	 * @throws InvalidHandlerException if no method takes such messages, as far as that is
	 * known already
	 */
	@SuppressWarnings("unchecked")
	public <T> EventQueue<T> get(Class<T> type) {
		return (EventQueue<T>) get(ResolvableType.forClass(type), "The application");
	}

	/**
	 * Returns the queue for a type of message.
	 * @param type the type
	 * @param requester who asks for it, to be named in an error
	 * @return the queue, the same each time
	 * @throws InvalidHandlerException if no method takes such messages, as far as that is
	 * known already
	 */
	public synchronized EventQueue<?> get(ResolvableType type, String requester) {
		return queue(canonical(type), requester);
	}

	private EventQueue<?> queue(ResolvableType type, String requester) {
		Entry entry = this.queues.get(type);
		if (entry == null) {
			Dispatcher dispatcher = new Dispatcher(type, requester);
			if (this.complete) {
				dispatcher.complete(this.listeners);
			}
			entry = new Entry(this.loop.queue("EventQueue<" + type + ">", this.capacity, dispatcher), dispatcher);
			this.queues.put(type, entry);
		}
		return entry.queue;
	}

	/**
	 * Forgets where the type was declared, as types from two declarations never equal
	 * each other.
	 */
	private static ResolvableType canonical(ResolvableType type) {
		if (type.isArray()) {
			return ResolvableType.forArrayComponent(canonical(type.getComponentType()));
		}
		if (!type.hasGenerics() || type.hasUnresolvableGenerics()) {
			return ResolvableType.forClass(type.toClass());
		}
		ResolvableType[] generics = Arrays.stream(type.getGenerics())
			.map(EventQueues::canonical)
			.toArray(ResolvableType[]::new);
		return ResolvableType.forClassWithGenerics(type.toClass(), generics);
	}

	synchronized void add(MessageListener listener) {
		List<MessageListener> all = new ArrayList<>(this.listeners);
		all.add(listener);
		AnnotationAwareOrderComparator.sort(all);
		this.listeners = all;
	}

	/** Checks that every queue has a method to go to; all methods are known now. */
	synchronized void complete() {
		this.complete = true;
		this.queues.values().forEach((entry) -> entry.dispatcher.complete(this.listeners));
	}

	/**
	 * A queue and what handles its messages.
	 *
	 * @param queue the queue
	 * @param dispatcher its handler
	 */
	private record Entry(EventQueue<Object> queue, Dispatcher dispatcher) {

	}

	/**
	 * Calls the methods for a message; which ones is worked out once a type of message.
	 */
	private static final class Dispatcher implements MessageHandler<Object> {

		private final ResolvableType queueType;

		/** Who asked for the queue first. */
		private final String requester;

		private final Map<Class<?>, List<MessageListener>> byMessageType = new ConcurrentHashMap<>();

		private volatile @Nullable List<MessageListener> listeners;

		Dispatcher(ResolvableType queueType, String requester) {
			this.queueType = queueType;
			this.requester = requester;
		}

		void complete(List<MessageListener> all) {
			List<MessageListener> candidates = all.stream()
				.filter((listener) -> listener.mayAccept(this.queueType))
				.toList();
			if (candidates.isEmpty()) {
				throw new InvalidHandlerException(
						"%s sends messages of type %s, and no @OnMessage method takes them".formatted(this.requester,
								this.queueType),
						"Declare a method with @OnMessage and a parameter of type %s in an @EventHandler."
							.formatted(this.queueType));
			}
			this.listeners = candidates;
		}

		@Override
		public void handle(Object message) throws HandlerFailedException {
			HandlerFailedException failure = null;
			for (MessageListener listener : listenersFor(message)) {
				try {
					listener.invoke(message);
				}
				catch (Exception | Error ex) {
					if (failure == null) {
						failure = new HandlerFailedException(listener.toString(), ex);
					}
					else if (failure.error() != ex) {
						failure.error().addSuppressed(ex);
					}
				}
			}
			if (failure != null) {
				throw failure;
			}
		}

		private List<MessageListener> listenersFor(Object message) {
			List<MessageListener> found = this.byMessageType.get(message.getClass());
			return (found != null) ? found : findListeners(message);
		}

		private List<MessageListener> findListeners(Object message) {
			List<MessageListener> all = this.listeners;
			List<MessageListener> found = ((all != null) ? all : List.<MessageListener>of()).stream()
				.filter((listener) -> listener.accepts(this.queueType, message.getClass()))
				.toList();
			if (found.isEmpty()) {
				throw new IllegalStateException(
						"No @OnMessage method takes %s, which was sent as %s".formatted(message, this.queueType));
			}
			this.byMessageType.put(message.getClass(), found);
			return found;
		}

	}

}
