package dev.mainloop.handler;

import java.util.List;

import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnEventFd;
import dev.mainloop.fd.EventFd;
import dev.mainloop.multiplexer.Readiness;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Binds {@link OnEventFd} methods to eventfds.
 */
final class EventFdBinder implements EventBinder<OnEventFd> {

	private final ConfigurableListableBeanFactory beanFactory;

	EventFdBinder(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public Class<OnEventFd> annotationType() {
		return OnEventFd.class;
	}

	@Override
	public Instances instances(OnEventFd annotation) {
		return annotation.instances();
	}

	@Override
	public EventBinding bind(HandlerMethod method, OnEventFd annotation) {
		DescriptorBean<EventFd> eventFd = DescriptorBean.find(this.beanFactory, method, annotation.value(),
				EventFd.class);
		HandlerCall<Long> call = method.call(List.of(ArgumentResolver.ofType(Long.class, (count) -> count),
				ArgumentResolver.ofType(EventFd.class, (count) -> eventFd.get())));
		return (loop, opened) -> opened.accept(eventFd.watch(loop, Readiness.READABLE, (fd, readiness) -> {
			long count = eventFd.get().take();
			if (count != 0) {
				call.invoke(count);
			}
		}));
	}

}
