package dev.mainloop.handler;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.mainloop.MessageHandler;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * The {@link OnMessage} methods on one loop for the messages that are sent as one type
 * through one queue. Which of them take a message is worked out once for each class of
 * message. They are called on the loop's thread; all else may be called by any.
 */
final class MessageRoute implements MessageHandler<Object> {

	private final String queue;

	private final ResolvableType type;

	private final Requester requester;

	private final Placement place;

	private final Requests requests;

	/** Replaced when another method is found. */
	private volatile Methods methods = new Methods(List.of(), false, Map.of(), new ConcurrentHashMap<>());

	/** The class of the message that was handled last; owned by the loop's thread. */
	private @Nullable Class<?> latestClass;

	/** The methods that it was looked up in; owned by the loop's thread. */
	private @Nullable Methods latestMethods;

	/** Those that take its messages; owned by the loop's thread. */
	private MessageHandlers<Object> latest = new MessageHandlers<>(List.of());

	/**
	 * Creates a route that has no methods yet.
	 * @param queue the name of the queue, empty for one without
	 * @param type the type that the messages are sent as
	 * @param requester who asked for it first
	 * @param place the loop
	 * @param requests those of the loop
	 */
	MessageRoute(String queue, ResolvableType type, Requester requester, Placement place, Requests requests) {
		this.queue = queue;
		this.type = type;
		this.requester = requester;
		this.place = place;
		this.requests = requests;
	}

	/**
	 * Finds the methods.
	 * @param all those of the application
	 * @return {@code false} if none on the loop takes such messages
	 */
	boolean complete(List<MessageListener> all) {
		List<MessageListener> candidates = all.stream()
			.filter((listener) -> isFor(listener) && listener.receiver().place().equals(this.place))
			.toList();
		this.methods = new Methods(candidates,
				candidates.stream().noneMatch((listener) -> listener.payload().acceptsAll(this.type)),
				new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
		return !candidates.isEmpty();
	}

	/** Whether a method may take the messages if it is on the loop. */
	boolean isFor(MessageListener listener) {
		return listener.queue().equals(this.queue) && listener.payload().mayAccept(this.type);
	}

	Placement place() {
		return this.place;
	}

	/** Returns the requests that the methods reply to. */
	Requests requests() {
		return this.requests;
	}

	String queue() {
		return this.queue;
	}

	boolean isNamed() {
		return !this.queue.isEmpty();
	}

	/** Returns a new route for messages of any type through the same queue. */
	MessageRoute forAll() {
		return new MessageRoute(this.queue, ResolvableType.forClass(Object.class), this.requester, this.place,
				this.requests);
	}

	/**
	 * Describes that no method takes the messages.
	 * @param all the methods of the application
	 * @return the exception
	 */
	InvalidHandlerException noMethods(List<MessageListener> all) {
		return new InvalidHandlerException(
				"%s sends messages of type %s, and no %s method takes them".formatted(this.requester.description(),
						this.type, annotation()),
				"%sDeclare a method with %s and a parameter of type %s in an @EventHandler.%s"
					.formatted(nearestQueue(all), annotation(), this.type, this.requester.alternative()));
	}

	/** Lists the methods that may take the messages, in their order. */
	List<MessageListener> listeners() {
		return this.methods.all;
	}

	private String nearestQueue(List<MessageListener> all) {
		return NearestName.of(this.queue, all.stream().map(MessageListener::queue).toList())
			.map("Did you mean the queue '%s'? "::formatted)
			.orElse("");
	}

	/**
	 * Checks that a method takes a message, as far as the methods are known already.
	 * @param message the message
	 * @throws MessageRefusedException if none does
	 */
	void requireHandler(Object message) {
		Methods known = this.methods;
		if (known.selective) {
			handlers(known, message);
		}
	}

	/**
	 * Checks that there is one method to reply to a message.
	 * @param message the message
	 * @throws MessageRefusedException if there is none, or are several
	 */
	void requireReply(Object message) {
		Methods known = this.methods;
		List<MessageListener> replying = known.replying.computeIfAbsent(message.getClass(), (messageClass) -> known.all
			.stream()
			.filter((listener) -> listener.receiver().replies() && listener.payload().accepts(this.type, messageClass))
			.toList());
		if (replying.isEmpty()) {
			throw new MessageRefusedException(
					"No method is to reply to %s, which was sent as %s: set 'replies = true' in the %s of the one that is"
						.formatted(LogText.of(message), this.type, annotation()));
		}
		if (replying.size() > 1) {
			throw new MessageRefusedException(
					"The methods %s are to reply to %s, and a request has one reply: leave 'replies' out of all but one, or give one a queue of its own"
						.formatted(replying, LogText.of(message)));
		}
	}

	@Override
	public void handle(Object message) throws Exception {
		if (isForLatest(message)) {
			this.latest.handle(message);
		}
		else {
			((SentMessage) message).handle(description(), this);
		}
	}

	@Override
	public void handleMeasured(Object message) throws Exception {
		if (isForLatest(message)) {
			this.latest.handleMeasured(message);
		}
		else {
			((SentMessage) message).handleMeasured(description(), this);
		}
	}

	/**
	 * Looks up the methods that take a message, which are the latest then.
	 * @param message the message
	 * @return {@code false} if it is a {@link SentMessage}, which others may take
	 */
	private boolean isForLatest(Object message) {
		Class<?> messageClass = message.getClass();
		Methods known = this.methods;
		if (messageClass != this.latestClass || known != this.latestMethods) {
			if (message instanceof SentMessage) {
				return false;
			}
			this.latest = handlers(known, message);
			this.latestClass = messageClass;
			this.latestMethods = known;
		}
		return true;
	}

	private MessageHandlers<Object> handlers(Methods known, Object message) {
		MessageHandlers<Object> found = known.byMessageClass.get(message.getClass());
		return (found != null) ? found : findHandlers(known, message);
	}

	private MessageHandlers<Object> findHandlers(Methods known, Object message) {
		MessageHandlers<Object> found = new MessageHandlers<>(known.all.stream()
			.filter((listener) -> listener.payload().accepts(this.type, message.getClass()))
			.toList());
		if (found.isEmpty()) {
			throw noMethod(message);
		}
		known.byMessageClass.put(message.getClass(), found);
		return found;
	}

	/** Describes that no method takes a message. */
	MessageRefusedException noMethod(Object message) {
		return new MessageRefusedException(
				"No %s method takes %s, which was sent as %s".formatted(annotation(), LogText.of(message), this.type));
	}

	/** What log lines call the queue that carries such messages and no others. */
	String description() {
		return this.queue.isEmpty() ? "EventQueue<" + this.type + ">" : this.queue;
	}

	private String annotation() {
		return this.queue.isEmpty() ? "@OnMessage" : "@OnMessage(queue = \"%s\")".formatted(this.queue);
	}

	/**
	 * The methods that may take the messages.
	 *
	 * @param all the methods, in their order
	 * @param selective whether it is known that none takes all messages
	 * @param byMessageClass those that take the messages of a class, once that was asked
	 * @param replying those among them that are to reply, once that was asked
	 */
	private record Methods(List<MessageListener> all, boolean selective,
			Map<Class<?>, MessageHandlers<Object>> byMessageClass, Map<Class<?>, List<MessageListener>> replying) {

	}

}
