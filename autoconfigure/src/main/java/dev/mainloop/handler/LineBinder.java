package dev.mainloop.handler;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnLine;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.line.FrameReader;
import dev.mainloop.line.Framing;
import dev.mainloop.process.Command;
import dev.mainloop.watch.Device;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Binds {@link OnLine} methods to file descriptors, devices and children.
 */
final class LineBinder implements EventBinder<OnLine> {

	private final ConfigurableListableBeanFactory beanFactory;

	private final AttributeValues values;

	private final ObjectProvider<Children> children;

	LineBinder(ConfigurableListableBeanFactory beanFactory, AttributeValues values, ObjectProvider<Children> children) {
		this.beanFactory = beanFactory;
		this.values = values;
		this.children = children;
	}

	@Override
	public Class<OnLine> annotationType() {
		return OnLine.class;
	}

	@Override
	public Instances instances(OnLine annotation) {
		return annotation.instances();
	}

	@Override
	public EventBinding bind(HandlerMethod method, OnLine annotation) {
		Supplier<Framing<String>> framing = new LineAttributes(this.values, method).framing(annotation.maxBytes(),
				annotation.charset(), annotation.tooLong());
		String name = this.values.resolve(method, "value", annotation.value());
		if (isBean(name, Device.class)) {
			DeviceLines lines = new DeviceLines(method, new BeanReference(this.beanFactory, name), framing);
			return (loop, opened) -> lines.open(loop);
		}
		if (isBean(name, Command.class)) {
			ChildLines lines = new ChildLines(method, name, framing);
			return (loop, opened) -> {
				lines.on(loop);
				this.children.getObject().add(lines);
			};
		}
		return bind(method, DescriptorBean.named(this.beanFactory, method, name, FileDescriptor.class), framing);
	}

	private boolean isBean(String name, Class<?> type) {
		return this.beanFactory.containsBean(name) && this.beanFactory.isTypeMatch(name, type);
	}

	private static EventBinding bind(HandlerMethod method, DescriptorBean<FileDescriptor> descriptor,
			Supplier<Framing<String>> framing) {
		Lines lines = new Lines();
		HandlerCall<Lines> call = method.call(List.of(ArgumentResolver.ofType(String.class, (some) -> some.line),
				ArgumentResolver.ofType(descriptor.type(), (some) -> descriptor.get()),
				ArgumentResolver.ofType(FrameReader.class, Lines::reader)));
		return (loop, opened) -> {
			FrameReader<String> reader = lines.reader;
			if (reader != null && reader.isOpen()) {
				descriptor.reopen(reader);
			}
			else {
				reader = descriptor.read(loop, framing.get(), (line, any) -> {
					lines.line = line;
					lines.reader = any;
					call.invoke(lines);
				});
				lines.reader = reader;
			}
			// Frames that were read are handled before the loop has stopped.
			opened.accept(reader.bytes());
		};
	}

	/**
	 * The line that is handled, in one object for all events, and where it comes from.
	 */
	private static final class Lines {

		private String line = "";

		private @Nullable FrameReader<String> reader;

		FrameReader<String> reader() {
			return Objects.requireNonNull(this.reader);
		}

	}

}
