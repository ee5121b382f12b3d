/**
 * Micrometer's observations of the calls of handlers.
 */
@NullMarked
package dev.mainloop.observation;

import org.jspecify.annotations.NullMarked;
