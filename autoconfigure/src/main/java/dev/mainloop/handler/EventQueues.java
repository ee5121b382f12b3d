package dev.mainloop.handler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

import dev.mainloop.EventQueue;
import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.Overflow;
import dev.mainloop.QueueSource;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.log.BurstLog;
import dev.mainloop.log.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.util.ClassUtils;

/**
 * The queues of the application, one for each name and, without a name, for each type of
 * message that is asked for, and the {@link OnMessage} methods that take what they carry.
 * May be used by any thread.
 */
public final class EventQueues implements DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(EventQueues.class);

	private final MainLoop loop;

	private final QueueSettings settings;

	private final Map<String, QueueSettings> namedSettings;

	private final Set<String> optionalSettings;

	private final BurstLog refused;

	private final OutgoingMessages outgoing = new OutgoingMessages();

	private final Map<Key, TypedQueue<?>> queues = new LinkedHashMap<>();

	private final Map<String, QueueSource<Object>> namedQueues = new LinkedHashMap<>();

	private final List<MessageRoute> routes = new ArrayList<>();

	/** What tells who takes the messages of a queue. */
	private final Map<EventSource, Supplier<List<MessageListener>>> takers = new HashMap<>();

	private List<MessageListener> listeners = List.of();

	private boolean complete;

	/**
	 * Creates the queues of a loop, which refuse messages when they are full.
	 * @param loop the loop
	 * @param capacity how many messages can wait in each
	 */
	public EventQueues(MainLoop loop, int capacity) {
		this(loop, new QueueSettings(capacity, Overflow.REJECT), Map.of(), Set.of());
	}

	/**
	 * Creates the queues of a loop.
	 * @param loop the loop
	 * @param settings those of the queues that have none of their own
	 * @param namedSettings those of queues that have a name, by their names, or by these
	 * in lower case and without anything but letters and digits, as an environment
	 * variable has them
	 * @param optionalSettings the names among them that need not be those of queues
	 */
	public EventQueues(MainLoop loop, QueueSettings settings, Map<String, QueueSettings> namedSettings,
			Set<String> optionalSettings) {
		this.loop = loop;
		this.settings = settings;
		this.namedSettings = Map.copyOf(namedSettings);
		this.optionalSettings = Set.copyOf(optionalSettings);
		this.refused = loop.burstLog(ApplicationEvents::sumUpOthers);
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
		return (EventQueue<T>) get("", ResolvableType.forClass(type), "The application");
	}

	/**
	 * Returns the queue for a type of message.
	 * @param name the name of the queue, empty for the one that carries this type alone
	 * @param type the type
	 * @param requester who asks for it, to be named in an error
	 * @return the queue, the same each time
	 * @throws InvalidHandlerException if no method takes such messages, as far as that is
	 * known already
	 */
	public EventQueue<?> get(String name, ResolvableType type, String requester) {
		return get(name, type, new Requester(requester, ""));
	}

	synchronized EventQueue<?> get(String name, ResolvableType type, Requester requester) {
		Key key = new Key(name, canonical(type));
		TypedQueue<?> queue = this.queues.get(key);
		if (queue != null) {
			return queue;
		}
		MessageRoute route = route(name, key.type, requester);
		return routed(route, () -> name.isEmpty() ? add(key, route) : keep(this.queues, key,
				new TypedQueue<>(named(name, requester), route, this.outgoing, isGeneric(key.type))));
	}

	private TypedQueue<?> add(Key key, MessageRoute route) {
		QueueSource<Object> source = open(route.description(), this.settings, route);
		return keepOrClose(source, this.queues, key, new TypedQueue<>(source, route, this.outgoing, false));
	}

	private QueueSource<Object> named(String name, Requester requester) {
		QueueSource<Object> queue = this.namedQueues.get(name);
		if (queue != null) {
			return queue;
		}
		MessageRoute byClass = route(name, ResolvableType.forClass(Object.class), requester);
		return routed(byClass, () -> {
			QueueSource<Object> source = open(name, settings(name), byClass);
			return keepOrClose(source, this.namedQueues, name, source);
		});
	}

	private QueueSettings settings(String queue) {
		QueueSettings own = this.namedSettings.get(queue);
		return (own != null) ? own : this.namedSettings.getOrDefault(relaxed(queue), this.settings);
	}

	/**
	 * Returns a name as an environment variable would have it, whatever its case.
	 * @param name the name of a queue or a property
	 * @return its letters and digits, in lower case
	 */
	public static String relaxed(String name) {
		return name.codePoints()
			.filter(Character::isLetterOrDigit)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString()
			.toLowerCase(Locale.ROOT);
	}

	private MessageRoute route(String name, ResolvableType type, Requester requester) {
		MessageRoute route = new MessageRoute(name, type, requester);
		if (this.complete) {
			route.complete(this.listeners);
		}
		return route;
	}

	/** Makes what a route is for, which is to be completed unless that fails. */
	private <T> T routed(MessageRoute route, Supplier<T> maker) {
		boolean made = false;
		this.routes.add(route);
		try {
			T result = maker.get();
			made = true;
			return result;
		}
		finally {
			if (!made) {
				this.routes.remove(route);
			}
		}
	}

	private QueueSource<Object> open(String description, QueueSettings settings, MessageRoute route) {
		QueueSource<Object> source = this.loop.queue(description, settings.capacity(), settings.overflow(), route);
		this.takers.put(source, route::listeners);
		return source;
	}

	private static <K, V> V keepOrClose(QueueSource<Object> source, Map<K, ? super V> map, K key, V value) {
		boolean kept = false;
		try {
			keep(map, key, value);
			kept = true;
			return value;
		}
		finally {
			if (!kept) {
				source.close();
			}
		}
	}

	private static <K, V> V keep(Map<K, ? super V> map, K key, V value) {
		map.put(key, value);
		return value;
	}

	/** Opens a queue of the application events. */
	synchronized ApplicationEvents openApplicationEvents(boolean afterCommit) {
		ApplicationEvents events = new ApplicationEvents(this.loop, this.settings, afterCommit, this.outgoing,
				this.refused);
		this.takers.put(events.queue(), events::listeners);
		return events;
	}

	/** Lists the methods that take messages of a queue, none if it is not among these. */
	synchronized List<MessageListener> listeners(EventSource queue) {
		return this.takers.getOrDefault(queue, List::of).get();
	}

	/** Logs how many application events were refused that it has not told of yet. */
	@Override
	public void destroy() {
		this.refused.close();
	}

	/**
	 * Forgets where the type was declared, as types from two declarations never equal
	 * each other, and takes a primitive type for what its values become.
	 */
	static ResolvableType canonical(ResolvableType type) {
		if (type.isArray() && !type.getComponentType().toClass().isPrimitive()) {
			return ResolvableType.forArrayComponent(canonical(type.getComponentType()));
		}
		if (!type.hasGenerics() || type.hasUnresolvableGenerics()) {
			return ResolvableType.forClass(ClassUtils.resolvePrimitiveIfNecessary(type.toClass()));
		}
		ResolvableType[] generics = Arrays.stream(type.getGenerics())
			.map(EventQueues::canonical)
			.toArray(ResolvableType[]::new);
		return ResolvableType.forClassWithGenerics(type.toClass(), generics);
	}

	private static boolean isGeneric(ResolvableType type) {
		return type.isArray() ? isGeneric(type.getComponentType()) : type.hasGenerics();
	}

	/**
	 * Has all that is sent from now on carry the context of its sender.
	 * @param context the context
	 */
	void carry(SenderContext context) {
		this.outgoing.carry(context);
	}

	synchronized void add(MessageListener listener) {
		List<MessageListener> all = new ArrayList<>(this.listeners);
		all.add(listener);
		AnnotationAwareOrderComparator.sort(all);
		this.listeners = all;
		if (this.complete) {
			this.routes.forEach((route) -> route.complete(all));
		}
	}

	/**
	 * Checks that every queue has a method to go to, and that those with settings of
	 * their own are known; all methods are known now.
	 */
	synchronized void complete() {
		this.complete = true;
		this.routes.forEach((route) -> route.complete(this.listeners));
		SortedSet<String> names = new TreeSet<>();
		this.listeners.forEach((listener) -> names.add(listener.queue()));
		names.remove("");
		for (String name : new TreeSet<>(this.namedSettings.keySet())) {
			if (names.stream().noneMatch((queue) -> name.equals(queue) || name.equals(relaxed(queue)))) {
				requireOptional(name, names);
			}
		}
	}

	private void requireOptional(String name, Set<String> queues) {
		if (!this.optionalSettings.contains(name)) {
			throw new InvalidHandlerException(
					"'mainloop.queues.%s' configures the queue '%s', and no @OnMessage(queue = \"%s\") method takes its messages"
						.formatted(name, name, name),
					"%sCorrect the name in the property, or remove it; the queues that have methods are %s.".formatted(
							NearestName.of(name, queues).map("Did you mean '%s'? "::formatted).orElse(""), queues));
		}
		logger.debug("What the environment sets for a queue '%s' is not used: there is none of that name"
			.formatted(LogText.of(name)));
	}

	/**
	 * What a queue is found by.
	 *
	 * @param name its name, or empty
	 * @param type the type that messages are sent as
	 */
	private record Key(String name, ResolvableType type) {

	}

}
