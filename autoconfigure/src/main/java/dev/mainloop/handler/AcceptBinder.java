package dev.mainloop.handler;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

import dev.mainloop.MainLoop;
import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnAccept;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.line.FrameHandler;
import dev.mainloop.line.Framing;
import dev.mainloop.socket.AcceptHandler;
import dev.mainloop.socket.Session;
import dev.mainloop.socket.StreamSocket;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.util.unit.DataSize;

/**
 * Binds {@link OnAccept} methods to listening sockets.
 */
final class AcceptBinder implements EventBinder<OnAccept> {

	private static final ArgumentResolver<StreamSocket> SOCKET = ArgumentResolver.ofType(StreamSocket.class,
			(socket) -> socket);

	private static final List<ArgumentResolver<Session>> CONVERSATION = List.of(
			ArgumentResolver.ofType(Session.class, (session) -> session),
			ArgumentResolver.ofType(StreamSocket.class, Session::socket));

	private final ConfigurableListableBeanFactory beanFactory;

	private final AttributeValues values;

	AcceptBinder(ConfigurableListableBeanFactory beanFactory, AttributeValues values) {
		this.beanFactory = beanFactory;
		this.values = values;
	}

	@Override
	public Class<OnAccept> annotationType() {
		return OnAccept.class;
	}

	@Override
	public Instances instances(OnAccept annotation) {
		return annotation.instances();
	}

	@Override
	public EventBinding bind(HandlerMethod method, OnAccept annotation) {
		method.requireLoopThread("it decides on the loop's thread what becomes of a connection");
		DescriptorBean<FileDescriptor> descriptor = DescriptorBean.find(this.beanFactory, method, annotation.value(),
				FileDescriptor.class);
		int maxConnections = maxConnections(method, annotation.maxConnections());
		if (isConversation(method)) {
			Conversations conversations = new Conversations(method, maxUnsent(method, annotation.maxUnsent()),
					new LineAttributes(this.values, method).framing(annotation.maxBytes(), annotation.charset(),
							annotation.tooLong()));
			HandlerCall<Session> call = method.call(CONVERSATION, conversations);
			return (loop, opened) -> opened
				.accept(descriptor.accept(loop, maxConnections, conversations.handler(loop, call)).source());
		}
		if (Arrays.asList(method.method().getParameterTypes()).contains(Session.class)) {
			throw method.invalid("it takes a Session, and returns nothing that could read its lines",
					"Return a FrameHandler<String>, which is called with each line, or take the StreamSocket.");
		}
		HandlerCall<StreamSocket> call = method.call(List.of(SOCKET));
		return (loop, opened) -> opened.accept(descriptor.accept(loop, maxConnections, call::invoke).source());
	}

	private static boolean isConversation(HandlerMethod method) {
		ResolvableType type = ResolvableType.forMethodReturnType(method.method(), method.beanType())
			.as(FrameHandler.class);
		if (type == ResolvableType.NONE) {
			return false;
		}
		if (type.getGeneric().resolve(String.class) != String.class) {
			throw method.invalid(
					"it returns a FrameHandler of %s, and the frames are lines".formatted(type.getGeneric()),
					"Return a FrameHandler<String>, or take the StreamSocket and open a FrameReader.");
		}
		return true;
	}

	private int maxConnections(HandlerMethod method, String text) {
		String value = this.values.resolve(method, "maxConnections", text);
		try {
			int number = Integer.parseInt(value);
			if (number > 0) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// It is refused as zero is.
		}
		throw method.invalid("its 'maxConnections' is '%s'".formatted(value), "Set 'maxConnections' to 1 or more.");
	}

	private int maxUnsent(HandlerMethod method, String text) {
		String value = this.values.resolve(method, "maxUnsent", text);
		try {
			int size = Math.toIntExact(DataSize.parse(value).toBytes());
			if (size > 0) {
				return size;
			}
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			// It is refused as zero is.
		}
		throw method.invalid("its 'maxUnsent' is '%s'".formatted(value),
				"Set 'maxUnsent' to a number of bytes or a size such as 4096 or 64KB, of less than 2GB.");
	}

	/**
	 * Begins the conversations of a method, by what it returns.
	 *
	 * @param method the method
	 * @param maxUnsent how many bytes can wait to be sent
	 * @param framing makes the lines of one
	 */
	private record Conversations(HandlerMethod method, int maxUnsent,
			Supplier<Framing<String>> framing) implements Results, Result {

		AcceptHandler handler(MainLoop loop, HandlerCall<Session> call) {
			return (socket) -> call
				.invoke(Session.open(loop, "session of " + this.method.name(), socket, this.maxUnsent));
		}

		@Override
		public Result next() {
			return this;
		}

		@Override
		@SuppressWarnings("unchecked")
		public void returned(Object event, @Nullable Object value) {
			Session session = (Session) event;
			if (value != null) {
				session.read(this.framing.get(), (FrameHandler<String>) value);
			}
			else {
				session.finish();
			}
		}

		@Override
		public void failed(Object event, Throwable error) {
			// The acceptor closes the socket.
		}

	}

}
