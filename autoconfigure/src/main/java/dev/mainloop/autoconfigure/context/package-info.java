/**
 * Auto-configuration for the propagation of context to the main loop's handlers.
 */
@NullMarked
package dev.mainloop.autoconfigure.context;

import org.jspecify.annotations.NullMarked;
