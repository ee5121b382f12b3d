package dev.mainloop.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.mainloop.line.TooLong;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Has a method of an {@link EventHandler} called with each line that comes from a stream:
 * a FIFO, a pipe, a serial line, a terminal, a stream socket, the standard output of a
 * child. A line ends in {@code \n} or {@code \r\n}, and is given without. Each is an
 * event, and what the method throws for one does not keep the next from it. Where the
 * method is slower than the sender, or its event source is paused, nothing more is read,
 * and the sender has to wait, see {@link dev.mainloop.line.FrameReader}. At the end of
 * the file, what came after the last end of a line is a line.
 * <p>
 * The method may take the line as a {@link String}, the
 * {@link dev.mainloop.fd.FileDescriptor}, or of a child the
 * {@link dev.mainloop.process.ChildProcess}, and the
 * {@link dev.mainloop.line.FrameReader}, to pause or close it. A file descriptor should
 * have one such method, as another would take lines from it.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
@Repeatable(OnLine.List.class)
public @interface OnLine {

	/**
	 * Names what the lines come from.
	 * @return the name of a bean of type {@link dev.mainloop.fd.FileDescriptor}, of type
	 * {@link dev.mainloop.watch.Device}, which is opened again when it comes back, or of
	 * type {@link dev.mainloop.process.Command}, which an {@link OnChildExit} method has
	 * run and whose standard output is then this method's; or a placeholder for it. The
	 * application context closes a file descriptor or device
	 */
	String value();

	/**
	 * Sets how many bytes a line may have, its end not counted.
	 * @return the number of bytes, or a size such as {@code 4KB}, or a placeholder for it
	 */
	String maxBytes() default "8KB";

	/**
	 * Sets what to do with a line that has more.
	 * @return to cut it, to skip it, or to fail
	 */
	TooLong tooLong() default TooLong.FAIL;

	/**
	 * Sets the charset. Bytes that it does not know become {@code U+FFFD}.
	 * @return the name of a charset in which the byte 10 is the end of a line, or a
	 * placeholder for it
	 */
	String charset() default "UTF-8";

	/**
	 * Sets which instances of a bean that has several get the event.
	 * @return each of them or one
	 */
	Instances instances() default Instances.ONE;

	/**
	 * Holds several on one method.
	 */
	@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
	@Retention(RetentionPolicy.RUNTIME)
	@Documented
	@Reflective
	@interface List {

		/**
		 * Returns the annotations.
		 * @return each of them
		 */
		OnLine[] value();

	}

}
