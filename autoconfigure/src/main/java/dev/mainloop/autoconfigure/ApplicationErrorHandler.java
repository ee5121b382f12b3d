package dev.mainloop.autoconfigure;

import dev.mainloop.ErrorHandler;
import dev.mainloop.EventSource;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * The error handler of the application, which may use the loop whose errors it handles:
 * it is fetched once all singletons are made, or for an error that comes before.
 */
final class ApplicationErrorHandler implements SmartInitializingSingleton {

	private final ObjectProvider<ErrorHandler> errorHandler;

	private final ObjectProvider<org.springframework.util.ErrorHandler> springErrorHandler;

	private volatile @Nullable ErrorHandler found;

	ApplicationErrorHandler(ObjectProvider<ErrorHandler> errorHandler,
			ObjectProvider<org.springframework.util.ErrorHandler> springErrorHandler) {
		this.errorHandler = errorHandler;
		this.springErrorHandler = springErrorHandler;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.found = find();
	}

	/** Passes an error on, or throws it, which logs it, if there is nobody to be told. */
	void handleError(EventSource source, Object event, Throwable error) {
		ErrorHandler handler = this.found;
		((handler != null) ? handler : find()).handleError(source, event, error);
	}

	private ErrorHandler find() {
		ErrorHandler own = this.errorHandler.getIfAvailable();
		if (own != null) {
			return own;
		}
		org.springframework.util.ErrorHandler spring = this.springErrorHandler.getIfUnique();
		if (spring != null) {
			return (source, event, error) -> spring.handleError(error);
		}
		return (source, event, error) -> ApplicationErrorHandler.<RuntimeException>rethrow(error);
	}

	@SuppressWarnings("unchecked")
	private static <E extends Throwable> void rethrow(Throwable error) throws E {
		throw (E) error;
	}

}
