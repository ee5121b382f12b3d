package dev.mainloop.handler;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import org.springframework.core.ReactiveAdapter;

/**
 * The one value of a publisher that has no more, {@code null} if it has none. Cancelled,
 * it cancels its subscription. Loaded only where Reactive Streams are on the class path.
 */
final class PublishedValue extends CompletableFuture<@Nullable Object> implements Subscriber<Object> {

	private volatile @Nullable Subscription subscription;

	private PublishedValue() {
	}

	/**
	 * Subscribes to a publisher.
	 * @param adapter makes it a publisher
	 * @param returned the publisher as a method has returned it
	 * @return its value
	 */
	static PublishedValue of(ReactiveAdapter adapter, Object returned) {
		PublishedValue value = new PublishedValue();
		adapter.toPublisher(returned).subscribe(value);
		return value;
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		this.subscription = subscription;
		if (isDone()) {
			subscription.cancel();
		}
		else {
			subscription.request(1);
		}
	}

	@Override
	public void onNext(Object value) {
		complete(value);
	}

	@Override
	public void onError(Throwable error) {
		completeExceptionally(error);
	}

	@Override
	public void onComplete() {
		complete(null);
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		boolean cancelled = super.cancel(mayInterruptIfRunning);
		Subscription known = this.subscription;
		if (cancelled && known != null) {
			known.cancel();
		}
		return cancelled;
	}

}
