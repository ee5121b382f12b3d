package dev.mainloop.handler;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.util.ClassUtils;

/**
 * The annotations of one kind that a method has, directly or by meta-annotations. Those
 * on the method itself are instead of those on the methods that it overrides.
 *
 * @param <A> the type of the annotations
 */
final class HandlerAnnotations<A extends Annotation> {

	private final List<MergedAnnotation<A>> nearest;

	private final List<MergedAnnotation<A>> inherited;

	private HandlerAnnotations(List<MergedAnnotation<A>> nearest, List<MergedAnnotation<A>> inherited) {
		this.nearest = nearest;
		this.inherited = inherited;
	}

	static <A extends Annotation> HandlerAnnotations<A> of(MergedAnnotations annotations, Class<A> type) {
		List<MergedAnnotation<A>> all = annotations.stream(type).toList();
		int distance = all.stream().mapToInt(MergedAnnotation::getAggregateIndex).min().orElse(0);
		return new HandlerAnnotations<>(all.stream().filter((some) -> some.getAggregateIndex() == distance).toList(),
				all.stream().filter((some) -> some.getAggregateIndex() != distance).toList());
	}

	List<A> list() {
		return this.nearest.stream().map(MergedAnnotation::synthesize).toList();
	}

	/**
	 * Checks that none is there twice or has to be chosen from several.
	 * @param method the method that has them
	 * @throws InvalidHandlerException if it is not clear what is meant
	 */
	void requireClear(HandlerMethod method) {
		Set<A> seen = new HashSet<>();
		for (A annotation : list()) {
			if (!seen.add(annotation)) {
				throw method.invalid("it has %s twice".formatted(annotation), "Remove one of the annotations.");
			}
		}
		for (MergedAnnotation<A> other : this.inherited) {
			if (!isOverridden(other)) {
				throw method.invalid("it inherits different annotations from '%s' and '%s'"
					.formatted(name(this.nearest.get(0)), name(other)), "Annotate the method itself.");
			}
		}
	}

	private boolean isOverridden(MergedAnnotation<A> other) {
		return list().contains(other.synthesize())
				|| source(other).getDeclaringClass().isAssignableFrom(source(this.nearest.get(0)).getDeclaringClass());
	}

	private static String name(MergedAnnotation<?> annotation) {
		return ClassUtils.getQualifiedMethodName(source(annotation));
	}

	private static Method source(MergedAnnotation<?> annotation) {
		return (Method) Objects.requireNonNull(annotation.getSource());
	}

}
