/**
 * Auto-configuration for the main loop and its event handlers.
 */
@NullMarked
package dev.mainloop.autoconfigure;

import org.jspecify.annotations.NullMarked;
