/**
 * The main loop: one thread that waits for events and runs their handlers in turn.
 */
@NullMarked
package dev.mainloop;

import org.jspecify.annotations.NullMarked;
