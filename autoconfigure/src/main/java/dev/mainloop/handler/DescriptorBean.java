package dev.mainloop.handler;

import java.util.function.Supplier;

import dev.mainloop.DescriptorSource;
import dev.mainloop.MainLoop;
import dev.mainloop.ReadinessHandler;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.Errno;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.line.FrameHandler;
import dev.mainloop.line.FrameReader;
import dev.mainloop.line.Framing;
import dev.mainloop.socket.AcceptHandler;
import dev.mainloop.socket.Acceptor;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The file descriptor bean that a handler method names.
 *
 * @param <T> the type that it has to have
 */
final class DescriptorBean<T extends FileDescriptor> {

	private final HandlerMethod method;

	private final String name;

	private final Class<? extends T> type;

	private final BeanReference bean;

	private DescriptorBean(HandlerMethod method, String name, Class<? extends T> type, BeanReference bean) {
		this.method = method;
		this.name = name;
		this.type = type;
		this.bean = bean;
	}

	/**
	 * Finds a bean, without making it.
	 * @param <T> the type that it has to have
	 * @param beanFactory the beans
	 * @param method the method that names it
	 * @param value its name, or a placeholder for it
	 * @param required the type that it has to have
	 * @return the bean
	 * @throws InvalidHandlerException if there is none
	 */
	static <T extends FileDescriptor> DescriptorBean<T> find(ConfigurableListableBeanFactory beanFactory,
			HandlerMethod method, String value, Class<T> required) {
		return named(beanFactory, method, new AttributeValues(beanFactory).resolve(method, "value", value), required);
	}

	/** As {@link #find} does, for a name that is resolved already. */
	static <T extends FileDescriptor> DescriptorBean<T> named(ConfigurableListableBeanFactory beanFactory,
			HandlerMethod method, String name, Class<T> required) {
		return new DescriptorBean<>(method, name, BeanReference.requireType(beanFactory, method, name, required),
				new BeanReference(beanFactory, name));
	}

	Class<? extends T> type() {
		return this.type;
	}

	T get() {
		return this.type.cast(this.bean.get());
	}

	/**
	 * Watches the file descriptor.
	 * @param loop the loop
	 * @param interest bits of {@link dev.mainloop.multiplexer.Readiness}
	 * @param handler the handler
	 * @return the event source
	 * @throws InvalidHandlerException if the file descriptor cannot be watched
	 */
	DescriptorSource watch(MainLoop loop, int interest, ReadinessHandler handler) {
		return opened(() -> loop.watch(this.method.name(), get(), interest, handler));
	}

	/**
	 * Reads lines from the file descriptor.
	 * @param loop the loop
	 * @param framing makes the lines
	 * @param handler is given them
	 * @return the reader
	 * @throws InvalidHandlerException if the file descriptor cannot be watched
	 */
	FrameReader<String> read(MainLoop loop, Framing<String> framing, FrameHandler<String> handler) {
		return opened(() -> FrameReader.open(loop, this.method.name(), get(), framing, handler));
	}

	/**
	 * Goes on reading lines.
	 * @param reader the reader, of which only the event source of bytes is closed
	 * @throws InvalidHandlerException if the file descriptor cannot be watched
	 */
	void reopen(FrameReader<String> reader) {
		opened(() -> {
			reader.reopen();
			return reader;
		});
	}

	/**
	 * Accepts connections by the file descriptor, which closes those that are open when
	 * it is closed.
	 * @param loop the loop
	 * @param maxConnections how many may be open at a time
	 * @param handler is given them
	 * @return the acceptor
	 * @throws InvalidHandlerException if the file descriptor does not listen
	 */
	Acceptor accept(MainLoop loop, int maxConnections, AcceptHandler handler) {
		return opened(() -> {
			FileDescriptor listening = get();
			Acceptor acceptor = Acceptor.open(loop, this.method.name(), listening, maxConnections, handler);
			listening.onClose(acceptor::closeConnections);
			return acceptor;
		});
	}

	private <S> S opened(Supplier<S> opening) {
		try {
			return opening.get();
		}
		catch (IllegalArgumentException | UnsupportedOperationException ex) {
			throw notWatched(ex,
					(ex.getCause() instanceof ErrnoException cause && cause.is(Errno.EEXIST)) ? ErrnoAdvice.of(cause)
							: "Give it a FIFO, a socket, a terminal or another file that one has to wait for.");
		}
		catch (ErrnoException ex) {
			throw notWatched(ex, ErrnoAdvice.of(ex));
		}
	}

	private InvalidHandlerException notWatched(RuntimeException cause, String action) {
		return this.method.invalid(
				"its file descriptor '%s' cannot be watched (%s)".formatted(this.name, cause.getMessage()), action,
				cause);
	}

}
