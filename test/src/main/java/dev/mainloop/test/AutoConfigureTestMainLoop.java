package dev.mainloop.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Lets a test drive the main loop of its application by a {@link TestMainLoop} bean, in
 * memory and on any operating system. The loop has no thread of its own, its clocks stand
 * still until the test moves them, and its signals are those that the test raises: it
 * takes each that a process can take which was started with it blocked. Handlers run on
 * the thread of the test, which is not pinned to the CPUs of the loop.
 * <p>
 * {@code FileDescriptor}, {@code Device} and {@code EventFd} beans of the application are
 * replaced by a {@link TestFileDescriptor} or {@link TestEventFd} of the same name, a
 * {@code ListeningSocket} by one to which the test {@linkplain TestMainLoop#connect
 * connects}, and what would have opened them is not called. A {@code MainLoop} bean of
 * the application's own is left out.
 * <p>
 * The operations of {@code AsyncFiles} are carried out by {@code java.nio.file} as they
 * are begun, on the thread of the test, and complete in that order.
 * <p>
 * Together with {@code @SpringBootTest} it tests the whole application. With
 * {@code @SpringJUnitConfig} it brings the main loop to those event handlers that the
 * test names.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
public @interface AutoConfigureTestMainLoop {

}
