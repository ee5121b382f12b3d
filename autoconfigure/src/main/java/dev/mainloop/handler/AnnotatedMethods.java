package dev.mainloop.handler;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ReflectionUtils;

/**
 * Finds the methods of beans that have some annotations, or override others that do.
 */
final class AnnotatedMethods {

	private static final Logger logger = LoggerFactory.getLogger(AnnotatedMethods.class);

	private final Set<Class<? extends Annotation>> annotations;

	/**
	 * Creates a finder.
	 * @param annotations the types of the annotations, one of which a method has to have
	 */
	AnnotatedMethods(Set<Class<? extends Annotation>> annotations) {
		this.annotations = annotations;
	}

	/**
	 * Finds the methods of a bean. Most beans of an application have none, which is found
	 * without a search for what each method overrides.
	 * @param bean the bean
	 * @return the methods, with all their annotations
	 */
	Map<Method, MergedAnnotations> of(HandlerBean bean) {
		try {
			return isAnyIn(bean.targetClass())
					? MethodIntrospector.selectMethods(bean.targetClass(), this::withInherited) : Map.of();
		}
		catch (IllegalStateException ex) {
			if (bean.isEventHandler()) {
				throw ex;
			}
			logger.debug("%s has a method of a class that is missing, and so no handlers".formatted(bean.targetClass()),
					ex);
			return Map.of();
		}
	}

	/** Whether a method of a class, or of a type above it, has one of the annotations. */
	private boolean isAnyIn(@Nullable Class<?> type) {
		return type != null && AnnotationUtils.isCandidateClass(type, this.annotations)
				&& (Stream.of(ReflectionUtils.getDeclaredMethods(type)).anyMatch(this::hasAny)
						|| isAnyIn(type.getSuperclass()) || Stream.of(type.getInterfaces()).anyMatch(this::isAnyIn));
	}

	private boolean hasAny(Method method) {
		return isAnyOf(MergedAnnotations.from(method));
	}

	private @Nullable MergedAnnotations withInherited(Method method) {
		MergedAnnotations all = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
		return isAnyOf(all) ? all : null;
	}

	private boolean isAnyOf(MergedAnnotations found) {
		return this.annotations.stream().anyMatch(found::isPresent);
	}

}
