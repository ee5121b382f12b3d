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
 * Has a method of an {@link EventHandler} called with each connection that a listening
 * socket accepts, see {@link dev.mainloop.socket.Acceptor}.
 * <p>
 * A method that returns a {@link dev.mainloop.line.FrameHandler} of {@link String} begins
 * a conversation: that is called with each line of the connection, and may answer by the
 * {@link dev.mainloop.socket.Session} that the method takes. What it returns belongs to
 * this connection, and so has no need to know it from others. If it is {@code null}, the
 * connection is closed. The session is closed when the other side has ended what it
 * writes and was answered.
 * <p>
 * Any other method may take the {@link dev.mainloop.socket.StreamSocket}, which is its to
 * close. If the method throws, the connection is closed. All connections that are open
 * are closed with the listening socket.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
@Repeatable(OnAccept.List.class)
public @interface OnAccept {

	/**
	 * Names the listening socket.
	 * @return the name of a bean of type {@link dev.mainloop.fd.FileDescriptor}, such as
	 * a {@link dev.mainloop.socket.ListeningSocket} or one that the service manager has
	 * passed, or a placeholder for it; the application context closes the bean
	 */
	String value();

	/**
	 * Sets how many connections may be open at a time. Others wait in the kernel.
	 * @return the number, 1 or more, or a placeholder for it
	 */
	String maxConnections() default "1024";

	/**
	 * Sets how much of what a session sends can wait until the other side reads it.
	 * @return the number of bytes, or a size such as {@code 64KB}, or a placeholder for
	 * it
	 */
	String maxUnsent() default "64KB";

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
	 * Sets the charset of the lines that come. Those that are sent are in UTF-8.
	 * @return the name of a charset in which the byte 10 is the end of a line, or a
	 * placeholder for it
	 */
	String charset() default "UTF-8";

	/**
	 * Sets which instances of a bean that has several get connections. If each of them
	 * does, the kernel decides which accepts one.
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
		OnAccept[] value();

	}

}
