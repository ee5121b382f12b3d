/**
 * Micrometer's observations of the calls of handlers, and its propagation of context to
 * them.
 */
@NullMarked
package dev.mainloop.observation;

import org.jspecify.annotations.NullMarked;
