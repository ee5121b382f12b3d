package dev.mainloop.testing.container;

/**
 * Thrown when a container does not run its tests to the end.
 */
final class ContainerFailure extends RuntimeException {

	private static final long serialVersionUID = 1L;

	ContainerFailure(String message) {
		super(message);
	}

}
