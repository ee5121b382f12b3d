package dev.mainloop.handler;

import java.lang.annotation.Annotation;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.List;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.QueueName;
import dev.mainloop.file.AsyncFiles;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.TypeConverter;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ContextAnnotationAutowireCandidateResolver;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;

/**
 * Tells which queues can be injected where a {@link QueueName} is, which may be a
 * placeholder: those of the name, and that of any type and name. A handler has its own
 * loop injected where it asks for a {@link MainLoop} without a {@link Qualifier}, and
 * those of a group where that names the group, and likewise for {@link AsyncFiles}.
 */
final class CandidateResolver extends ContextAnnotationAutowireCandidateResolver {

	private final DefaultListableBeanFactory beanFactory;

	private @Nullable LoopBeans loops;

	private CandidateResolver(DefaultListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Has beans resolved so, unless the application has a resolver of its own.
	 * @param beanFactory the beans
	 * @param loops the loops, or {@code null} if they are not known yet
	 */
	static void install(DefaultListableBeanFactory beanFactory, @Nullable LoopBeans loops) {
		if (beanFactory.getAutowireCandidateResolver().getClass() == ContextAnnotationAutowireCandidateResolver.class) {
			beanFactory.setAutowireCandidateResolver(new CandidateResolver(beanFactory));
		}
		if (loops != null && beanFactory.getAutowireCandidateResolver() instanceof CandidateResolver resolver) {
			resolver.loops = loops;
		}
	}

	@Override
	protected boolean checkQualifier(BeanDefinitionHolder holder, Annotation annotation, TypeConverter typeConverter) {
		if (annotation instanceof QueueName queueName) {
			if (holder.getBeanName().equals(QueueBeans.ANY_QUEUE)) {
				return true;
			}
			AutowireCandidateQualifier qualifier = ((RootBeanDefinition) holder.getBeanDefinition())
				.getQualifier(QueueName.class.getName());
			if (qualifier != null) {
				String name = this.beanFactory.resolveEmbeddedValue(queueName.value());
				return name != null && name.trim().equals(qualifier.getAttribute(AutowireCandidateQualifier.VALUE_KEY));
			}
		}
		if (annotation instanceof Qualifier qualifier
				&& qualifier.value().equals(holder.getBeanDefinition().getAttribute(LoopBeans.GROUP))) {
			return true;
		}
		return super.checkQualifier(holder, annotation, typeConverter);
	}

	@Override
	public @Nullable Object getSuggestedValue(DependencyDescriptor descriptor) {
		Object value = super.getSuggestedValue(descriptor);
		Class<?> type = descriptor.getDependencyType();
		if (value != null || this.loops == null || (type != MainLoop.class && type != AsyncFiles.class)
				|| isQualified(descriptor)) {
			return value;
		}
		Placement place = ownPlace(descriptor, this.loops);
		return (place != null) ? this.beanFactory
			.getBean((type == MainLoop.class) ? LoopBeans.beanName(place) : LoopBeans.filesName(place), type) : null;
	}

	private static boolean isQualified(DependencyDescriptor descriptor) {
		return MergedAnnotations.from(descriptor.getAnnotations()).isPresent(Qualifier.class);
	}

	/**
	 * Returns the place of the handler that asks, {@code null} if that is the main loop.
	 */
	private @Nullable Placement ownPlace(DependencyDescriptor descriptor, LoopBeans known) {
		Class<?> type = typeInCreation(descriptor.getMember());
		List<Placement> places = known.whoAsks(this.beanFactory, type);
		if (places.size() < 2) {
			return places.isEmpty() ? null : places.get(0);
		}
		return places.stream()
			.filter((place) -> this.beanFactory.getBean(LoopBeans.beanName(place), MainLoop.class).isLoopThread())
			.findFirst()
			.orElseThrow(() -> new InvalidHandlerException(
					"%s asks for its main loop, and handlers of the type %s are on several: %s".formatted(descriptor,
							type.getName(), places.stream().map(Placement::loop).toList()),
					"Ask in the constructor, or in a method that its loop calls, and make none of them for another."));
	}

	/** Returns the class that has the member, or what a {@code @Bean} method makes. */
	private static Class<?> typeInCreation(Member member) {
		return (member instanceof Method method && AnnotatedElementUtils.hasAnnotation(method, Bean.class))
				? method.getReturnType() : member.getDeclaringClass();
	}

}
