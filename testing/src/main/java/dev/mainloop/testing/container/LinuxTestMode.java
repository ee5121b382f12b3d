package dev.mainloop.testing.container;

import java.util.Locale;

/**
 * Where the tests that need Linux run. The system property {@value #PROPERTY} decides:
 * {@code true} for a container, {@code false} for no container, and {@code if-available}
 * for a container if an engine answers. Without it they run natively on Linux, and in a
 * container on other hosts.
 */
enum LinuxTestMode {

	/** With all others, as this is Linux. */
	NATIVE,

	/** In a container, or the build fails. */
	CONTAINER,

	/** In a container if there is an engine. */
	CONTAINER_IF_AVAILABLE,

	/** Left out, as was asked for on a host that is not Linux. */
	LEFT_OUT;

	/** The property that decides. */
	static final String PROPERTY = "mainloop.test.container";

	static boolean mayUseContainers() {
		return !"false".equals(System.getProperty(PROPERTY)) && JavaContainer.isEngineAvailable();
	}

	static LinuxTestMode here() {
		boolean linux = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux");
		String wanted = System.getProperty(PROPERTY, "");
		return switch (wanted) {
			case "" -> linux ? NATIVE : CONTAINER;
			case "true" -> CONTAINER;
			case "false" -> linux ? NATIVE : LEFT_OUT;
			case "if-available" -> CONTAINER_IF_AVAILABLE;
			default -> throw new IllegalArgumentException(
					"%s is '%s': set it to true, false or if-available".formatted(PROPERTY, wanted));
		};
	}

}
