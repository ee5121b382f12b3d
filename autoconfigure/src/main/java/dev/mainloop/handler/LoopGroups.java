package dev.mainloop.handler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

/**
 * The loops that an application has by what its handlers and properties say: the main
 * loop, and one or a group for each other name. For one thread at a time.
 */
final class LoopGroups {

	private final StringValueResolver resolver;

	private final ToIntFunction<String> count;

	/** How many loops each group has that is not the main loop. */
	private final SortedMap<String, Integer> counts = new TreeMap<>();

	/** The indexes of the beans that are instances of one that has several. */
	private final Map<String, Integer> instances = new HashMap<>();

	/**
	 * Creates the groups, of which there is only the main loop at first.
	 * @param resolver resolves placeholders
	 * @param count tells how many loops a group is to have
	 */
	LoopGroups(StringValueResolver resolver, ToIntFunction<String> count) {
		this.resolver = resolver;
		this.count = count;
	}

	/**
	 * Returns the name of the group of a bean.
	 * @param bean the bean
	 * @return the name
	 * @throws InvalidHandlerException if it is not known
	 */
	String group(HandlerBean bean) {
		try {
			String name = this.resolver.resolveStringValue(bean.loop());
			return StringUtils.hasText(name) ? name.trim() : Placement.MAIN;
		}
		catch (IllegalArgumentException ex) {
			throw bean.invalid("its 'loop' is '%s', which cannot be resolved".formatted(bean.loop()),
					"Set the property, or give the placeholder a default.", ex);
		}
	}

	/**
	 * Adds a group unless it is there.
	 * @param group its name
	 */
	void add(String group) {
		if (!group.equals(Placement.MAIN)) {
			this.counts.computeIfAbsent(group, this.count::applyAsInt);
		}
	}

	int count(String group) {
		return this.counts.getOrDefault(group, 1);
	}

	/**
	 * Notes that a bean is one of several instances.
	 * @param name its name
	 * @param index its index
	 */
	void addInstance(String name, int index) {
		this.instances.put(name, index);
	}

	/** Lists the places of all loops, the main loop first and the others by name. */
	List<Placement> all() {
		List<Placement> all = new ArrayList<>(List.of(Placement.OF_MAIN));
		this.counts.forEach((group, size) -> all
			.addAll(IntStream.range(0, size).mapToObj((index) -> new Placement(group, index, size)).toList()));
		return all;
	}

	/**
	 * Returns the place of a bean.
	 * @param bean the bean
	 * @return the place
	 * @throws InvalidHandlerException if the bean was not known when the loops were made
	 */
	Placement placement(HandlerBean bean) {
		String group = group(bean);
		if (group.equals(Placement.MAIN)) {
			return Placement.OF_MAIN;
		}
		int size = this.counts.getOrDefault(group, 0);
		Integer index = (size == 1) ? Integer.valueOf(0) : this.instances.get(bean.name());
		if (index == null) {
			throw bean.invalid(
					"it was not known to be one when the loops were made, and is to run on '%s'".formatted(group),
					"Have the method that makes the bean declare its class %s."
						.formatted(bean.targetClass().getName()));
		}
		return new Placement(group, index, size);
	}

	/** Checks that no two loops have the same name. */
	void requireUnique() {
		Set<String> names = new HashSet<>();
		for (Placement place : all()) {
			if (!names.add(place.loop())) {
				throw new InvalidHandlerException("Two loops would have the name '%s'".formatted(place.loop()),
						"Give one of the groups %s another name.".formatted(this.counts.keySet()));
			}
		}
	}

}
