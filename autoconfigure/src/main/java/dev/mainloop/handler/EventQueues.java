package dev.mainloop.handler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.mainloop.EventQueue;
import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
import dev.mainloop.Overflow;
import dev.mainloop.QueueSource;
import dev.mainloop.annotation.OnMessage;
import dev.mainloop.log.BurstLog;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
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

	/** How long a request waits for its reply unless something else is set. */
	private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

	private final MainLoops loops;

	private final QueueConfiguration configuration;

	private final @Nullable Receivers receivers;

	private final BurstLog refused;

	private final OutgoingMessages outgoing = new OutgoingMessages();

	private final LoopResults results;

	private final Map<Key, OutgoingQueue<?>> queues = new LinkedHashMap<>();

	private final Map<NamedKey, QueueSource<Object>> namedQueues = new LinkedHashMap<>();

	/** Those of each queue, one for each loop that it goes to. */
	private final List<List<MessageRoute>> routes = new ArrayList<>();

	/** Those of all messages of a named queue on a loop. */
	private final List<MessageRoute> byClass = new ArrayList<>();

	/** What tells who takes the messages of a queue. */
	private final Map<EventSource, Supplier<List<MessageListener>>> takers = new HashMap<>();

	private List<MessageListener> listeners = List.of();

	private boolean complete;

	/**
	 * Creates the queues of an application with only one loop, which refuse messages when
	 * they are full.
	 * @param loop the loop
	 * @param capacity how many messages can wait in each
	 */
	public EventQueues(MainLoop loop, int capacity) {
		QueueSettings settings = new QueueSettings(capacity, Overflow.REJECT);
		this.loops = MainLoops.of(loop);
		this.configuration = new QueueConfiguration((place, queue) -> settings, Set.of(), Set.of(), REQUEST_TIMEOUT);
		this.results = new LoopResults(this.loops, this.outgoing, this.configuration.requestTimeout());
		this.receivers = null;
		this.refused = loop.burstLog(ApplicationEvents::sumUpOthers);
	}

	/**
	 * Creates the queues of an application.
	 * @param loops its loops
	 * @param configuration what the properties say about queues
	 * @param beanFactory the beans of the handlers
	 */
	public EventQueues(MainLoops loops, QueueConfiguration configuration, ConfigurableListableBeanFactory beanFactory) {
		this.loops = loops;
		this.configuration = configuration;
		this.results = new LoopResults(loops, this.outgoing, configuration.requestTimeout());
		this.receivers = loops.areSeveral() ? new Receivers(beanFactory, this, loops) : null;
		this.refused = loops.get(Placement.OF_MAIN).burstLog(ApplicationEvents::sumUpOthers);
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

	synchronized OutgoingQueue<?> get(String name, ResolvableType type, Requester requester) {
		Key key = new Key(name, canonical(type));
		OutgoingQueue<?> queue = this.queues.get(key);
		return (queue != null) ? queue : open(key, requester);
	}

	private OutgoingQueue<?> open(Key key, Requester requester) {
		Map<String, List<Receiver>> groups = new TreeMap<>();
		if (this.receivers != null) {
			this.receivers.of(key.name, key.type)
				.forEach((receiver) -> groups.computeIfAbsent(receiver.place().group(), (group) -> new ArrayList<>())
					.add(receiver));
		}
		List<Placement> places = groups.keySet().stream().flatMap((group) -> this.loops.group(group).stream()).toList();
		List<MessageRoute> all = (places.isEmpty() ? List.of(Placement.OF_MAIN) : places).stream()
			.map((place) -> new MessageRoute(key.name, key.type, requester, place, this.results.requests(place)))
			.toList();
		boolean labelled = !key.name.isEmpty() && isGeneric(key.type);
		return routed(all, () -> withSources(all, (sources) -> {
			if (all.size() == 1) {
				return keep(this.queues, key,
						new TypedQueue<>(sources.get(0), all.get(0), this.outgoing, this.results, labelled));
			}
			List<Branch> branches = new ArrayList<>();
			int from = 0;
			for (List<Receiver> group : groups.values()) {
				int to = from + group.get(0).place().count();
				branches.add(new Branch(key.type, group, sources.subList(from, to), all.subList(from, to)));
				from = to;
			}
			return keep(this.queues, key, new DistributedQueue<>(branches, this.outgoing, this.results, labelled));
		}));
	}

	/**
	 * Makes what is to have queues on the loops of some routes, which are opened unless
	 * they share them with others, and closed again if that fails.
	 */
	private <T> T withSources(List<MessageRoute> all, Function<List<QueueSource<Object>>, T> maker) {
		List<QueueSource<Object>> sources = new ArrayList<>();
		List<QueueSource<Object>> opened = new ArrayList<>();
		boolean made = false;
		try {
			for (MessageRoute route : all) {
				sources.add(route.isNamed() ? named(route) : addTo(opened, open(route)));
			}
			T result = maker.apply(sources);
			made = true;
			return result;
		}
		finally {
			if (!made) {
				opened.forEach(QueueSource::close);
			}
		}
	}

	private static QueueSource<Object> addTo(List<QueueSource<Object>> opened, QueueSource<Object> source) {
		boolean added = false;
		try {
			opened.add(source);
			added = true;
			return source;
		}
		finally {
			if (!added) {
				source.close();
			}
		}
	}

	/** Returns the queue that all messages of a name share on a loop. */
	private QueueSource<Object> named(MessageRoute route) {
		NamedKey key = new NamedKey(route.queue(), route.place());
		QueueSource<Object> queue = this.namedQueues.get(key);
		if (queue != null) {
			return queue;
		}
		MessageRoute byClass = route.forAll();
		QueueSource<Object> source = open(byClass);
		boolean kept = false;
		try {
			this.byClass.add(byClass);
			keep(this.namedQueues, key, source);
			kept = true;
		}
		finally {
			if (!kept) {
				source.close();
			}
		}
		if (this.complete) {
			byClass.complete(this.listeners);
		}
		return source;
	}

	private QueueSource<Object> open(MessageRoute route) {
		QueueSettings settings = this.configuration.settings().apply(route.place(), route.queue());
		QueueSource<Object> source = this.loops.get(route.place())
			.queue(route.description(), settings.capacity(), settings.overflow(), route);
		this.takers.put(source, route::listeners);
		return source;
	}

	/** Makes what routes are for, which are to be completed unless that fails. */
	private <T> T routed(List<MessageRoute> all, Supplier<T> maker) {
		boolean made = false;
		if (this.complete) {
			complete(all, this.listeners);
		}
		this.routes.add(all);
		try {
			T result = maker.get();
			made = true;
			return result;
		}
		finally {
			if (!made) {
				this.routes.remove(all);
			}
		}
	}

	private static <K, V> V keep(Map<K, ? super V> map, K key, V value) {
		map.put(key, value);
		return value;
	}

	private void completeRoutes() {
		this.routes.forEach((queue) -> complete(queue, this.listeners));
		this.byClass.forEach((route) -> route.complete(this.listeners));
	}

	/**
	 * Completes the routes of one queue.
	 * @throws InvalidHandlerException if no method takes its messages, or one is on a
	 * loop that the queue does not go to
	 */
	private static void complete(List<MessageRoute> all, List<MessageListener> listeners) {
		boolean any = false;
		for (MessageRoute route : all) {
			any |= route.complete(listeners);
		}
		MessageRoute first = all.get(0);
		List<Placement> places = all.stream().map(MessageRoute::place).toList();
		for (MessageListener listener : listeners) {
			if (first.isFor(listener) && !places.contains(listener.receiver().place())) {
				throw listener.receiver()
					.method()
					.invalid(
							"it was not known when the queue '%s' was made, which goes to the loops %s"
								.formatted(first.description(), places.stream().map(Placement::loop).toList()),
							"Have the method that makes the bean declare its class.");
			}
		}
		if (!any) {
			throw first.noMethods(listeners);
		}
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

	MainLoops loops() {
		return this.loops;
	}

	LoopResults results() {
		return this.results;
	}

	/** Opens the queues of the application events on the loops of a group. */
	synchronized ApplicationEvents openApplicationEvents(String group, boolean afterCommit) {
		Map<Placement, QueueSettings> settings = new LinkedHashMap<>();
		this.loops.group(group).forEach((place) -> settings.put(place, this.configuration.settings().apply(place, "")));
		ApplicationEvents events = new ApplicationEvents(this.loops, settings, afterCommit, this.outgoing,
				this.refused);
		this.takers.putAll(events.takers());
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
	 * @param contexts what carries it, in their order
	 */
	void carry(List<SenderContext> contexts) {
		this.outgoing.carry(contexts);
	}

	/**
	 * Captures the context of the calling thread, which may be any, as is done for what
	 * it sends.
	 * @return the context, {@code null} if nothing is carried
	 */
	public SenderContext.@Nullable Snapshot capture() {
		return this.outgoing.capture();
	}

	synchronized void add(MessageListener listener) {
		List<MessageListener> all = new ArrayList<>(this.listeners);
		all.add(listener);
		AnnotationAwareOrderComparator.sort(all);
		this.listeners = all;
		if (this.complete) {
			completeRoutes();
		}
	}

	/**
	 * Checks that every queue has a method to go to, and that those with settings of
	 * their own are known; all methods are known now.
	 */
	synchronized void complete() {
		this.complete = true;
		completeRoutes();
		SortedSet<String> names = new TreeSet<>();
		this.listeners.forEach((listener) -> names.add(listener.queue()));
		names.remove("");
		for (String name : new TreeSet<>(this.configuration.names())) {
			if (names.stream().noneMatch((queue) -> name.equals(queue) || name.equals(relaxed(queue)))) {
				requireOptional(name, names);
			}
		}
	}

	private void requireOptional(String name, Set<String> queues) {
		if (!this.configuration.optional().contains(name)) {
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

	/**
	 * What a queue with a name is found by.
	 *
	 * @param name its name
	 * @param place its loop
	 */
	private record NamedKey(String name, Placement place) {

	}

}
