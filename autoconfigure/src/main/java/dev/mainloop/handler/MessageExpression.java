package dev.mainloop.handler;

import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.StandardEvaluationContext;

/**
 * A SpEL expression about the messages that a method takes: its condition, or the key.
 */
final class MessageExpression {

	private static final SpelExpressionParser parser = new SpelExpressionParser();

	private static final ParameterNameDiscoverer parameterNames = new DefaultParameterNameDiscoverer();

	private final SpelExpression expression;

	private final Method method;

	/** What all evaluations share, such as the access to beans. */
	private final StandardEvaluationContext shared = new StandardEvaluationContext();

	private MessageExpression(SpelExpression expression, Method method, BeanFactory beanFactory) {
		this.expression = expression;
		this.method = method;
		this.shared.setBeanResolver(new BeanFactoryResolver(beanFactory));
	}

	/**
	 * Parses an expression.
	 * @param method the method that it is for
	 * @param attribute the attribute of its annotation that has the expression
	 * @param text the expression
	 * @param beanFactory the beans that it may refer to
	 * @return the expression
	 * @throws InvalidHandlerException if it is no expression, or names what there is not
	 */
	static MessageExpression parse(HandlerMethod method, String attribute, String text, BeanFactory beanFactory) {
		Set<String> parameters = parameters(method.method());
		String action = "Correct the %s; it may refer to the message as #root.message and as %s, and to beans as @name."
			.formatted(attribute, parameters.stream().map("#"::concat).collect(Collectors.joining(", ")));
		SpelExpression expression = parse(method, attribute, text, action);
		String unknown = new ExpressionNames(parameters, method.method().getParameterTypes()[0], beanFactory)
			.findUnknown(expression.getAST());
		if (unknown != null) {
			throw method.invalid("its %s '%s' cannot be worked out: %s".formatted(attribute, text, unknown), action);
		}
		return new MessageExpression(expression, method.method(), beanFactory);
	}

	private static SpelExpression parse(HandlerMethod method, String attribute, String text, String action) {
		try {
			return parser.parseRaw(text);
		}
		catch (ParseException ex) {
			throw method.invalid(
					"its %s '%s' is no SpEL expression (%s)".formatted(attribute, text, ex.getSimpleMessage()), action,
					ex);
		}
	}

	/** Returns the names of the one parameter, its own last. */
	private static Set<String> parameters(Method method) {
		Set<String> names = new LinkedHashSet<>(List.of("a0", "p0"));
		@Nullable String @Nullable [] own = parameterNames.getParameterNames(method);
		if (own != null && own[0] != null) {
			names.add(own[0]);
		}
		return names;
	}

	/**
	 * Evaluates it. May be called by any thread.
	 * @param <T> the type of its value
	 * @param message the message
	 * @param type the type
	 * @return the value
	 */
	<T> @Nullable T value(Object message, Class<T> type) {
		return this.expression.getValue(context(message), type);
	}

	/** Returns the expression as a tree. */
	SpelNode tree() {
		return this.expression.getAST();
	}

	private EvaluationContext context(Object message) {
		MethodBasedEvaluationContext context = new MethodBasedEvaluationContext(new Root(message), this.method,
				new Object[] { message }, parameterNames);
		this.shared.applyDelegatesTo(context);
		return context;
	}

	/**
	 * What {@code #root} is.
	 *
	 * @param message the message
	 */
	record Root(Object message) {

	}

}
