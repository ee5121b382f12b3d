package dev.mainloop.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.mainloop.watch.FileChange;
import dev.mainloop.watch.WatchScope;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Has a method of an {@link EventHandler} called when a file changes, or what is in a
 * directory, see {@link dev.mainloop.watch.FileWatcher}. What is watched need not be
 * there, nor the directories on the way to it, and symbolic links on the way may be
 * swapped, as Kubernetes does to update a volume.
 * <p>
 * The method may take the {@link FileChange}, the {@link java.nio.file.Path} that has
 * changed, and the {@link dev.mainloop.watch.FileWatcher}, to pause or close it.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
@Repeatable(OnFileChange.List.class)
public @interface OnFileChange {

	/**
	 * Sets what is watched.
	 * @return a path, which may be relative to the working directory, or a URL that
	 * begins with {@code file:}, or a placeholder for it
	 */
	String value();

	/**
	 * Sets what of that is watched.
	 * @return the file, the directory or the tree of directories at the path
	 */
	WatchScope scope() default WatchScope.FILE;

	/**
	 * Sets which changes the method is called for.
	 * @return the kinds of changes
	 */
	FileChange.Kind[] kinds() default { FileChange.Kind.WRITTEN, FileChange.Kind.MOVED_IN, FileChange.Kind.DELETED };

	/**
	 * Sets for how long nothing must have happened to a file until the method is called
	 * for it, once for all that has.
	 * @return a duration such as {@code 500ms}, or a placeholder for it, or empty to call
	 * it for each change
	 */
	String settle() default "";

	/**
	 * Sets whether the method is called for what is there already when it begins to be
	 * watched, with {@link FileChange.Kind#FOUND}.
	 * @return {@code true} if it is called for that
	 */
	boolean initial() default false;

	/**
	 * Sets whether the application fails to start where the kernel refuses to watch, as
	 * too much is watched already or a directory may not be read.
	 * @return {@code false} if the method is not called there, which the log says
	 */
	boolean required() default true;

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
		OnFileChange[] value();

	}

}
