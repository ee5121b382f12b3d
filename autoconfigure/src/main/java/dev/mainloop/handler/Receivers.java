package dev.mainloop.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.mainloop.annotation.OnMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;

/**
 * The methods that take messages, as far as the classes of the beans tell, so that a
 * queue has its place on the loops before the handlers are made. Of a bean with several
 * instances those of the first. They are looked for when they are first asked for. Not
 * thread-safe.
 */
final class Receivers {

	private final ConfigurableListableBeanFactory beanFactory;

	private final EventQueues queues;

	private final MainLoops loops;

	private @Nullable List<Receiver> all;

	Receivers(ConfigurableListableBeanFactory beanFactory, EventQueues queues, MainLoops loops) {
		this.beanFactory = beanFactory;
		this.queues = queues;
		this.loops = loops;
	}

	/**
	 * Finds the methods for a type of message.
	 * @param queue the name of the queue, empty for those without
	 * @param type the type that the messages are sent as
	 * @return the methods that may take some of them
	 */
	List<Receiver> of(String queue, ResolvableType type) {
		List<Receiver> known = this.all;
		if (known == null) {
			known = find();
			this.all = known;
		}
		return known.stream()
			.filter((receiver) -> receiver.queue().equals(queue) && receiver.payload().mayAccept(type))
			.toList();
	}

	private List<Receiver> find() {
		List<Receiver> found = new ArrayList<>();
		AnnotatedMethods methods = new AnnotatedMethods(Set.of(OnMessage.class));
		for (HandlerBean bean : new HandlerBeans(this.beanFactory).eventHandlers()) {
			Placement place = this.loops.placement(bean);
			if (place.isFirst()) {
				methods.of(bean).forEach((method, annotations) -> {
					for (OnMessage annotation : HandlerAnnotations.of(annotations, OnMessage.class).list()) {
						HandlerMethod handler = new HandlerMethod(new BeanReference(this.beanFactory, bean.name()),
								bean.type(), place, method, annotation, null, this.queues, List.of());
						found.add(Receiver.of(handler, annotation, this.beanFactory));
					}
				});
			}
		}
		requireOneChoice(found);
		return found;
	}

	/** Checks that methods agree on where the messages go that all of them take. */
	private static void requireOneChoice(List<Receiver> all) {
		for (Receiver one : all) {
			for (Receiver other : all) {
				if (one.queue().equals(other.queue()) && one.place().equals(other.place()) && one.place().count() > 1
						&& other.payload().acceptsAll(one.payload().type())) {
					Choice.of(List.of(one, other));
				}
			}
		}
	}

}
