package dev.mainloop.testing;

/**
 * A task that does nothing and can be told by its name.
 *
 * @param name the name
 */
public record NamedTask(String name) implements Runnable {

	@Override
	public void run() {
	}

	@Override
	public String toString() {
		return this.name;
	}

}
