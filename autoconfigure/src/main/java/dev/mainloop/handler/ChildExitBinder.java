package dev.mainloop.handler;

import java.time.Duration;
import java.util.List;

import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnChildExit;
import dev.mainloop.fd.ExitStatus;
import dev.mainloop.handler.SupervisedChild.Exit;
import dev.mainloop.process.ChildProcess;
import dev.mainloop.process.Command;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Binds {@link OnChildExit} methods to children.
 */
final class ChildExitBinder implements EventBinder<OnChildExit> {

	private final ConfigurableListableBeanFactory beanFactory;

	private final AttributeValues values;

	private final ObjectProvider<Children> children;

	ChildExitBinder(ConfigurableListableBeanFactory beanFactory, AttributeValues values,
			ObjectProvider<Children> children) {
		this.beanFactory = beanFactory;
		this.values = values;
		this.children = children;
	}

	@Override
	public Class<OnChildExit> annotationType() {
		return OnChildExit.class;
	}

	@Override
	public Instances instances(OnChildExit annotation) {
		return annotation.instances();
	}

	@Override
	public EventBinding bind(HandlerMethod method, OnChildExit annotation) {
		HandlerCall<Exit> call = method.call(List.of(ArgumentResolver.ofType(ExitStatus.class, Exit::status),
				ArgumentResolver.ofType(ChildProcess.class, Exit::child)));
		Duration grace = duration(method, "grace", annotation.grace());
		if (grace == null) {
			throw method.invalid("its 'grace' is empty", "Set 'grace' to a duration such as 10s.");
		}
		SupervisedChild child = new SupervisedChild(method, command(method, annotation), grace,
				duration(method, "restartAfter", annotation.restartAfter()), call);
		return (loop, opened) -> this.children.getObject().add(child, loop);
	}

	private BeanReference command(HandlerMethod method, OnChildExit annotation) {
		String name = this.values.resolve(method, "value", annotation.value());
		BeanReference.requireType(this.beanFactory, method, name, Command.class);
		return new BeanReference(this.beanFactory, name);
	}

	private @Nullable Duration duration(HandlerMethod method, String attribute, String text) {
		String value = this.values.resolve(method, attribute, text);
		return value.isEmpty() ? null : AttributeValues.nonNegativeDuration(method, attribute, value);
	}

}
