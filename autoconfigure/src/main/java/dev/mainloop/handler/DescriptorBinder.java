package dev.mainloop.handler;

import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import dev.mainloop.DescriptorSource;
import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnExceptional;
import dev.mainloop.annotation.OnReadable;
import dev.mainloop.annotation.OnWritable;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.multiplexer.Readiness;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Binds {@link OnReadable}, {@link OnWritable} and {@link OnExceptional} methods to file
 * descriptors.
 *
 * @param <A> the type of the annotation
 */
final class DescriptorBinder<A extends Annotation> implements EventBinder<A> {

	private final ConfigurableListableBeanFactory beanFactory;

	private final Class<A> annotationType;

	private final Function<A, String> name;

	private final Function<A, Instances> instances;

	private final int interest;

	private DescriptorBinder(ConfigurableListableBeanFactory beanFactory, Class<A> annotationType,
			Function<A, String> name, Function<A, Instances> instances, int interest) {
		this.beanFactory = beanFactory;
		this.annotationType = annotationType;
		this.name = name;
		this.instances = instances;
		this.interest = interest;
	}

	static DescriptorBinder<OnReadable> readable(ConfigurableListableBeanFactory beanFactory) {
		return new DescriptorBinder<>(beanFactory, OnReadable.class, OnReadable::value, OnReadable::instances,
				Readiness.READABLE | Readiness.PEER_CLOSED);
	}

	static DescriptorBinder<OnWritable> writable(ConfigurableListableBeanFactory beanFactory) {
		return new DescriptorBinder<>(beanFactory, OnWritable.class, OnWritable::value, OnWritable::instances,
				Readiness.WRITABLE);
	}

	static DescriptorBinder<OnExceptional> exceptional(ConfigurableListableBeanFactory beanFactory) {
		return new DescriptorBinder<>(beanFactory, OnExceptional.class, OnExceptional::value, OnExceptional::instances,
				Readiness.PRIORITY);
	}

	@Override
	public Class<A> annotationType() {
		return this.annotationType;
	}

	@Override
	public Instances instances(A annotation) {
		return this.instances.apply(annotation);
	}

	@Override
	public EventBinding bind(HandlerMethod method, A annotation) {
		method.requireOneAtATime("the file descriptor is ready for each until one has read or written it");
		DescriptorBean<FileDescriptor> descriptor = DescriptorBean.find(this.beanFactory, method,
				this.name.apply(annotation), FileDescriptor.class);
		Event event = new Event();
		HandlerCall<Event> call = method
			.call(List.of(ArgumentResolver.ofType(descriptor.type(), (any) -> descriptor.get()),
					ArgumentResolver.ofType(Readiness.class, (some) -> some.readiness),
					ArgumentResolver.ofType(DescriptorSource.class, Event::source)));
		return (loop, opened) -> {
			event.source = descriptor.watch(loop, this.interest, (fd, readiness) -> {
				event.readiness = readiness;
				call.invoke(event);
			});
			opened.accept(event.source);
		};
	}

	/** What happened to the file descriptor, in one object for all events. */
	private static final class Event {

		private Readiness readiness = Readiness.of(0);

		private @Nullable DescriptorSource source;

		DescriptorSource source() {
			return Objects.requireNonNull(this.source);
		}

	}

}
