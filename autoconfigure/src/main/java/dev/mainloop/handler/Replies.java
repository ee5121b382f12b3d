package dev.mainloop.handler;

import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Replies to requests with what a handler method returns. What it returns for a message
 * that is no request is dropped.
 */
final class Replies implements Results {

	private final Requests requests;

	private final KotlinTypes kotlin;

	private final UnaryOperator<Result> waiting;

	/** What takes the outcome of a call for a message that is no request. */
	private final Result dropped;

	private Replies(Requests requests, KotlinTypes kotlin, UnaryOperator<Result> waiting) {
		this.requests = requests;
		this.kotlin = kotlin;
		this.waiting = waiting;
		this.dropped = waiting.apply(Dropped.INSTANCE);
	}

	/**
	 * Creates the replies of a method.
	 * @param method the method
	 * @param queues the queues
	 * @return the replies
	 * @throws InvalidHandlerException if the method returns what is no reply
	 */
	static Replies of(HandlerMethod method, EventQueues queues) {
		ReturnType type = ReturnType.of(method);
		LaterType later = type.later();
		Requests requests = queues.results().requests(method.place());
		if (later == null) {
			return new Replies(requests, type.kotlin(), UnaryOperator.identity());
		}
		if (type.isSeveralLater()) {
			throw method.invalid("it returns any number of values, and a request has one reply",
					"Return a Mono or a CompletionStage of a list, or leave out 'replies'.");
		}
		PendingResults pending = queues.results().pending(method);
		return new Replies(requests, type.kotlin(), (result) -> new LaterResult(later, pending, result));
	}

	@Override
	public Result next() {
		Request<?> request = this.requests.take();
		return (request != null) ? this.waiting.apply(new Reply(request)) : this.dropped;
	}

	/** The reply to one request. */
	private final class Reply implements Result {

		private final Request<?> request;

		Reply(Request<?> request) {
			this.request = request;
		}

		@Override
		public void returned(Object event, @Nullable Object value) {
			boolean nothing = value == null || Replies.this.kotlin.isUnit(value.getClass());
			this.request.returned(event, nothing ? null : value);
		}

		@Override
		public void failed(Object event, Throwable error) {
			this.request.failed(event, error);
		}

	}

	/** Takes what nobody has asked for. */
	private static final class Dropped implements Result {

		static final Dropped INSTANCE = new Dropped();

		@Override
		public void returned(Object event, @Nullable Object value) {
		}

		@Override
		public void failed(Object event, Throwable error) {
		}

	}

}
