package dev.mainloop.handler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

import dev.mainloop.MainLoop;

import org.springframework.beans.factory.BeanFactory;

/**
 * The loops of an application, whose number does not change. May be used by any thread.
 */
public final class MainLoops {

	private final LoopGroups groups;

	private final Map<Placement, MainLoop> loops;

	private MainLoops(LoopGroups groups, Map<Placement, MainLoop> loops) {
		this.groups = groups;
		this.loops = loops;
	}

	/**
	 * Creates those of an application with only one.
	 * @param main the main loop
	 * @return the loops
	 */
	public static MainLoops of(MainLoop main) {
		return new MainLoops(new LoopGroups((text) -> text, (group) -> 1), Map.of(Placement.OF_MAIN, main));
	}

	/**
	 * Creates those of an application, which are made if they are not yet.
	 * @param main the main loop
	 * @param beans the beans of the other loops
	 * @param beanFactory makes them
	 * @return the loops
	 */
	public static MainLoops of(MainLoop main, LoopBeans beans, BeanFactory beanFactory) {
		Map<Placement, MainLoop> loops = new LinkedHashMap<>();
		for (Placement place : beans.groups().all()) {
			loops.put(place, place.isMain() ? main : beanFactory.getBean(LoopBeans.beanName(place), MainLoop.class));
		}
		return new MainLoops(beans.groups(), loops);
	}

	/**
	 * Goes through the loops, the main loop first and the others by name.
	 * @param action told of each
	 */
	public void forEach(BiConsumer<Placement, MainLoop> action) {
		this.loops.forEach(action);
	}

	/**
	 * Tells whether there are others than the main loop.
	 * @return {@code true} if there are
	 */
	public boolean areSeveral() {
		return this.loops.size() > 1;
	}

	/**
	 * Returns a loop.
	 * @param place its place
	 * @return the loop
	 */
	public MainLoop get(Placement place) {
		return Objects.requireNonNull(this.loops.get(place));
	}

	/** Lists the places of the loops of a group in the order of their numbers. */
	List<Placement> group(String group) {
		List<Placement> places = new ArrayList<>(this.loops.keySet());
		places.removeIf((place) -> !place.group().equals(group));
		return places;
	}

	/**
	 * Returns the place of a handler bean.
	 * @throws InvalidHandlerException if the bean was not known when the loops were made
	 */
	Placement placement(HandlerBean bean) {
		return this.groups.placement(bean);
	}

}
