package dev.mainloop.handler;

import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import dev.mainloop.EventQueue;
import dev.mainloop.MessageRefusedException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Sends on what a handler method returns, on the loop's thread. Whether that is one
 * message or contains several is told by the declared type, or by the value where that is
 * {@link Object}. An {@link Iterable} contains several only where it is declared as just
 * that: others, such as a path, are messages of their own.
 */
final class ReturnedMessages {

	private final HandlerMethod method;

	private final Class<?> declared;

	private final KotlinTypes kotlin;

	private final boolean several;

	private final EventQueue<Object> queue;

	private ReturnedMessages(HandlerMethod method, Class<?> declared, KotlinTypes kotlin, boolean several,
			EventQueue<Object> queue) {
		this.method = method;
		this.declared = declared;
		this.kotlin = kotlin;
		this.several = several;
		this.queue = queue;
	}

	/**
	 * Finds the queue for what a method returns.
	 * @param method the method
	 * @param queues the queues
	 * @return what sends it, or {@code null} if the method returns nothing
	 * @throws InvalidHandlerException if it returns what is there only later
	 */
	@SuppressWarnings("unchecked")
	static @Nullable ReturnedMessages of(HandlerMethod method, EventQueues queues) {
		ResolvableType type = ResolvableType.forMethodReturnType(method.method(), method.beanType());
		Class<?> declared = ClassUtils.resolvePrimitiveIfNecessary(type.toClass());
		KotlinTypes kotlin = new KotlinTypes(method.method());
		if (declared == void.class || declared == Void.class || kotlin.isUnit(declared)) {
			return null;
		}
		if (isLater(declared) || kotlin.isLater(declared)) {
			throw method.invalid("it returns a %s, whose value is not there yet".formatted(declared.getSimpleName()),
					"Return nothing, and have the value sent when it is there, as in %s."
						.formatted(kotlin.isLater(declared)
								? "flow.collect { queue.send(it) } or queue.send(deferred.await()) in a coroutine"
								: "future.thenAccept(queue::send)"));
		}
		ResolvableType element = element(type, declared, kotlin);
		EventQueue<?> queue = queues.get("", (element != null) ? element : type,
				new Requester(method.description() + ", by what it returns,", KotlinFunction.is(method.method())
						? " If it is only the value of an expression body, use a block body." : ""));
		return new ReturnedMessages(method, declared, kotlin, element != null || declared == Object.class,
				(EventQueue<Object>) queue);
	}

	private static boolean isLater(Class<?> type) {
		return CompletionStage.class.isAssignableFrom(type) || Future.class.isAssignableFrom(type)
				|| ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null;
	}

	/** Returns the type of what a type contains, {@code null} if it is one message. */
	private static @Nullable ResolvableType element(ResolvableType type, Class<?> declared, KotlinTypes kotlin) {
		if (type.isArray()) {
			return declared.getComponentType().isPrimitive() ? null : type.getComponentType();
		}
		if (Collection.class.isAssignableFrom(declared) || declared == Iterable.class) {
			return type.as(Iterable.class).getGeneric();
		}
		return (declared == Optional.class || declared == Stream.class || kotlin.isSequence(declared))
				? type.getGeneric() : null;
	}

	/**
	 * Sends what the method has returned.
	 * @param returned what it has returned
	 * @throws MessageRefusedException if a queue does not take it
	 */
	void send(Object returned) {
		if (!this.several) {
			this.queue.send(returned);
		}
		else if (returned instanceof Object[] array) {
			sendAll(Arrays.asList(array).iterator());
		}
		else if (returned instanceof Stream<?> stream) {
			try (stream) {
				sendAll(stream.iterator());
			}
		}
		else if (returned instanceof Optional<?> optional) {
			optional.ifPresent(this.queue::send);
		}
		else if (returned instanceof Iterable<?> iterable
				&& (returned instanceof Collection<?> || this.declared == Iterable.class)) {
			sendAll(iterable.iterator());
		}
		else {
			sendOther(returned);
		}
	}

	private void sendOther(Object returned) {
		Iterator<?> sequence = this.kotlin.iterator(returned);
		if (sequence != null) {
			sendAll(sequence);
		}
		else if (!this.kotlin.isUnit(returned.getClass())) {
			this.queue.send(returned);
		}
	}

	private void sendAll(Iterator<?> messages) {
		while (messages.hasNext()) {
			Object message = messages.next();
			if (message != null) {
				sendOneOf(message, messages);
			}
		}
	}

	private void sendOneOf(Object message, Iterator<?> others) {
		try {
			this.queue.send(message);
		}
		catch (MessageRefusedException ex) {
			if (!others.hasNext()) {
				throw ex;
			}
			throw new MessageRefusedException(
					"%s; nor are those sent that '%s' has returned after it".formatted(ex.getMessage(), this.method));
		}
	}

}
