package dev.mainloop.handler;

import java.lang.annotation.Annotation;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.List;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.QueueName;
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
 * those of a group where that names the group.
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
		return (value == null && this.loops != null && descriptor.getDependencyType() == MainLoop.class
				&& !isQualified(descriptor)) ? ownLoop(descriptor, this.loops) : value;
	}

	private static boolean isQualified(DependencyDescriptor descriptor) {
		return MergedAnnotations.from(descriptor.getAnnotations()).isPresent(Qualifier.class);
	}

	/** Returns the loop of the handler that asks for it, null for the main loop. */
	private @Nullable Object ownLoop(DependencyDescriptor descriptor, LoopBeans known) {
		Class<?> type = typeInCreation(descriptor.getMember());
		List<MainLoop> loops = known.whoAsks(this.beanFactory, type)
			.stream()
			.map((place) -> this.beanFactory.getBean(LoopBeans.beanName(place), MainLoop.class))
			.toList();
		if (loops.size() < 2) {
			return loops.isEmpty() ? null : loops.get(0);
		}
		return loops.stream()
			.filter(MainLoop::isLoopThread)
			.findFirst()
			.orElseThrow(() -> new InvalidHandlerException(
					"%s asks for its main loop, and handlers of the type %s are on several: %s".formatted(descriptor,
							type.getName(), loops.stream().map(MainLoop::name).toList()),
					"Ask in the constructor, or in a method that its loop calls, and make none of them for another."));
	}

	/** Returns the class that has the member, or what a {@code @Bean} method makes. */
	private static Class<?> typeInCreation(Member member) {
		return (member instanceof Method method && AnnotatedElementUtils.hasAnnotation(method, Bean.class))
				? method.getReturnType() : member.getDeclaringClass();
	}

}
