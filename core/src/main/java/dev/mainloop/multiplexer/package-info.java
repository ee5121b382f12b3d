/**
 * The I/O multiplexer, the one place in which the main loop blocks.
 */
@NullMarked
package dev.mainloop.multiplexer;

import org.jspecify.annotations.NullMarked;
