package dev.mainloop.handler;

import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;

/**
 * A type of what is returned before its values are there: a {@link CompletionStage}, or
 * one that Spring has an adapter for, such as {@code Mono} and {@code Flux} where Reactor
 * is on the class path.
 */
final class LaterType {

	private static final LaterType STAGE = new LaterType(null);

	private final @Nullable ReactiveAdapter adapter;

	private LaterType(@Nullable ReactiveAdapter adapter) {
		this.adapter = adapter;
	}

	/**
	 * Finds the type.
	 * @param type what a method returns
	 * @return the type, or {@code null} if its values are values themselves
	 */
	static @Nullable LaterType of(Class<?> type) {
		if (CompletionStage.class.isAssignableFrom(type)) {
			return STAGE;
		}
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(type);
		return (adapter != null) ? new LaterType(adapter) : null;
	}

	/** Whether it has any number of values, instead of one at most. */
	boolean isSeveral() {
		return this.adapter != null && this.adapter.isMultiValue();
	}

	/**
	 * Returns the type of the values.
	 * @param declared the type as it is declared
	 * @return the type, {@link Void} if there are none
	 */
	ResolvableType valueType(ResolvableType declared) {
		if (this.adapter == null) {
			return declared.as(CompletionStage.class).getGeneric();
		}
		return this.adapter.isNoValue() ? ResolvableType.forClass(Void.class)
				: declared.as(this.adapter.getReactiveType()).getGeneric();
	}

	/**
	 * Returns what completes with the one value of a type that has no more.
	 * @param returned what a method has returned
	 * @return the stage, which cancels what is behind it as it is cancelled
	 */
	CompletionStage<?> stage(Object returned) {
		return (this.adapter != null) ? Publishers.value(this.adapter, returned) : (CompletionStage<?>) returned;
	}

	/**
	 * Makes what awaits the values of a type that may have several.
	 * @param returned what a method has returned
	 * @param event the event that it was called with
	 * @param results those of the method
	 * @param messages sends the values on
	 * @return what is to be started
	 */
	PendingResult values(Object returned, Object event, PendingResults results, ReturnedMessages messages) {
		if (this.adapter == null) {
			throw new IllegalStateException("A stage has one value");
		}
		return Publishers.values(this.adapter, returned, event, results, messages);
	}

	/** Loaded only where Reactive Streams are on the class path. */
	private static final class Publishers {

		static CompletionStage<?> value(ReactiveAdapter adapter, Object returned) {
			return PublishedValue.of(adapter, returned);
		}

		static PendingResult values(ReactiveAdapter adapter, Object returned, Object event, PendingResults results,
				ReturnedMessages messages) {
			return new PendingValues(adapter.toPublisher(returned), event, results, messages);
		}

	}

}
