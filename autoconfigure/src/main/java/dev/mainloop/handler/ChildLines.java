package dev.mainloop.handler;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import dev.mainloop.MainLoop;
import dev.mainloop.line.FrameHandler;
import dev.mainloop.line.FrameReader;
import dev.mainloop.line.Framing;
import dev.mainloop.process.ChildProcess;
import dev.mainloop.process.Command;
import org.jspecify.annotations.Nullable;

/**
 * Calls a handler method with the lines of the standard output of a child, which a
 * {@link SupervisedChild} starts.
 */
final class ChildLines implements FrameHandler<String> {

	private final HandlerMethod method;

	private final String command;

	private final Supplier<Framing<String>> framing;

	private final LineCall call;

	private @Nullable MainLoop loop;

	private @Nullable SupervisedChild child;

	/**
	 * Creates the lines of a method.
	 * @param method the method
	 * @param command the name of what is started
	 * @param framing makes the lines of each child
	 * @throws InvalidHandlerException if the method cannot be called with lines
	 */
	ChildLines(HandlerMethod method, String command, Supplier<Framing<String>> framing) {
		this.method = method;
		this.command = command;
		this.framing = framing;
		this.call = new LineCall(method, ChildProcess.class, () -> Objects.requireNonNull(this.child).process());
	}

	/** Sets the loop that it belongs to. */
	void on(MainLoop loop) {
		this.loop = loop;
	}

	String command() {
		return this.command;
	}

	/**
	 * Connects it with its child.
	 * @param children what runs the command
	 * @throws InvalidHandlerException if it would get no lines
	 */
	void connect(List<SupervisedChild> children) {
		if (children.size() != 1) {
			throw this.method.invalid("%d methods have its child '%s' run".formatted(children.size(), this.command),
					"Declare one @OnChildExit method that names '%s'.".formatted(this.command));
		}
		SupervisedChild only = children.get(0);
		if (!only.isOn(Objects.requireNonNull(this.loop))) {
			throw this.method.invalid("its child '%s' belongs to another loop".formatted(this.command),
					"Have it on the loop of the @OnChildExit method.");
		}
		if (!only.connect(this)) {
			throw this.method.invalid("its child '%s' runs already".formatted(this.command),
					"Declare it in a bean that is made at the start, or in that of the @OnChildExit method.");
		}
		this.child = only;
	}

	/**
	 * Describes that the lines of a child go to one method.
	 * @return the exception
	 */
	InvalidHandlerException hasOther() {
		return this.method.invalid("the lines of its child '%s' go to another method".formatted(this.command),
				"Have one @OnLine method for each child.");
	}

	/** Has the lines of the children of a command handled. */
	void takeFrom(Command command) {
		command.output(this.framing, this);
	}

	@Override
	public void frame(String line, FrameReader<String> reader) throws Exception {
		this.call.invoke(line, reader);
	}

}
