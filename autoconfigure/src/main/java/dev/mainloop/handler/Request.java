package dev.mainloop.handler;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

import dev.mainloop.Completion;
import dev.mainloop.LoopFuture;
import dev.mainloop.MessageRefusedException;
import dev.mainloop.Timer;
import dev.mainloop.log.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.ClassUtils;

/**
 * A message that is to be replied to. Its stage is completed on the loop of the handler
 * that has sent it, or else on that which handles it: by the reply, or by a timer.
 *
 * <h2>Threads</h2> The requester makes it and hands it over with its message. The reply
 * is written by the loop that handles the message, once, and handed to the loop that it
 * ends on by the inbox there. Whoever completes the stage, which only one can, ends the
 * rest.
 *
 * @param <R> the type of the reply
 */
final class Request<R> extends Completion implements Result {

	private static final Logger logger = LoggerFactory.getLogger(Request.class);

	private final String queue;

	private final Object message;

	private final Class<R> replyType;

	private final LoopFuture<@Nullable R> stage = new LoopFuture<>();

	/** Those of the loop that it ends on. */
	private final Requests end;

	private final Timer timer;

	/** Those of the loop that handles the message. */
	private final Requests handling;

	private @Nullable Object reply;

	private @Nullable Throwable error;

	private Request(String queue, Object message, Class<R> replyType, Duration timeout, Requests end,
			Requests handling) {
		this.queue = queue;
		this.message = message;
		this.replyType = replyType;
		this.end = end;
		this.handling = handling;
		end.add(this);
		boolean added = false;
		try {
			handling.add(this);
			this.timer = end.loop().after("request time-out", timeout, (timer) -> timeOut(timeout));
			added = true;
		}
		finally {
			if (!added) {
				remove();
			}
		}
		this.stage.whenComplete((value, thrown) -> {
			this.timer.close();
			remove();
		});
	}

	/**
	 * Begins a request, before its message is sent.
	 * @param <R> the type of the reply
	 * @param queue what errors call the queue
	 * @param message the message
	 * @param replyType the type of the reply
	 * @param timeout how long to wait for it
	 * @param end those of the loop that it ends on
	 * @param handling those of the loop that handles the message
	 * @return the request
	 * @throws MessageRefusedException if one of the loops has ended
	 */
	@SuppressWarnings("unchecked")
	static <R> Request<R> begin(String queue, Object message, Class<R> replyType, Duration timeout, Requests end,
			Requests handling) {
		Class<R> type = (Class<R>) ClassUtils.resolvePrimitiveIfNecessary(replyType);
		return new Request<>(queue, message, type, timeout, end, handling);
	}

	private void remove() {
		this.end.remove(this);
		this.handling.remove(this);
	}

	/**
	 * Sends its message. A request whose message is not taken is forgotten.
	 * @param sending sends it, and tells whether it was taken
	 * @return the reply
	 */
	@SuppressWarnings("NullAway") // loses that R is nullable
	CompletionStage<@Nullable R> sent(BooleanSupplier sending) {
		boolean taken = false;
		try {
			taken = sending.getAsBoolean();
			return this.stage;
		}
		finally {
			if (!taken) {
				this.stage.cancel(false);
			}
		}
	}

	/** Notes that its message is handled from now on, on the loop's thread. */
	void begin() {
		this.handling.begin(this);
	}

	/**
	 * Notes that its message was handled, on the loop's thread. If no method has taken
	 * the request there will be no reply.
	 */
	void handled() {
		if (this.handling.take() == this) {
			failed(this.message, new MessageRefusedException(
					"No @OnMessage(replies = true) method has taken %s from the queue '%s': its condition does not hold, or it could not be worked out"
						.formatted(LogText.of(this.message), this.queue)));
		}
	}

	@Override
	public void returned(Object event, @Nullable Object value) {
		this.reply = value;
		replied();
	}

	@Override
	public void failed(Object event, Throwable error) {
		this.error = error;
		replied();
	}

	private void replied() {
		if (this.end.loop().isLoopThread()) {
			completed();
		}
		else {
			this.end.end(this);
		}
	}

	@Override
	protected void completed() {
		boolean first = (this.error != null) ? this.stage.completeExceptionally(this.error) : completeWithReply();
		if (!first) {
			logger.debug("A reply of the queue '%s' to %s has come too late".formatted(this.queue,
					LogText.of(this.message)));
		}
	}

	private boolean completeWithReply() {
		if (this.reply == null || this.replyType.isInstance(this.reply)) {
			return this.stage.complete(this.replyType.cast(this.reply));
		}
		return this.stage.completeExceptionally(
				new ClassCastException("The queue '%s' has replied to %s with %s, which is a %s and no %s".formatted(
						this.queue, LogText.of(this.message), LogText.of(this.reply), this.reply.getClass().getName(),
						this.replyType.getName())));
	}

	private void timeOut(Duration timeout) {
		this.stage.completeExceptionally(new TimeoutException("The queue '%s' has not replied to %s within %s ms"
			.formatted(this.queue, LogText.of(this.message), timeout.toMillis())));
	}

	/** Ends it without a reply, as a loop has stopped; may be called by any thread. */
	void cancel() {
		this.stage.completeExceptionally(new CancellationException(
				"The queue '%s' has not replied to %s before its loop or that of the requester has stopped"
					.formatted(this.queue, LogText.of(this.message))));
	}

}
