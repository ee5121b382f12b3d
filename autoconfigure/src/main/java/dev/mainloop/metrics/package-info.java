/**
 * The metrics of the main loop.
 */
@NullMarked
package dev.mainloop.metrics;

import org.jspecify.annotations.NullMarked;
