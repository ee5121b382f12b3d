package dev.mainloop.handler;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import dev.mainloop.line.FrameReader;
import org.jspecify.annotations.Nullable;

/**
 * Calls a handler method with lines, with one object for all of them.
 */
final class LineCall {

	private final HandlerCall<LineCall> call;

	/** What is handled. */
	private String line = "";

	private @Nullable FrameReader<String> reader;

	/**
	 * Creates the calls of a method, which may take the line, the reader and where the
	 * lines come from.
	 * @param method the method
	 * @param type the type of where they come from
	 * @param source returns where a line comes from, of that type
	 * @throws InvalidHandlerException if the method cannot be called with lines
	 */
	LineCall(HandlerMethod method, Class<?> type, Supplier<?> source) {
		this.call = method.call(List.of(ArgumentResolver.ofType(String.class, (lines) -> lines.line),
				ArgumentResolver.ofType(type, (lines) -> source.get()),
				ArgumentResolver.ofType(FrameReader.class, (lines) -> Objects.requireNonNull(lines.reader))));
	}

	/**
	 * Calls the method, on the loop's thread.
	 * @param line the line
	 * @param reader its reader
	 * @throws Exception if the method throws it
	 */
	void invoke(String line, FrameReader<String> reader) throws Exception {
		this.line = line;
		this.reader = reader;
		this.call.invoke(this);
	}

}
