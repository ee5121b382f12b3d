package dev.mainloop.handler;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

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
	 * Finds the methods of a bean.
	 * @param bean the bean
	 * @return the methods, with all their annotations
	 */
	Map<Method, MergedAnnotations> of(HandlerBean bean) {
		if (!AnnotationUtils.isCandidateClass(bean.targetClass(), this.annotations)) {
			return Map.of();
		}
		try {
			return MethodIntrospector.selectMethods(bean.targetClass(), this::annotations);
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

	private @Nullable MergedAnnotations annotations(Method method) {
		MergedAnnotations all = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
		return this.annotations.stream().anyMatch(all::isPresent) ? all : null;
	}

}
