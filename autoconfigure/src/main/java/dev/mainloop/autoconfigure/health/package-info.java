/**
 * Auto-configuration for the health of the main loop.
 */
@NullMarked
package dev.mainloop.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
