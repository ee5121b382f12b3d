package dev.mainloop.handler;

import java.util.function.Function;

import dev.mainloop.BlockingCalls;
import dev.mainloop.HandlerFailedException;
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

	private final @Nullable ReturnedMessages returnedMessages;

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
	 * @param queues where what it returns is sent
	 */
	BlockingCall(HandlerMethod method, BlockingCalls calls, BeanReference bean, Function<E, Object> taking,
			HandlerInvoker invoker, EventQueues queues) {
		this.method = method;
		this.calls = calls;
		this.bean = bean;
		this.taking = taking;
		this.invoker = invoker;
		this.returnedMessages = ReturnedMessages.of(method, queues);
		this.queues = queues;
		this.call = method.decorateAll((event) -> CURRENT.get().call());
	}

	@Override
	public void invoke(E event) {
		this.calls.begin(new Task(this.bean.get(), this.taking.apply(event), this.queues.capture()));
	}

	/** One call of the method. */
	private final class Task implements WorkerTask {

		private final Object bean;

		private final Object event;

		private final SenderContext.@Nullable Snapshot sender;

		/** What the worker hands over: what the method has returned, and its context. */
		private @Nullable Object returned;

		private SenderContext.@Nullable Snapshot context;

		Task(Object bean, Object event, SenderContext.@Nullable Snapshot sender) {
			this.bean = bean;
			this.event = event;
			this.sender = sender;
		}

		@Override
		public void run() throws Exception {
			CURRENT.set(this);
			SenderContext.Scope scope = open(this.sender);
			try (scope) {
				BlockingCall.this.call.invoke(this.event);
			}
			finally {
				CURRENT.remove();
			}
		}

		private void call() throws Exception {
			this.returned = MethodCall.call(BlockingCall.this.invoker, this.bean, this.event);
			if (this.returned != null && BlockingCall.this.returnedMessages != null) {
				this.context = BlockingCall.this.queues.capture();
			}
		}

		@Override
		public void ended(@Nullable Throwable failure) throws HandlerFailedException {
			if (failure != null) {
				throw failed(failure);
			}
			Object message = this.returned;
			ReturnedMessages messages = BlockingCall.this.returnedMessages;
			if (message != null && messages != null) {
				SenderContext.Scope scope = open(this.context);
				try (scope) {
					messages.send(message);
				}
				catch (Exception | Error ex) {
					throw failed(ex);
				}
			}
		}

		private static SenderContext.@Nullable Scope open(SenderContext.@Nullable Snapshot context) {
			return (context != null) ? context.open() : null;
		}

		private HandlerFailedException failed(Throwable error) {
			return new HandlerFailedException(BlockingCall.this.method.name(), this.event, error);
		}

	}

}
