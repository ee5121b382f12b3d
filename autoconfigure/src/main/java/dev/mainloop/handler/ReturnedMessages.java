package dev.mainloop.handler;

import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

import dev.mainloop.EventQueue;
import dev.mainloop.MessageRefusedException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * Sends on what a handler method returns, on the loop's thread. Whether that is one
 * message or contains several is told by the declared type, or by the value where that is
 * {@link Object}. An {@link Iterable} contains several only where it is declared as just
 * that: others, such as a path, are messages of their own.
 */
final class ReturnedMessages implements Result, Results {

	/** Takes what is awaited only for its errors. */
	private static final Result NOTHING = new Result() {

		@Override
		public void returned(Object event, @Nullable Object value) {
		}

		@Override
		public void failed(Object event, Throwable error) {
		}

	};

	private final HandlerMethod method;

	private final Class<?> declared;

	private final KotlinTypes kotlin;

	private final boolean several;

	private final OutgoingQueue<Object> queue;

	private ReturnedMessages(HandlerMethod method, ReturnType type, boolean several, OutgoingQueue<Object> queue) {
		this.method = method;
		this.declared = type.valueClass();
		this.kotlin = type.kotlin();
		this.several = several;
		this.queue = queue;
	}

	/**
	 * Finds the queue for what a method returns.
	 * @param method the method
	 * @param queues the queues
	 * @return what sends it, or {@code null} if the method returns nothing
	 * @throws InvalidHandlerException if it returns what does not tell when it is there
	 */
	static @Nullable Results of(HandlerMethod method, EventQueues queues) {
		ReturnType type = ReturnType.of(method);
		LaterType later = type.later();
		if (later == null) {
			return type.isNothing() ? null : of(method, queues, type);
		}
		PendingResults pending = queues.results().pending(method);
		if (type.isNothing()) {
			return new LaterResult(later, pending, NOTHING);
		}
		ReturnedMessages messages = of(method, queues, type);
		return later.isSeveral() ? new LaterMessages(later, pending, messages)
				: new LaterResult(later, pending, messages);
	}

	@SuppressWarnings("unchecked")
	private static ReturnedMessages of(HandlerMethod method, EventQueues queues, ReturnType type) {
		ResolvableType element = type.isSeveralLater() ? null : element(type.value(), type.valueClass(), type.kotlin());
		EventQueue<?> queue = queues.get("", (element != null) ? element : type.value(),
				new Requester(method.description() + ", by what it returns,", KotlinFunction.is(method.method())
						? " If it is only the value of an expression body, use a block body." : ""));
		return new ReturnedMessages(method, type, element != null || type.valueClass() == Object.class,
				(OutgoingQueue<Object>) queue);
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

	@Override
	public Result next() {
		return this;
	}

	/**
	 * Sends what the method has returned.
	 * @throws MessageRefusedException if a queue does not take it
	 */
	@Override
	public void returned(Object event, @Nullable Object value) {
		if (value != null) {
			send(value);
		}
	}

	@Override
	public void failed(Object event, Throwable error) {
	}

	/** Tells how much room the queue has, see {@link OutgoingQueue#room}. */
	int room(Runnable whenRoom) {
		return this.queue.room(whenRoom);
	}

	/** Makes one of several messages ready to be sent. */
	Parcel parcel(Object message) {
		return this.queue.parcel(message);
	}

	private void send(Object returned) {
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
			throw refusedWithFollowing(ex);
		}
	}

	/**
	 * Describes that a message was refused, after which no more are sent.
	 * @param refusal describes the message
	 * @return the exception
	 */
	MessageRefusedException refusedWithFollowing(MessageRefusedException refusal) {
		return new MessageRefusedException(
				"%s; nor are those sent that '%s' has returned after it".formatted(refusal.getMessage(), this.method));
	}

}
