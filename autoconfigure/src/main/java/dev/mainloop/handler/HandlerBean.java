package dev.mainloop.handler;

import java.util.function.Supplier;

import dev.mainloop.annotation.EventHandler;
import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * A bean that may have handler methods.
 *
 * @param name its name
 * @param targetClass the class whose methods it has, behind any proxy
 * @param type its own type, that of a proxy if it is one
 * @param twin finds the name of another bean with handlers that stands for the same
 * object
 */
record HandlerBean(String name, Class<?> targetClass, Class<?> type, Supplier<@Nullable String> twin) {

	/** Whether its class is annotated with {@link EventHandler}. */
	boolean isEventHandler() {
		return AnnotatedElementUtils.hasAnnotation(this.targetClass, EventHandler.class);
	}

	/** Returns what it says about its loop, which may have placeholders. */
	String loop() {
		EventHandler handler = AnnotatedElementUtils.findMergedAnnotation(this.targetClass, EventHandler.class);
		return (handler != null) ? handler.loop() : "";
	}

	/**
	 * Describes why the bean cannot be an event handler.
	 * @param reason half a sentence on what is wrong
	 * @param action a sentence on what to do
	 * @return the exception
	 */
	InvalidHandlerException invalid(String reason, String action) {
		return new InvalidHandlerException(whyNot(reason), action);
	}

	InvalidHandlerException invalid(String reason, String action, Throwable cause) {
		return new InvalidHandlerException(whyNot(reason), action, cause);
	}

	private String whyNot(String reason) {
		return "The bean '%s' cannot be an @EventHandler: %s".formatted(this.name, reason);
	}

	/**
	 * Checks that the bean does not get each event twice.
	 * @param method a handler method that it has
	 * @throws InvalidHandlerException if it would, under two names
	 */
	void requireUnique(HandlerMethod method) {
		String other = this.twin.get();
		if (other != null) {
			throw method.invalid("the bean '%s' stands for the same object and has the method, too".formatted(other),
					"Declare the object as one bean, and give it further names as aliases.");
		}
	}

}
