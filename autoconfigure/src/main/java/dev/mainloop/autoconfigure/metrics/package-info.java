/**
 * Auto-configuration for the metrics of the main loop.
 */
@NullMarked
package dev.mainloop.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
