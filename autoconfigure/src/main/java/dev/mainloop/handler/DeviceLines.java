package dev.mainloop.handler;

import java.util.Objects;
import java.util.function.Supplier;

import dev.mainloop.MainLoop;
import dev.mainloop.MainLoopState;
import dev.mainloop.fd.FileDescriptor;
import dev.mainloop.libc.ErrnoException;
import dev.mainloop.line.FrameHandler;
import dev.mainloop.line.FrameReader;
import dev.mainloop.line.Framing;
import dev.mainloop.watch.Device;
import dev.mainloop.watch.DeviceHandler;
import org.jspecify.annotations.Nullable;

/**
 * Calls a handler method with the lines of a device, whenever that is there.
 */
final class DeviceLines implements DeviceHandler, FrameHandler<String> {

	private final HandlerMethod method;

	private final BeanReference device;

	private final Supplier<Framing<String>> framing;

	private final LineCall call;

	private @Nullable MainLoop loop;

	/** Of the file descriptor that was opened last. */
	private @Nullable FrameReader<String> reader;

	private @Nullable FileDescriptor descriptor;

	/**
	 * Creates the lines of a method.
	 * @param method the method
	 * @param device the device
	 * @param framing makes the lines each time that the device was opened
	 * @throws InvalidHandlerException if the method cannot be called with lines
	 */
	DeviceLines(HandlerMethod method, BeanReference device, Supplier<Framing<String>> framing) {
		this.method = method;
		this.device = device;
		this.framing = framing;
		this.call = new LineCall(method, FileDescriptor.class, () -> Objects.requireNonNull(this.descriptor));
	}

	/**
	 * Begins, or goes on after the loop had stopped.
	 * @param loop the loop
	 * @throws InvalidHandlerException if the device cannot be waited for
	 */
	void open(MainLoop loop) {
		boolean first = this.loop == null;
		this.loop = loop;
		if (first) {
			keepOpen((Device) this.device.get(), loop);
		}
		else if (this.reader != null && this.reader.isOpen()) {
			this.reader.reopen();
		}
	}

	private void keepOpen(Device device, MainLoop loop) {
		try {
			device.keepOpen(loop, "device of " + this.method.name(), this);
		}
		catch (IllegalStateException ex) {
			throw this.method.invalid(String.valueOf(ex.getMessage()), "Have one @OnLine method for each device.", ex);
		}
		catch (ErrnoException ex) {
			throw this.method.invalid("its device %s cannot be waited for (%s)".formatted(device, ex.getMessage()),
					ErrnoAdvice.of(ex), ex);
		}
	}

	@Override
	public void opened(FileDescriptor fd) {
		this.descriptor = fd;
		this.reader = FrameReader.open(Objects.requireNonNull(this.loop), this.method.name(), fd, this.framing.get(),
				this);
	}

	/** A loop that is to stop handles what was read, and reads no more. */
	@Override
	public void frame(String line, FrameReader<String> reader) throws Exception {
		try {
			this.call.invoke(line, reader);
		}
		finally {
			if (Objects.requireNonNull(this.loop).state() == MainLoopState.STOPPING) {
				reader.bytes().close();
			}
		}
	}

	@Override
	public void ended(@Nullable String rest, @Nullable RuntimeException error, FrameReader<String> reader)
			throws Exception {
		try {
			FrameHandler.super.ended(rest, error, reader);
		}
		finally {
			Objects.requireNonNull(this.descriptor).close();
		}
	}

}
