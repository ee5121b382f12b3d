package dev.mainloop.autoconfigure;

import dev.mainloop.file.AsyncFiles;
import dev.mainloop.handler.Placement;

/**
 * Changes what the files of a loop are made with, after the properties. Beans of this
 * type are called in their order for each loop whose files are asked for.
 */
@FunctionalInterface
public interface AsyncFilesBuilderCustomizer {

	/**
	 * Changes a builder.
	 * @param place the place of the loop among those of the application
	 * @param builder makes the files of the loop
	 */
	void customize(Placement place, AsyncFiles.Builder builder);

}
