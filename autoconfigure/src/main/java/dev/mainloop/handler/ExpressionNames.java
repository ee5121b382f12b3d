package dev.mainloop.handler;

import java.lang.reflect.Modifier;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.InlineMap;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.util.ClassUtils;

/**
 * Finds a name in an expression that stands for nothing, as far as that can be known
 * before there is a message: a variable, a bean, a property of the root, or one of a type
 * that has no subtypes.
 */
final class ExpressionNames {

	private static final String ROOT = "root";

	private static final PropertyMembers properties = new PropertyMembers();

	private final Set<String> parameters;

	private final Class<?> messageType;

	private final BeanFactory beanFactory;

	/**
	 * Creates a check.
	 * @param parameters the names of the parameter
	 * @param messageType its type
	 * @param beanFactory the beans
	 */
	ExpressionNames(Set<String> parameters, Class<?> messageType, BeanFactory beanFactory) {
		this.parameters = parameters;
		this.messageType = ClassUtils.resolvePrimitiveIfNecessary(messageType);
		this.beanFactory = beanFactory;
	}

	/**
	 * Looks for a name that stands for nothing.
	 * @param expression the expression
	 * @return what is wrong, half a sentence, or {@code null} if nothing is known to be
	 */
	@Nullable String findUnknown(SpelNode expression) {
		return findUnknown(expression, true);
	}

	/**
	 * Looks for an unknown name below a node.
	 * @param node the node
	 * @param ofRoot whether a property that stands alone is one of the root, and neither
	 * one of an element nor a key
	 */
	private @Nullable String findUnknown(SpelNode node, boolean ofRoot) {
		if (node instanceof CompoundExpression) {
			return findUnknownInPath(node, ofRoot);
		}
		String unknown = unknown(node, ofRoot);
		boolean ofChildren = ofRoot && !(node instanceof Selection || node instanceof Projection
				|| node instanceof Indexer || node instanceof InlineMap);
		for (int i = 0; unknown == null && i < node.getChildCount(); i++) {
			unknown = findUnknown(node.getChild(i), ofChildren);
		}
		return unknown;
	}

	private @Nullable String findUnknownInPath(SpelNode path, boolean ofRoot) {
		String unknown = findUnknown(path.getChild(0), ofRoot);
		Class<?> type = typeOf(path.getChild(0), ofRoot);
		for (int i = 1; unknown == null && i < path.getChildCount(); i++) {
			SpelNode child = path.getChild(i);
			if (child instanceof PropertyOrFieldReference property) {
				unknown = (type != null) ? unknown(property, type) : null;
				type = (type != null) ? typeOf(type, property.getName()) : null;
			}
			else {
				unknown = findUnknown(child, ofRoot);
				type = null;
			}
		}
		return unknown;
	}

	private @Nullable String unknown(SpelNode node, boolean ofRoot) {
		if (node instanceof BeanReference bean) {
			return this.beanFactory.containsBean(bean.getName()) ? null
					: "there is no bean named '%s'".formatted(bean.getName());
		}
		if (node instanceof VariableReference || node instanceof FunctionReference) {
			String name = node.toStringAST().substring(1).replaceFirst("\\(.*", "");
			return (name.equals(ROOT) || name.equals("this") || this.parameters.contains(name)) ? null
					: "there is no variable #%s".formatted(name);
		}
		return (ofRoot && node instanceof PropertyOrFieldReference property)
				? unknown(property, MessageExpression.Root.class) : null;
	}

	private @Nullable String unknown(PropertyOrFieldReference property, Class<?> type) {
		boolean known = !Modifier.isFinal(type.getModifiers()) || type.isArray()
				|| properties.typeOf(type, property.getName()) != null;
		return known ? null : "%s has no property '%s'"
			.formatted((type == MessageExpression.Root.class) ? "#root" : type.getName(), property.getName());
	}

	/** Returns the type of the beginning of a path, {@code null} if it is not known. */
	private @Nullable Class<?> typeOf(SpelNode node, boolean ofRoot) {
		if (node instanceof VariableReference) {
			String name = node.toStringAST().substring(1);
			return name.equals(ROOT) ? MessageExpression.Root.class
					: this.parameters.contains(name) ? this.messageType : null;
		}
		return (ofRoot && node instanceof PropertyOrFieldReference property)
				? typeOf(MessageExpression.Root.class, property.getName()) : null;
	}

	private @Nullable Class<?> typeOf(Class<?> type, String property) {
		return (type == MessageExpression.Root.class && property.equals("message")) ? this.messageType
				: properties.typeOf(type, property);
	}

}
