package dev.mainloop.handler;

import java.util.concurrent.CancellationException;
import java.util.function.Function;

import dev.mainloop.BlockingCalls;
import dev.mainloop.HandlerFailedException;
import dev.mainloop.ThreadContext;
import dev.mainloop.WorkerTask;
import org.jspecify.annotations.Nullable;

/**
 * Has a handler method called by workers. What the method takes of the event is found on
 * the loop's thread, as the loop may use the event again, and what it returns is sent on
 * there.
 *
 * @param <E> the type of the events
 */
final class BlockingCall<E> implements HandlerCall<E> {

	/** What its thread, a worker, is to do. */
	private static final ThreadLocal<BlockingCall<?>.Task> CURRENT = new ThreadLocal<>();

	private final HandlerMethod method;

	private final BlockingCalls calls;

	private final BeanReference bean;

	private final Function<E, Object> taking;

	private final HandlerInvoker invoker;

	private final @Nullable Results results;

	private final EventQueues queues;

	/** Calls the method, with all that is done around its calls. */
	private final HandlerCall<Object> call;

	/**
	 * Creates a call.
	 * @param method the method
	 * @param calls begins the calls
	 * @param bean the bean of the method
	 * @param taking takes what the method is called with from an event
	 * @param invoker calls the method with that
	 * @param results take what it returns, {@code null} if that is of no use to anyone
	 * @param queues the queues, which capture the context of a thread
	 */
	BlockingCall(HandlerMethod method, BlockingCalls calls, BeanReference bean, Function<E, Object> taking,
			HandlerInvoker invoker, @Nullable Results results, EventQueues queues) {
		this.method = method;
		this.calls = calls;
		this.bean = bean;
		this.taking = taking;
		this.invoker = invoker;
		this.results = results;
		this.queues = queues;
		this.call = method.decorateAll((event) -> CURRENT.get().call());
	}

	@Override
	public void invoke(E event) {
		Result result = (this.results != null) ? this.results.next() : null;
		this.calls.begin(new Task(this.bean.get(), this.taking.apply(event), result, this.queues.capture()));
	}

	/** One call of the method. */
	private final class Task implements WorkerTask {

		private final Object bean;

		private final Object event;

		/** Takes the outcome, on the loop's thread. */
		private final @Nullable Result result;

		private final SenderContext.@Nullable Snapshot sender;

		/** What the worker hands over: what the method has returned, and its context. */
		private @Nullable Object returned;

		private SenderContext.@Nullable Snapshot context;

		Task(Object bean, Object event, @Nullable Result result, SenderContext.@Nullable Snapshot sender) {
			this.bean = bean;
			this.event = event;
			this.result = result;
			this.sender = sender;
		}

		@Override
		public void run() throws Exception {
			CURRENT.set(this);
			ThreadContext.Scope scope = ThreadContext.openIfAny(this.sender);
			try (scope) {
				BlockingCall.this.call.invoke(this.event);
			}
			finally {
				CURRENT.remove();
			}
		}

		private void call() throws Exception {
			this.returned = MethodCall.call(BlockingCall.this.invoker, this.bean, this.event);
			if (this.result != null) {
				this.context = BlockingCall.this.queues.capture();
			}
		}

		@Override
		public void ended(@Nullable Throwable failure) throws HandlerFailedException {
			if (failure != null) {
				tell(failure);
				throw failed(failure);
			}
			if (this.result == null) {
				return;
			}
			ThreadContext.Scope scope = ThreadContext.openIfAny(this.context);
			try (scope) {
				this.result.returned(this.event, this.returned);
			}
			catch (Exception | Error ex) {
				throw failed(ex);
			}
		}

		@Override
		public void abandoned() {
			tell(new CancellationException(
					"The main loop is closed before '%s' has ended".formatted(BlockingCall.this.method)));
		}

		private void tell(Throwable failure) {
			if (this.result != null) {
				this.result.failed(this.event, failure);
			}
		}

		private HandlerFailedException failed(Throwable error) {
			return new HandlerFailedException(BlockingCall.this.method.name(), this.event, error);
		}

	}

}
