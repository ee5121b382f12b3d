/**
 * Auto-configuration for the observations of the main loop's handlers.
 */
@NullMarked
package dev.mainloop.autoconfigure.observation;

import org.jspecify.annotations.NullMarked;
