package dev.mainloop.handler;

import java.lang.annotation.Annotation;

import dev.mainloop.annotation.QueueName;

import org.springframework.beans.TypeConverter;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ContextAnnotationAutowireCandidateResolver;

/**
 * Tells which queues can be injected where a {@link QueueName} is, which may be a
 * placeholder: those of the name, and that of any type and name.
 */
final class QueueNameResolver extends ContextAnnotationAutowireCandidateResolver {

	private final ConfigurableBeanFactory beanFactory;

	QueueNameResolver(ConfigurableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
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
		return super.checkQualifier(holder, annotation, typeConverter);
	}

}
