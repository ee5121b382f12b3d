/**
 * The health of the main loop.
 */
@NullMarked
package dev.mainloop.health;

import org.jspecify.annotations.NullMarked;
