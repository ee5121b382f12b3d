package dev.mainloop.handler;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.mainloop.BlockingCalls;
import dev.mainloop.annotation.OnMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.SpringProxy;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodParameter;
import org.springframework.util.ClassUtils;

/**
 * An annotated method of a bean, as it was found: neither are its parameters checked nor
 * is the bean made.
 */
final class HandlerMethod {

	private final BeanReference bean;

	private final Class<?> beanType;

	private final Placement place;

	private final Method method;

	private final Annotation annotation;

	/** Begins its calls if it may block. */
	private final @Nullable BlockingCalls blockingCalls;

	private final EventQueues queues;

	private final List<HandlerCallDecorator> decorators;

	/**
	 * Creates a handler method.
	 * @param bean its bean
	 * @param beanType the type of the bean, possibly that of a proxy
	 * @param place the loop that calls it
	 * @param method the method
	 * @param annotation what makes it a handler
	 * @param blockingCalls begins its calls if it may block, {@code null} if the loop's
	 * thread is to call it
	 * @param queues where what it returns is sent
	 * @param decorators what is done around its calls
	 */
	HandlerMethod(BeanReference bean, Class<?> beanType, Placement place, Method method, Annotation annotation,
			@Nullable BlockingCalls blockingCalls, EventQueues queues, List<HandlerCallDecorator> decorators) {
		this.bean = bean;
		this.beanType = beanType;
		this.place = place;
		this.method = method;
		this.annotation = annotation;
		this.blockingCalls = blockingCalls;
		this.queues = queues;
		this.decorators = decorators;
	}

	Class<?> beanType() {
		return this.beanType;
	}

	Placement place() {
		return this.place;
	}

	Method method() {
		return this.method;
	}

	/** What log lines call it: {@code bean.method}. */
	String name() {
		return name(this.bean.name(), this.method);
	}

	/** What log lines call a method of a bean. */
	static String name(String bean, Method method) {
		return bean + "." + method.getName();
	}

	/** Whether a line of a stack trace is one of this method. */
	boolean isCalledBy(StackTraceElement frame) {
		return frame.getMethodName().equals(this.method.getName())
				&& frame.getClassName().equals(this.method.getDeclaringClass().getName());
	}

	/**
	 * Checks the method and makes it callable with events that are all measured.
	 * @param <E> the type of its events
	 * @param resolvers what arguments can be taken from an event
	 * @return the call
	 * @throws InvalidHandlerException as {@link #unmeasuredCall} does
	 */
	<E> HandlerCall<E> call(List<ArgumentResolver<E>> resolvers) {
		return measured(unmeasuredCall(resolvers));
	}

	/**
	 * Checks the method and makes it callable with events that are not measured.
	 * @param <E> the type of its events
	 * @param resolvers what arguments can be taken from an event
	 * @return the call
	 * @throws InvalidHandlerException if a parameter is not among them, or the method
	 * cannot be called, or what it returns cannot be sent
	 */
	<E> HandlerCall<E> unmeasuredCall(List<ArgumentResolver<E>> resolvers) {
		return unmeasuredCall(resolvers, this::results);
	}

	/**
	 * Checks the method and makes it callable with events that are all measured.
	 * @param <E> the type of its events
	 * @param resolvers what arguments can be taken from an event
	 * @param results take what it returns, which is not sent
	 * @return the call
	 * @throws InvalidHandlerException if a parameter is not among them, or the method
	 * cannot be called
	 */
	<E> HandlerCall<E> call(List<ArgumentResolver<E>> resolvers, Results results) {
		return measured(unmeasuredCall(resolvers, () -> results));
	}

	private <E> HandlerCall<E> unmeasuredCall(List<ArgumentResolver<E>> resolvers,
			Supplier<@Nullable Results> results) {
		List<ArgumentResolver<E>> arguments = new ArrayList<>();
		for (int i = 0; i < this.method.getParameterCount(); i++) {
			MethodParameter parameter = new MethodParameter(this.method, i);
			arguments.add(resolvers.stream()
				.filter((resolver) -> resolver.supports(parameter))
				.findFirst()
				.orElseThrow(() -> unknown(parameter, resolvers)));
		}
		Method invocable = invocable();
		BeanReference target = this.bean.ofType(invocable.getDeclaringClass());
		if (this.blockingCalls != null) {
			return blocking(invocable, target, this.blockingCalls, arguments, results.get());
		}
		return decorate(new MethodCall<>(target, HandlerInvoker.of(invocable, arguments), results.get()), false);
	}

	/** A message is all that its method takes; other events the loop may use again. */
	private <E> HandlerCall<E> blocking(Method invocable, BeanReference target, BlockingCalls calls,
			List<ArgumentResolver<E>> arguments, @Nullable Results results) {
		if (this.annotation instanceof OnMessage) {
			return new BlockingCall<>(this, calls, target, (message) -> message,
					HandlerInvoker.of(invocable, arguments), results, this.queues);
		}
		return new BlockingCall<>(this, calls, target, (event) -> ResolvedArguments.of(event, arguments),
				HandlerInvoker.of(invocable, ResolvedArguments.resolvers(arguments.size())), results, this.queues);
	}

	/** Returns what takes what it returns, {@code null} if that is nothing. */
	private @Nullable Results results() {
		return (this.annotation instanceof OnMessage message && message.replies()) ? Replies.of(this, this.queues)
				: ReturnedMessages.of(this, this.queues);
	}

	/**
	 * Adds what is done around the calls with events that are measured.
	 * @param <E> the type of the events
	 * @param call calls the method with events that are not
	 * @return what is to be called instead
	 */
	<E> HandlerCall<E> measured(HandlerCall<E> call) {
		return (this.blockingCalls != null) ? call : decorate(call, true);
	}

	/**
	 * Adds all that is done around the calls, each of which is measured.
	 * @param <E> the type of the events
	 * @param call calls the method
	 * @return what is to be called instead
	 */
	<E> HandlerCall<E> decorateAll(HandlerCall<E> call) {
		return decorate(decorate(call, false), true);
	}

	private <E> HandlerCall<E> decorate(HandlerCall<E> call, boolean measured) {
		HandlerCall<E> decorated = call;
		for (HandlerCallDecorator decorator : this.decorators) {
			if (decorator.isForMeasured() == measured) {
				decorated = decorator.decorate(decorated, this.place, this.bean.name(), this.method, this.annotation);
			}
		}
		return decorated;
	}

	private <E> InvalidHandlerException unknown(MethodParameter parameter, List<ArgumentResolver<E>> resolvers) {
		String known = resolvers.stream().map(Object::toString).collect(Collectors.joining(", "));
		return invalid(
				"its parameter %d is of type %s, which is no part of the event".formatted(parameter.getParameterIndex(),
						parameter.getParameterType().getName()),
				"Declare any of these parameters or none: %s.".formatted(known));
	}

	private Method invocable() {
		if (Modifier.isPrivate(this.method.getModifiers())) {
			throw invalid("it is private", "Make the method at least package-private.");
		}
		if (runsOnProxy()) {
			throw invalid("the bean is a proxy that cannot pass the call on to its target",
					"Make the method neither final nor package-private in a class of another package.");
		}
		try {
			return AopUtils.selectInvocableMethod(this.method, this.beanType);
		}
		catch (IllegalStateException ex) {
			throw invalid("the bean is a JDK proxy whose interfaces do not have the method",
					"Move the method to an interface of the bean, or have the proxy made of its class "
							+ "(spring.aop.proxy-target-class=true).",
					ex);
		}
	}

	/** Whether a call would run on a proxy's own, empty fields. */
	private boolean runsOnProxy() {
		int modifiers = this.method.getModifiers();
		Class<?> owner = this.method.getDeclaringClass();
		boolean visible = Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers)
				|| owner.getPackageName().equals(this.beanType.getPackageName());
		return SpringProxy.class.isAssignableFrom(this.beanType) && owner.isAssignableFrom(this.beanType)
				&& !Modifier.isStatic(modifiers) && (Modifier.isFinal(modifiers) || !visible);
	}

	/**
	 * Checks that no two calls run at the same time.
	 * @param reason half a sentence on why they cannot
	 * @throws InvalidHandlerException if they may
	 */
	void requireOneAtATime(String reason) {
		if (this.blockingCalls != null && this.blockingCalls.concurrency() > 1) {
			throw invalid(
					"%d calls of it may run at a time, and %s".formatted(this.blockingCalls.concurrency(), reason),
					"Remove 'concurrency' from @Blocking.");
		}
	}

	/**
	 * Checks that the loop's thread calls it.
	 * @param reason half a sentence on why no other can
	 * @throws InvalidHandlerException if workers do
	 */
	void requireLoopThread(String reason) {
		if (this.blockingCalls != null) {
			throw invalid("it is @Blocking, and " + reason,
					"Remove @Blocking, and pass what blocks to MainLoop.offload.");
		}
	}

	/**
	 * Describes why the method cannot be a handler.
	 * @param reason half a sentence on what is wrong
	 * @param action a sentence on what to do
	 * @return the exception
	 */
	InvalidHandlerException invalid(String reason, String action) {
		return new InvalidHandlerException(whyNot(reason), action);
	}

	InvalidHandlerException invalid(String reason, String action, Throwable cause) {
		return new InvalidHandlerException(whyNot(reason), action, cause);
	}

	private String whyNot(String reason) {
		return "%s cannot be an @%s handler: %s".formatted(description(),
				this.annotation.annotationType().getSimpleName(), reason);
	}

	/** What an error at start-up calls it. */
	String description() {
		return description(this.bean.name(), this.method);
	}

	/** What an error at start-up calls a method of a bean. */
	static String description(String bean, Method method) {
		return "The method '%s' of bean '%s'".formatted(ClassUtils.getQualifiedMethodName(method), bean);
	}

	@Override
	public String toString() {
		return name();
	}

}
