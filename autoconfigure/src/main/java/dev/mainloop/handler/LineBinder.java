package dev.mainloop.handler;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import dev.mainloop.annotation.Instances;
import dev.mainloop.annotation.OnLine;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.line.FrameReader;
import dev.mainloop.line.Framing;
import dev.mainloop.line.TooLong;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.unit.DataSize;

/**
 * Binds {@link OnLine} methods to file descriptors.
 */
final class LineBinder implements EventBinder<OnLine> {

	private final ConfigurableListableBeanFactory beanFactory;

	private final AttributeValues values;

	LineBinder(ConfigurableListableBeanFactory beanFactory, AttributeValues values) {
		this.beanFactory = beanFactory;
		this.values = values;
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
		DescriptorBean<FileDescriptor> descriptor = DescriptorBean.find(this.beanFactory, method, annotation.value(),
				FileDescriptor.class);
		Lines lines = new Lines();
		HandlerCall<Lines> call = method.call(List.of(ArgumentResolver.ofType(String.class, (some) -> some.line),
				ArgumentResolver.ofType(descriptor.type(), (some) -> descriptor.get()),
				ArgumentResolver.ofType(FrameReader.class, Lines::reader)));
		Supplier<Framing<String>> framing = framing(method, annotation);
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

	private Supplier<Framing<String>> framing(HandlerMethod method, OnLine annotation) {
		int maxBytes = maxBytes(method, this.values.resolve(method, "maxBytes", annotation.maxBytes()));
		Charset charset = charset(method, this.values.resolve(method, "charset", annotation.charset()));
		return () -> Framing.lines(maxBytes, charset, annotation.tooLong());
	}

	private static int maxBytes(HandlerMethod method, String value) {
		try {
			int maxBytes = Math.toIntExact(DataSize.parse(value).toBytes());
			Framing.lines(maxBytes);
			return maxBytes;
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw method.invalid("its 'maxBytes' is '%s', which no line can have at most".formatted(value),
					"Set 'maxBytes' to a number of bytes or a size such as 256 or 4KB, of 1GB at most.", ex);
		}
	}

	private static Charset charset(HandlerMethod method, String value) {
		try {
			Charset charset = Charset.forName(value);
			Framing.lines(1, charset, TooLong.FAIL);
			return charset;
		}
		catch (IllegalArgumentException ex) {
			throw method.invalid("its 'charset' is '%s', of which no lines can be read".formatted(value),
					"Name one of Charset.availableCharsets() in which the byte 10 ends a line, so not UTF-16.", ex);
		}
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
