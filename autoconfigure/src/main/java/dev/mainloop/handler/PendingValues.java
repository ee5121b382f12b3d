package dev.mainloop.handler;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.mainloop.MessageRefusedException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The values of a publisher that a handler method has returned. It is asked for as many
 * as the queue has room for, and for more when they were sent. Where others have filled
 * the queue meanwhile, the values that have come are kept until there is room. Loaded
 * only where Reactive Streams are on the class path.
 */
final class PendingValues extends PendingResult implements Subscriber<Object> {

	/** As many values wait at most for a queue that others have filled. */
	private static final int MOST_REQUESTED = 256;

	private final Publisher<Object> publisher;

	private final ReturnedMessages messages;

	/** What has come and was not sent; filled by the threads of the publisher. */
	private final Queue<Object> values = new ConcurrentLinkedQueue<>();

	private volatile @Nullable Subscription subscription;

	/** Whether the publisher has ended; written after the values and the error. */
	private volatile boolean ended;

	private @Nullable Throwable error;

	private volatile boolean cancelled;

	/** How many values were asked for and not sent yet. */
	private int requested;

	/** The first value, for which there was no room. */
	private @Nullable Parcel kept;

	/**
	 * Creates pending values.
	 * @param publisher their publisher
	 * @param event the event that the method was called with
	 * @param results those of the method
	 * @param messages sends them on
	 */
	PendingValues(Publisher<Object> publisher, Object event, PendingResults results, ReturnedMessages messages) {
		super(event, results);
		this.publisher = publisher;
		this.messages = messages;
	}

	@Override
	void start() throws Exception {
		results().open();
		this.publisher.subscribe(this);
		results().add(this);
		handleArrived();
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		this.subscription = subscription;
		if (this.cancelled) {
			subscription.cancel();
		}
		else {
			arrived();
		}
	}

	@Override
	public void onNext(Object value) {
		if (!this.cancelled) {
			this.values.add(value);
			arrived();
		}
	}

	@Override
	public void onError(Throwable error) {
		if (!this.cancelled) {
			this.error = error;
		}
		onComplete();
	}

	@Override
	public void onComplete() {
		this.ended = true;
		arrived();
	}

	@Override
	void handleArrived() throws Exception {
		boolean last = this.ended || this.cancelled;
		boolean sent = isAllSent();
		if (sent && !last) {
			request();
			last = this.ended;
			sent = isAllSent();
		}
		if (sent && last) {
			end();
		}
	}

	/** Sends what has come, as far as there is room for it. */
	private boolean isAllSent() {
		boolean refused = true;
		try {
			for (Object value = this.values.peek(); value != null; value = this.values.peek()) {
				Parcel parcel = (this.kept != null) ? this.kept : this.messages.parcel(value);
				this.kept = parcel;
				if (!parcel.isDelivered(this::arrived)) {
					break;
				}
				this.kept = null;
				this.values.remove();
				this.requested--;
			}
			refused = false;
			return this.kept == null;
		}
		catch (MessageRefusedException ex) {
			throw this.messages.refusedWithFollowing(ex);
		}
		finally {
			if (refused) {
				giveUp();
			}
		}
	}

	private void giveUp() {
		this.cancelled = true;
		this.kept = null;
		this.values.clear();
		results().remove(this);
		Subscription known = this.subscription;
		if (known != null) {
			known.cancel();
		}
	}

	/** Asks for as much as there is room for, once all was sent that it was asked for. */
	private void request() {
		Subscription known = this.subscription;
		if (known != null && this.requested <= 0) {
			int room = Math.min(MOST_REQUESTED, this.messages.room(this::arrived));
			if (room > 0) {
				this.requested = room;
				known.request(room);
			}
		}
	}

	private void end() throws Exception {
		results().remove(this);
		Throwable thrown = this.error;
		this.error = null;
		if (thrown != null) {
			results().rethrow(thrown);
		}
	}

	@Override
	boolean cancel() {
		if (this.ended || this.cancelled) {
			return false;
		}
		this.cancelled = true;
		Subscription known = this.subscription;
		if (known != null) {
			known.cancel();
		}
		arrived();
		return true;
	}

	@Override
	boolean isRoomExpected() {
		Parcel waiting = this.kept;
		return waiting != null && waiting.isRoomExpected();
	}

}
