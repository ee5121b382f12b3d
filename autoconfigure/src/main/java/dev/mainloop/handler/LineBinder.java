package dev.mainloop.handler;

import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.mainloop.EventSource;
import dev.mainloop.MainLoop;
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
			return (loop, opened) -> this.children.getObject().add(lines, loop);
		}
		DescriptorBean<FileDescriptor> descriptor = DescriptorBean.named(this.beanFactory, method, name,
				FileDescriptor.class);
		return new DescriptorLines(descriptor, framing, new LineCall(method, descriptor.type(), descriptor::get));
	}

	private boolean isBean(String name, Class<?> type) {
		return this.beanFactory.containsBean(name) && this.beanFactory.isTypeMatch(name, type);
	}

	/** The lines of a file descriptor. */
	private static final class DescriptorLines implements EventBinding {

		private final DescriptorBean<FileDescriptor> descriptor;

		private final Supplier<Framing<String>> framing;

		private final LineCall call;

		private @Nullable FrameReader<String> reader;

		DescriptorLines(DescriptorBean<FileDescriptor> descriptor, Supplier<Framing<String>> framing, LineCall call) {
			this.descriptor = descriptor;
			this.framing = framing;
			this.call = call;
		}

		@Override
		public void open(MainLoop loop, Consumer<EventSource> opened) {
			FrameReader<String> known = this.reader;
			if (known != null && known.isOpen()) {
				this.descriptor.reopen(known);
			}
			else {
				known = this.descriptor.read(loop, this.framing.get(), this.call::invoke);
				this.reader = known;
			}
			// Frames that were read are handled before the loop has stopped.
			opened.accept(known.bytes());
		}

	}

}
