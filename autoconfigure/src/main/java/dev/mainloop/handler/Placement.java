package dev.mainloop.handler;

/**
 * The place of a loop among the loops of an application, and so of the handlers on it.
 *
 * @param group the name that handlers and properties give it
 * @param index its index in the group
 * @param count how many loops the group has
 */
public record Placement(String group, int index, int count) {

	/** The name of the loop of handlers that name none. */
	public static final String MAIN = "main";

	/** The place of the main loop. */
	public static final Placement OF_MAIN = new Placement(MAIN, 0, 1);

	/**
	 * Returns the name of the loop.
	 * @return the name of the group, with a number if that has several loops
	 */
	public String loop() {
		return (this.count == 1) ? this.group : "%s-%d".formatted(this.group, this.index + 1);
	}

	/**
	 * Tells whether this is the main loop.
	 * @return {@code true} if it is
	 */
	public boolean isMain() {
		return this.group.equals(MAIN);
	}

	/**
	 * Describes the loop.
	 * @return what a sentence calls it, after an article
	 */
	public String description() {
		return isMain() ? "main loop" : "main loop '%s'".formatted(loop());
	}

	boolean isFirst() {
		return this.index == 0;
	}

	/**
	 * Written out, as the method handles of the one that records have keep the class
	 * loader of the last application in a container from being collected.
	 */
	@Override
	public boolean equals(Object other) {
		return other instanceof Placement place && this.index == place.index && this.count == place.count
				&& this.group.equals(place.group);
	}

	@Override
	public int hashCode() {
		return 31 * this.group.hashCode() + this.index;
	}

}
