/**
 * Finds the annotated methods of event handlers and binds them to the main loop.
 */
@NullMarked
package dev.mainloop.handler;

import org.jspecify.annotations.NullMarked;
