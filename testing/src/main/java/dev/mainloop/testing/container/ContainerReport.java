package dev.mainloop.testing.container;

/**
 * Tells what is special about a container, before the tests run in it. It is found as a
 * service, see {@link java.util.ServiceLoader}.
 */
public interface ContainerReport {

	/**
	 * Returns what is to be told.
	 * @return a line of text
	 */
	String text();

}
