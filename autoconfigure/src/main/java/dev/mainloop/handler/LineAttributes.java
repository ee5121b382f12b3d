package dev.mainloop.handler;

import java.nio.charset.Charset;
import java.util.function.Supplier;

import dev.mainloop.line.Framing;
import dev.mainloop.line.TooLong;

import org.springframework.util.unit.DataSize;

/**
 * The attributes by which an annotation says how lines are made of bytes.
 *
 * @param values resolves their texts
 * @param method the method that has the annotation
 */
record LineAttributes(AttributeValues values, HandlerMethod method) {

	/**
	 * Reads how lines are made.
	 * @param maxBytes the text of the attribute
	 * @param charset the text of the attribute
	 * @param tooLong what to do with a line that has more bytes
	 * @return what makes a framing for each stream
	 * @throws InvalidHandlerException if no lines can be made so
	 */
	Supplier<Framing<String>> framing(String maxBytes, String charset, TooLong tooLong) {
		int most = maxBytes(this.values.resolve(this.method, "maxBytes", maxBytes));
		Charset known = charset(this.values.resolve(this.method, "charset", charset));
		return () -> Framing.lines(most, known, tooLong);
	}

	private int maxBytes(String value) {
		try {
			int maxBytes = Math.toIntExact(DataSize.parse(value).toBytes());
			Framing.lines(maxBytes);
			return maxBytes;
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw this.method.invalid("its 'maxBytes' is '%s', which no line can have at most".formatted(value),
					"Set 'maxBytes' to a number of bytes or a size such as 256 or 4KB, of 1GB at most.", ex);
		}
	}

	private Charset charset(String value) {
		try {
			Charset charset = Charset.forName(value);
			Framing.lines(1, charset, TooLong.FAIL);
			return charset;
		}
		catch (IllegalArgumentException ex) {
			throw this.method.invalid("its 'charset' is '%s', of which no lines can be read".formatted(value),
					"Name one of Charset.availableCharsets() in which the byte 10 ends a line, so not UTF-16.", ex);
		}
	}

}
