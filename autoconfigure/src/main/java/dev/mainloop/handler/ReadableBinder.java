package dev.mainloop.handler;

import java.util.List;

import dev.mainloop.annotation.OnReadable;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.multiplexer.Readiness;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodParameter;

/**
 * Binds {@link OnReadable} methods to file descriptors.
 */
final class ReadableBinder implements EventBinder<OnReadable> {

	private final ConfigurableListableBeanFactory beanFactory;

	ReadableBinder(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public Class<OnReadable> annotationType() {
		return OnReadable.class;
	}

	@Override
	public EventBinding bind(HandlerMethod method, OnReadable annotation) {
		String name = this.beanFactory.resolveEmbeddedValue(annotation.value());
		if (name == null || !this.beanFactory.containsBean(name)
				|| !this.beanFactory.isTypeMatch(name, FileDescriptor.class)) {
			throw method.invalid("there is no file descriptor bean named '%s'".formatted(name),
					"Declare a bean '%s' of type %s, or name one of these: %s.".formatted(name,
							FileDescriptor.class.getName(),
							List.of(this.beanFactory.getBeanNamesForType(FileDescriptor.class))));
		}
		BeanReference descriptor = new BeanReference(this.beanFactory, name);
		HandlerCall<Readiness> call = method
			.call(List.of(new DescriptorArgument(this.beanFactory.getType(name), descriptor),
					ArgumentResolver.ofType(Readiness.class, (readiness) -> readiness)));
		return (loop, opened) -> {
			try {
				opened.accept(loop.watch(method.name(), (FileDescriptor) descriptor.get(), Readiness.READABLE,
						(fd, readiness) -> call.invoke(readiness)));
			}
			catch (IllegalArgumentException | ErrnoException | UnsupportedOperationException ex) {
				throw method.invalid("its file descriptor '%s' cannot be watched (%s)".formatted(name, ex.getMessage()),
						"Give it a FIFO, a socket, a terminal or another file that one has to wait for.", ex);
			}
		};
	}

	private record DescriptorArgument(@Nullable Class<?> type,
			BeanReference descriptor) implements ArgumentResolver<Readiness> {

		@Override
		public boolean supports(MethodParameter parameter) {
			return this.type != null && FileDescriptor.class.isAssignableFrom(parameter.getParameterType())
					&& parameter.getParameterType().isAssignableFrom(this.type);
		}

		@Override
		public Object resolve(Readiness event) {
			return this.descriptor.get();
		}

		@Override
		public String toString() {
			return (this.type != null) ? this.type.getSimpleName() : "FileDescriptor";
		}

	}

}
