package dev.mainloop.testing.container;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Marks tests that run on any host and start containers of their own. They are skipped
 * where there is no engine, or where no containers are wanted.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Tag("container")
@EnabledIf("dev.mainloop.testing.container.LinuxTestMode#mayUseContainers")
public @interface ContainerTest {

}
