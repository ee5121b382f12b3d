package dev.mainloop.observation;

import java.lang.reflect.Method;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a call of a handler method.
 */
public class HandlerObservationContext extends Observation.Context {

	private final String beanName;

	private final Method method;

	private final String kind;

	private final @Nullable Object message;

	/**
	 * Creates a context.
	 * @param beanName the name of the bean
	 * @param method its method
	 * @param kind what kind of event the method handles
	 * @param message the message that it handles, {@code null} if the event is none
	 */
	public HandlerObservationContext(String beanName, Method method, String kind, @Nullable Object message) {
		this.beanName = beanName;
		this.method = method;
		this.kind = kind;
		this.message = message;
	}

	/**
	 * Returns the name of the bean.
	 * @return the name
	 */
	public String getBeanName() {
		return this.beanName;
	}

	/**
	 * Returns the method of the bean.
	 * @return the method
	 */
	public Method getMethod() {
		return this.method;
	}

	/**
	 * Returns what kind of event the method handles.
	 * @return the name of its annotation without {@code On}, in lower case and with
	 * hyphens between words, such as {@code message} and {@code event-fd}
	 */
	public String getKind() {
		return this.kind;
	}

	/**
	 * Returns the message that is handled.
	 * @return the message, {@code null} if the event is none
	 */
	public @Nullable Object getMessage() {
		return this.message;
	}

}
